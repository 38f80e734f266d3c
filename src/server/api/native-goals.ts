/** Native routes of goals: list, create, get, patch, delete, upsert. */
import { Type } from '@sinclair/typebox';
import type { Goal } from '../../core/goal.ts';
import { GOAL_KEY_CHARACTERS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { GoalAnswer, GoalUpdateOptions } from '../goals/goal-draft.ts';
import type { GoalService } from '../goals/goal-service.ts';
import type { Answer, Call, Route } from './dialect.ts';
import {
  GoalListQuery,
  GoalListSchema,
  GoalPatchSchema,
  GoalSchema,
  NewGoalSchema,
  StoredGoalSchema,
} from './goal-schema.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute, GONE, ok } from './route.ts';

const tag = 'Goals';
const BY_KEY = '/api/sites/:site/goals/by-key/:key';
const ByKeyParams = Type.Object({
  site: Type.String({ maxLength: 500 }),
  key: Type.String({ pattern: `^[a-z0-9_:-]{1,${GOAL_KEY_CHARACTERS}}$` }),
});

/** What the native API asks of every write: names are unique in it. */
export function writing({ principal }: Call) {
  return { origin: principal.actor, unique_name: true };
}

/** A goal of the path, by its id alone: numbers belong to other dialects. */
export function goalOf(call: Call<Record<string, string>>) {
  const goal = call.params.goal ?? '';
  if (!/^goal_[0-9a-z]{21}$/.test(goal)) throw new Problem('unknown_goal', 'The site has no such goal.');
  return { site: siteOf(call).id, goal };
}

/** What a body says of a goal; neither warnings sent back nor options are part of it. */
export function draftOf(body: unknown): Record<string, unknown> {
  const { warnings: _, apply_to_past: __, ...draft } = body as Record<string, unknown>;
  return draft;
}

/** The service for a write: by default what was recorded before counts too. */
export function goalsFor({ backend, body }: Call): GoalService {
  return (body as { apply_to_past?: boolean }).apply_to_past === false ? backend.goalsFromNow : backend.goals;
}

/** A goal as it is read, with its version for `If-Match`. */
function storedAnswer(goal: Goal): Answer {
  return { status: 200, body: goal, headers: { etag: `"${goal.version}"` } };
}

/** A goal as a write answers it, with its version for `If-Match`. */
export function goalAnswer({ goal, warnings }: Pick<GoalAnswer, 'goal' | 'warnings'>, status = 200): Answer {
  const headers: Record<string, string> = { etag: `"${goal.version}"` };
  if (status === 201) headers.location = `/api/sites/${goal.site_id}/goals/${goal.id}`;
  return { status, body: { ...goal, warnings }, headers };
}

/** The versions that `If-Match` names, one of which it must be; `*` is any version, but not none. */
export function ifMatch({ headers }: Call): Pick<GoalUpdateOptions, 'if_match'> {
  const text = headers['if-match']?.trim();
  if (text === undefined) return {};
  if (text === '*') return { if_match: 'any' };
  const tags = text.split(',').map((tag) => /^(?:W\/)?"?([1-9]\d{0,8})"?$/.exec(tag.trim())?.[1]);
  const versions = tags.filter((version) => version !== undefined).map(Number);
  if (versions.length === 0) {
    throw new Problem('precondition_failed', 'If-Match is no version of a goal.', { field: 'If-Match' });
  }
  return { if_match: versions };
}

export const GOAL_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/sites/:site/goals',
    scope: 'goals:read',
    shared: true,
    tag,
    summary: 'Lists goals, newest first, by pages.',
    query: GoalListQuery,
    answers: { 200: GoalListSchema },
    async run(call) {
      const { q, deleted, ...page } = call.query;
      const asked = { ...page, ...(q === undefined ? {} : { text: q }), deleted: deleted === 'true' };
      return ok(await call.backend.goals.list(siteOf(call).id, asked));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/goals',
    scope: 'goals:write',
    tag,
    summary: 'Creates a goal. It is in the plan of browsers at once.',
    body: NewGoalSchema,
    answers: { 201: GoalSchema },
    run: async (call) =>
      goalAnswer(await goalsFor(call).create(siteOf(call).id, draftOf(call.body), writing(call)), 201),
  }),
  defineRoute({
    method: 'GET',
    path: BY_KEY,
    scope: 'goals:read',
    shared: true,
    tag,
    summary: 'Shows the goal with this key.',
    params: ByKeyParams,
    answers: { 200: StoredGoalSchema },
    async run(call) {
      const goal = (await call.backend.goals.all(siteOf(call).id)).find(({ key }) => key === call.params.key);
      if (goal === undefined) throw new Problem('unknown_goal', `This site has no goal "${call.params.key}".`);
      return storedAnswer(goal);
    },
  }),
  defineRoute({
    method: 'PUT',
    path: BY_KEY,
    scope: 'goals:write',
    tag,
    summary:
      'Creates the goal with this key, or replaces its definition. `If-Match` as with PATCH; `If-None-Match: *` creates only.',
    params: ByKeyParams,
    body: NewGoalSchema,
    answers: { 200: GoalSchema, 201: GoalSchema },
    async run(call) {
      const { key = call.params.key } = call.body as { key?: string | null };
      if (key !== null && key.trim() !== call.params.key) {
        throw new Problem('invalid_field', 'The key is that of the path: leave it out here.', { field: 'key' });
      }
      const wanted = { key: call.params.key, input: draftOf(call.body) };
      const onlyNew = call.headers['if-none-match']?.trim() === '*' ? ({ if_match: 'none' } as const) : {};
      const options = { ...writing(call), ...ifMatch(call), ...onlyNew };
      const goal = await goalsFor(call).upsertByKey(siteOf(call).id, wanted, options);
      return goalAnswer(goal, goal.created ? 201 : 200);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/sites/:site/goals/:goal',
    scope: 'goals:read',
    shared: true,
    tag,
    summary: 'Shows a goal.',
    answers: { 200: StoredGoalSchema },
    run: async (call) => storedAnswer(await call.backend.goals.get(goalOf(call))),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/sites/:site/goals/:goal',
    scope: 'goals:write',
    tag,
    summary:
      'Changes the members that are sent; `null` restores a default. `If-Match` refuses when somebody was faster.',
    body: GoalPatchSchema,
    answers: { 200: GoalSchema },
    async run(call) {
      const options = { ...writing(call), ...ifMatch(call) };
      return goalAnswer(await goalsFor(call).update(goalOf(call), draftOf(call.body), options));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/sites/:site/goals/:goal',
    scope: 'goals:write',
    tag,
    summary: 'Deletes a goal. What it counted is hidden until it is restored.',
    answers: { 204: null },
    async run(call) {
      await call.backend.goals.remove(goalOf(call), { ...writing(call), ...ifMatch(call) });
      return GONE;
    },
  }),
];
