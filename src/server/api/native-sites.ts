/** Native routes of sites. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { Call, Route } from './dialect.ts';
import { created, defineRoute, GONE, ok } from './route.ts';
import { pinnedTracker } from './script-files.ts';
import { NewSiteSchema, SiteListSchema, SitePatchSchema, SiteSchema } from './site-schema.ts';

const tag = 'Sites';

const SnippetSchema = Type.Object({
  html: Type.String({ description: 'Follows upgrades.' }),
  pinned: Type.String({ description: 'This very release, which the page checks by its hash.' }),
  url: Type.String({ description: 'The base URL in it: where browsers reach this server.' }),
});

/** Only who may touch every site may make, remove or widen one. */
export function requireAccount({ principal }: Call): void {
  if (principal.site_id !== null) {
    throw new Problem('forbidden', 'This needs a key of the whole account, not of one site.');
  }
}

/** The site that authorisation found; routes without one never ask. */
export function siteOf(call: Call) {
  if (call.site === undefined) throw new Error('The route has no site.');
  return call.site;
}

export const SITE_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/sites',
    scope: 'goals:read',
    tag,
    summary: 'Lists the sites that the key may see, oldest first.',
    answers: { 200: SiteListSchema },
    async run({ backend, principal }) {
      const sites = await backend.sites.list();
      const seen = sites.filter((site) => principal.site_id === null || principal.site_id === site.id);
      return ok({ sites: seen, next: null });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/sites',
    scope: 'admin',
    tag,
    summary: 'Adds a site. Needs a key of the account.',
    body: NewSiteSchema,
    answers: { 201: SiteSchema },
    async run(call) {
      requireAccount(call);
      const site = await call.backend.sites.create(call.body, { origin: call.principal.actor });
      return created(site, `/api/sites/${site.id}`);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/sites/:site',
    scope: 'goals:read',
    tag,
    summary: 'Shows a site; `:site` is its id, its public key or one of its domains, here and everywhere.',
    answers: { 200: SiteSchema },
    run: async (call) => ok(siteOf(call)),
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/sites/:site',
    scope: 'admin',
    tag,
    summary: 'Changes the fields that are sent.',
    body: SitePatchSchema,
    answers: { 200: SiteSchema },
    run: async (call) =>
      ok(await call.backend.sites.update(siteOf(call).id, call.body, { origin: call.principal.actor })),
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/sites/:site',
    scope: 'admin',
    tag,
    summary: 'Removes a site with its keys; its domains are free again. Needs a key of the account.',
    answers: { 204: null },
    async run(call) {
      requireAccount(call);
      await call.backend.sites.remove(siteOf(call).id, { origin: call.principal.actor });
      return GONE;
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/api/sites/:site/snippet',
    scope: 'goals:read',
    tag,
    summary: 'The lines to put into the pages of the site.',
    answers: { 200: SnippetSchema },
    async run(call) {
      const url = call.base_url;
      const { path, integrity } = pinnedTracker();
      const line = (src: string, more = '') =>
        `<script defer src="${url}${src}"${more} data-site="${siteOf(call).key}"></script>`;
      const pinned = line(path, ` integrity="${integrity}" crossorigin="anonymous"`);
      return ok({ html: line('/tracker.js'), pinned, url });
    },
  }),
];
