/** The reference at /api/docs: one page made from the OpenAPI document and the catalogue of problems, without a script. */
import { PROBLEMS } from '../../core/problem.ts';
import type { Dialect } from './dialect.ts';
import { type DocumentedRoute, FRONT_ROUTES } from './front-routes.ts';

const STYLE = `:root{color-scheme:light dark;font:16px/1.6 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
h2{margin-top:3rem;border-bottom:1px solid #8884}
details{border:1px solid #8884;border-radius:.5rem;margin:.5rem 0;padding:.5rem .8rem}
summary{cursor:pointer}code,pre{font:14px/1.5 ui-monospace,monospace}
pre{overflow:auto;background:#8881;padding:.8rem;border-radius:.4rem}
b.m{display:inline-block;min-width:4.5rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .8rem .3rem 0;vertical-align:top;border-bottom:1px solid #8883}`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function block(title: string, schema: unknown): string {
  if (schema === null || schema === undefined) return '';
  const members = (schema as { properties?: object }).properties;
  if (members !== undefined && Object.keys(members).length === 0) return '';
  return `<p>${title}</p><pre>${escaped(JSON.stringify(schema, null, 2))}</pre>`;
}

function routeHtml(route: DocumentedRoute): string {
  const scope = route.scope === null ? 'no key' : `scope <code>${route.scope}</code>`;
  const answers = Object.entries(route.answers).map(([status, schema]) => block(`Answer ${status}`, schema));
  return `<details><summary><b class="m">${route.method}</b> <code>${escaped(route.path)}</code> – ${escaped(route.summary)}</summary>
<p>Needs ${scope}.</p>${block('Query', route.query)}${block('Body', route.body)}${answers.join('')}</details>`;
}

function groups(routes: readonly DocumentedRoute[]): [string, DocumentedRoute[]][] {
  const byTag = new Map<string, DocumentedRoute[]>();
  for (const route of routes) byTag.set(route.tag, [...(byTag.get(route.tag) ?? []), route]);
  return [...byTag];
}

/** The stylesheet has an address of its own, because the policy of every page forbids inline ones. */
export const REFERENCE_STYLE = STYLE;

/** The page. */
export function referencePage(dialects: readonly Dialect[]): string {
  const spoken = dialects.flatMap((dialect) => dialect.routes).filter((route) => route.method !== 'OPTIONS');
  const routes: readonly DocumentedRoute[] = [...spoken, ...FRONT_ROUTES];
  const sections = groups(routes).map(
    ([tag, members]) => `<h2>${escaped(tag)}</h2>${members.map(routeHtml).join('\n')}`,
  );
  const problems = Object.entries(PROBLEMS).map(
    ([code, { status, cure }]) =>
      `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${escaped(cure)}</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Goalpost API</title><link rel="stylesheet" href="/api/docs.css">
<h1>Goalpost API</h1>
<p>Send a key as <code>Authorization: Bearer gp_…</code>. The same as data: <a href="/api/openapi.json">openapi.json</a>.</p>
${sections.join('\n')}
<h2>Problems</h2><table><tr><th>Code<th>Status<th>What to do</tr>${problems.join('\n')}</table></html>`;
}
