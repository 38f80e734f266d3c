/** Native routes of share links: made, listed, revoked; and what whoever has one asks first. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { Route } from './dialect.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute, GONE, ok } from './route.ts';

const tag = 'Share links';
const BASE = '/api/sites/:site/share-links';

const link = {
  id: Type.String(),
  site_id: Type.String(),
  name: Type.String(),
  created_at: Type.Integer({ description: 'Milliseconds since 1970 UTC.' }),
  expires_at: Type.Union([Type.Integer(), Type.Null()], { description: 'null: until it is revoked.' }),
};
const LinkSchema = Type.Object(link);
const NewLinkSchema = Type.Object(
  {
    name: Type.Optional(Type.String({ description: 'Whom it is for.' })),
    expires_at: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
  },
  { additionalProperties: false },
);
const MadeLinkSchema = Type.Object({
  ...link,
  url: Type.String({ description: 'Shown this once; whoever has it sees the statistics.' }),
});
/** Of a site only what its statistics are told with: no addresses of offices, no keys. */
const SharedSiteSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  domains: Type.Array(Type.String()),
  timezone: Type.String(),
  currency: Type.String(),
});

export const SHARE_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: BASE,
    scope: 'admin',
    tag,
    summary: 'Lists the share links of a site, newest first, without their secrets.',
    answers: { 200: Type.Object({ links: Type.Array(LinkSchema), next: Type.Null() }) },
    run: async (call) => ok({ links: await call.backend.shareLinks.list(siteOf(call).id), next: null }),
  }),
  defineRoute({
    method: 'POST',
    path: BASE,
    scope: 'admin',
    tag,
    summary: 'Makes a link that shows the statistics of a site, and nothing else, to whoever has it.',
    body: NewLinkSchema,
    answers: { 201: MadeLinkSchema },
    async run(call) {
      const origin = { origin: call.principal.actor };
      const { token, ...made } = await call.backend.shareLinks.create(siteOf(call).id, call.body, origin);
      return { status: 201, body: { ...made, url: `${call.base_url}/share/${token}` } };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: `${BASE}/:link`,
    scope: 'admin',
    tag,
    summary: 'Revokes a share link at once.',
    answers: { 204: null },
    async run(call) {
      const { link: id } = call.params as { link: string };
      await call.backend.shareLinks.revoke(siteOf(call).id, id, { origin: call.principal.actor });
      return GONE;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/share',
    scope: 'stats:read',
    shared: true,
    tag,
    summary: 'The site that a share link shows; its secret is sent as a key is.',
    answers: { 200: SharedSiteSchema },
    async run({ backend, principal }) {
      const site = principal.site_id === null ? undefined : backend.registry.find(principal.site_id)?.site;
      if (site === undefined) throw new Problem('unknown_site', 'Only a link or a key of one site shows one.');
      const { id, name, domains, timezone, currency } = site;
      return ok({ id, name, domains, timezone, currency });
    },
  }),
];
