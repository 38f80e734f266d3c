/** `POST …/diagnosis`: looks at a page of the site, as `goalpost doctor` does, for people at the dashboard. */
import { Type } from '@sinclair/typebox';
import type { Route } from './dialect.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute, ok } from './route.ts';

export const DIAGNOSIS_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/sites/:site/diagnosis',
    // It makes the server ask other hosts, if only those that an owner gave the site.
    scope: 'admin',
    tag: 'Sites',
    summary: 'Looks at a page of the site and says whether the script is on it and may run, with the cure.',
    body: Type.Object({ page: Type.Optional(Type.String({ maxLength: 2_000 })) }, { additionalProperties: false }),
    empty_body: true,
    answers: {
      200: Type.Object({
        findings: Type.Array(Type.Object({ check: Type.String(), ok: Type.Boolean(), text: Type.String() })),
      }),
    },
    async run(call) {
      const site = siteOf(call);
      const { page = `https://${site.domains[0]}/` } = call.body;
      const hosts = [...site.domains, ...site.allowed_hosts];
      const mayAsk = ({ hostname }: URL) => hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
      // Reading HTML is loaded by those who ask for it.
      const { lookAtPage } = await import('./page-findings.ts');
      return ok({ findings: await lookAtPage({ page, base: call.base_url, site, mayAsk }) });
    },
  }),
];
