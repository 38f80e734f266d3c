/** Native routes of URL groups: stored lists of rules that goals refer to by key. */
import { Type } from '@sinclair/typebox';
import type { Route } from './dialect.ts';
import { UrlRuleSchema } from './goal-schema.ts';
import { siteOf } from './native-sites.ts';
import { created, defineRoute, GONE, ok } from './route.ts';

const tag = 'URL groups';
const BASE = '/api/sites/:site/url-groups';

const members = { name: Type.String(), rules: Type.Array(UrlRuleSchema) };
const GroupSchema = Type.Object({ key: Type.String(), ...members }, { additionalProperties: false });

export const GROUP_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: BASE,
    scope: 'goals:read',
    tag,
    summary: 'Lists the URL groups of a site.',
    answers: { 200: Type.Object({ url_groups: Type.Array(GroupSchema), next: Type.Null() }) },
    run: async (call) => ok({ url_groups: await call.backend.urlGroups.list(siteOf(call).id), next: null }),
  }),
  defineRoute({
    method: 'POST',
    path: BASE,
    scope: 'goals:write',
    tag,
    summary: 'Creates a URL group.',
    body: GroupSchema,
    answers: { 201: GroupSchema },
    async run(call) {
      const site = siteOf(call);
      const group = await call.backend.urlGroups.create(site.id, call.body, { origin: call.principal.actor });
      return created(group, `/api/sites/${site.id}/url-groups/${group.key}`);
    },
  }),
  defineRoute({
    method: 'GET',
    path: `${BASE}/:key`,
    scope: 'goals:read',
    tag,
    summary: 'Shows a URL group.',
    answers: { 200: GroupSchema },
    run: async (call) => ok(await call.backend.urlGroups.get(siteOf(call).id, keyOf(call.params))),
  }),
  defineRoute({
    method: 'PUT',
    path: `${BASE}/:key`,
    scope: 'goals:write',
    tag,
    summary: 'Creates or replaces a URL group; goals that use it follow, with what they counted before.',
    body: Type.Object({ key: Type.Optional(Type.String()), ...members }, { additionalProperties: false }),
    answers: { 200: GroupSchema },
    async run(call) {
      const group = { ...call.body, key: keyOf(call.params) };
      return ok(await call.backend.urlGroups.put(siteOf(call).id, group, { origin: call.principal.actor }));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${BASE}/:key`,
    scope: 'goals:write',
    tag,
    summary: 'Removes a URL group that no goal uses.',
    answers: { 204: null },
    async run(call) {
      await call.backend.urlGroups.remove(siteOf(call).id, keyOf(call.params), { origin: call.principal.actor });
      return GONE;
    },
  }),
];

function keyOf(params: unknown): string {
  return (params as { key: string }).key;
}
