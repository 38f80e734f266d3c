/** Native routes of the goal picker: a token for somebody who may write goals, and the goal that it saves from a page. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { PickGrant } from '../goals/pick-tokens.ts';
import type { Backend } from './backend.ts';
import type { Answer, Call, Route } from './dialect.ts';
import { toProblem } from './handle.ts';
import { refuseNatively } from './native-credentials.ts';
import { draftOf } from './native-goals.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute } from './route.ts';

const tag = 'Picker';
const BODY_BYTES = 65_536;
/** The picker runs on the owner's site, another origin; it sends no cookie, and its token stands in the body. */
const CROSS_ORIGIN = { 'access-control-allow-origin': '*' };

/** Throws `forbidden` where whoever asked for the token may no longer write goals. */
async function checkActor({ accounts, keys }: Backend, { actor, site_id }: PickGrant): Promise<void> {
  const [kind, id] = actor.split(':');
  const isAllowed =
    kind === 'user'
      ? (await accounts.list()).some((member) => member.id === id && member.role !== 'viewer')
      : kind === 'key'
        ? (await keys.list(undefined)).some(
            (key) => key.id === id && key.revoked_at === null && (key.site_id === null || key.site_id === site_id),
          )
        : kind === 'socket';
  if (!isAllowed) throw new Problem('forbidden', 'Whoever opened the picker may not write goals any more.');
}

async function saveGoal({
  backend,
  body,
  base_url,
}: Call<unknown, unknown, { token: string; goal: unknown }>): Promise<Answer> {
  const grant = await backend.pickTokens.read(body.token);
  await checkActor(backend, grant);
  const writing = { origin: grant.actor, unique_name: true };
  const { goal } = await backend.goals.create(grant.site_id, draftOf(body.goal), writing);
  const site = backend.registry.find(grant.site_id)?.site;
  const url = `${base_url}/sites/${encodeURIComponent(site?.domains[0] ?? grant.site_id)}/goals/${goal.id}`;
  return { status: 201, headers: CROSS_ORIGIN, body: { id: goal.id, name: goal.name, url } };
}

export const PICKER_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/picker',
    scope: 'goals:write',
    tag,
    summary: 'A token with which the picker may save goals of this site for a quarter of an hour.',
    answers: { 201: Type.Object({ token: Type.String(), expires_at: Type.Integer() }) },
    async run(call) {
      const grant = { site_id: siteOf(call).id, actor: call.principal.actor };
      return { status: 201, body: await call.backend.pickTokens.make(grant) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/picker/goals',
    scope: null,
    tag,
    summary: 'Saves a goal that was pointed at on a page; the token of the body is its only key.',
    body: Type.Object(
      { token: Type.String({ maxLength: 500 }), goal: Type.Record(Type.String(), Type.Unknown()) },
      { additionalProperties: false },
    ),
    body_bytes: BODY_BYTES,
    answers: { 201: Type.Object({ id: Type.String(), name: Type.String(), url: Type.String() }) },
    async run(call) {
      try {
        return await saveGoal(call);
      } catch (error) {
        // A refusal must be readable on the owner's page too.
        const problem = toProblem(error);
        if (problem.code === 'internal') throw error;
        const { status, headers, body } = refuseNatively(problem);
        return { status, headers: { ...headers, ...CROSS_ORIGIN }, body };
      }
    },
  }),
];
