/** Native routes of keys and of the audit log. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { Call, Route } from './dialect.ts';
import { requireAccount } from './native-sites.ts';
import { readerOf } from './principal.ts';
import { created, defineRoute, GONE, ok } from './route.ts';
import { KeyListSchema, MadeKeySchema, NewKeySchema } from './site-schema.ts';

const tag = 'Keys';

/** The site a key is made for or listed of; a key of one site reaches no other. */
function keySite(call: Call, ref: string | null | undefined): string | null {
  const { principal, backend } = call;
  if (ref === undefined || ref === null) {
    if (ref === undefined && principal.site_id !== null) return principal.site_id;
    requireAccount(call);
    return null;
  }
  const site = backend.registry.find(ref)?.site;
  if (site === undefined) throw new Problem('unknown_site', 'There is no such site.', { field: 'site' });
  if (principal.site_id !== null && principal.site_id !== site.id) {
    throw new Problem('forbidden', 'The key belongs to another site.');
  }
  return site.id;
}

const AuditSchema = Type.Object({
  audit: Type.Array(
    Type.Object({
      number: Type.Integer(),
      at: Type.Integer(),
      actor: Type.String(),
      actor_name: Type.String({
        description: "A member's or key's name, else the id; to members the address of those without a name.",
      }),
      action: Type.String(),
      site_id: Type.Union([Type.String(), Type.Null()]),
      subject: Type.String(),
      subject_name: Type.String({ description: 'Its name, or its id where it has none.' }),
      detail: Type.Record(Type.String(), Type.Unknown()),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
});

export const KEY_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/keys',
    scope: 'admin',
    tag,
    summary: 'Lists keys without their secrets, newest first.',
    query: Type.Object({ site: Type.Optional(Type.String()) }, { additionalProperties: false }),
    answers: { 200: KeyListSchema },
    async run(call) {
      const { principal, backend, query } = call;
      const all = query.site === undefined && principal.site_id === null;
      return ok({ keys: await backend.keys.list(all ? undefined : keySite(call, query.site)), next: null });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/keys',
    scope: 'admin',
    tag,
    summary: 'Makes a key, which is shown this once, or imports one of another product with `as`.',
    body: NewKeySchema,
    answers: { 201: MadeKeySchema },
    async run(call) {
      const { as: foreign, site, ...rest } = call.body;
      const request = { ...rest, site: keySite(call, site) };
      const origin = { origin: call.principal.actor };
      const { keys } = call.backend;
      const key =
        foreign === undefined
          ? await keys.create(request, origin)
          : { ...(await keys.importKey(foreign, request, origin)), key: foreign };
      return created(key, `/api/keys/${key.id}`);
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/keys/:key',
    scope: 'admin',
    tag,
    summary: 'Revokes a key at once.',
    answers: { 204: null },
    async run(call) {
      const { backend, principal } = call;
      const id = (call.params as { key: string }).key;
      if (principal.site_id !== null) {
        const own = await backend.keys.list(principal.site_id);
        if (!own.some((key) => key.id === id)) throw new Problem('not_found', 'There is no such key.');
      }
      await backend.keys.revoke(id, { origin: principal.actor });
      return GONE;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/audit',
    scope: 'admin',
    tag: 'Audit',
    summary: 'Lists who changed what and when, newest first.',
    query: Type.Object(
      {
        site: Type.Optional(Type.String()),
        cursor: Type.Optional(Type.String()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
      },
      { additionalProperties: false },
    ),
    answers: { 200: AuditSchema },
    async run(call) {
      const { site, ...rest } = call.query;
      const page = { ...rest, reader: readerOf(call.principal) };
      const all = site === undefined && call.principal.site_id === null;
      const site_id = all ? null : keySite(call, site);
      return ok(await call.backend.audit.list(site_id === null ? page : { ...page, site_id }));
    },
  }),
];
