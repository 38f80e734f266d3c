/** The OpenAPI document knows every route and says what it needs. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../src/core/problem.ts';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import { native } from '../../../src/server/api/dialects/native.ts';
import { startTestServer, type TestServer } from './running-server.ts';

interface Operation {
  security?: unknown[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}

let server: TestServer;
let document: { openapi: string; paths: Record<string, Record<string, Operation>> };

beforeAll(async () => {
  server = await startTestServer();
  document = (await server.ask('GET', '/api/openapi.json')).json();
});
afterAll(() => server.remove());

describe('the OpenAPI document', () => {
  test('has every route of every dialect, and says which need no key', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const route of DIALECTS.flatMap((dialect) => dialect.routes)) {
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[route.method.toLowerCase()];
      expect([route.method, path, operation !== undefined]).toEqual([route.method, path, true]);
      expect([path, JSON.stringify(operation?.security)]).toEqual([path, route.scope === null ? '[]' : undefined]);
      expect([path, operation?.requestBody !== undefined]).toEqual([path, route.body !== null]);
    }
  });

  test('describes what is answered', async () => {
    const { site, key } = await server.addSite('shop.example');
    const base = `/api/sites/${site.id}`;
    const trigger = { type: 'pageview', url: { match: 'regex', value: '.*thank-you.*' } };
    const { id } = (await server.ask('POST', `${base}/goals`, { key, body: { name: 'Buy', trigger } })).json<{
      id: string;
    }>();
    const other = { name: 'Other', key: 'other', trigger: { type: 'engagement' } };
    expect((await server.ask('POST', `${base}/goals`, { key, body: other })).status).toBe(201);
    const paths: Record<string, string> = {
      '/api/sites': '/api/sites',
      '/api/sites/:site': base,
      '/api/sites/:site/goals': `${base}/goals`,
      '/api/sites/:site/goals/:goal': `${base}/goals/${id}`,
      '/api/sites/:site/goals/:goal/versions': `${base}/goals/${id}/versions`,
      '/api/sites/:site/goals/:goal/stats': `${base}/goals/${id}/stats`,
      '/api/sites/:site/goals/stats': `${base}/goals/stats`,
      '/api/sites/:site/goals/:goal/timeseries': `${base}/goals/${id}/timeseries`,
      '/api/sites/:site/goals/:goal/breakdown': `${base}/goals/${id}/breakdown?by=country`,
      '/api/sites/:site/goals/:goal/attribution': `${base}/goals/${id}/attribution`,
      '/api/sites/:site/goals/:goal/conversions': `${base}/goals/${id}/conversions`,
      '/api/sites/:site/goals/:goal/backfill': `${base}/goals/${id}/backfill`,
      '/api/sites/:site/funnels': `${base}/funnels?goals=buy,other`,
      '/api/sites/:site/url-groups': `${base}/url-groups`,
      '/api/sites/:site/export': `${base}/export`,
      '/api/sites/:site/drops': `${base}/drops`,
      '/api/sites/:site/snippet': `${base}/snippet`,
    };
    const ajv = new Ajv2020({ strict: false, discriminator: true });
    for (const [path, asked] of Object.entries(paths)) {
      const route = native.routes.find((found) => found.method === 'GET' && found.path === path);
      const answer = await server.ask('GET', asked, { key });
      const fits = ajv.compile(route?.answers[200] ?? false);
      expect([path, fits(answer.json()), fits.errors ?? []]).toEqual([path, true, []]);
    }
  });
});

describe('the reference page', () => {
  test('has every native route and every problem, and no script', async () => {
    const page = await server.ask('GET', '/api/docs');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script|style=|<style/);
    for (const route of native.routes) expect(page.text).toContain(`<code>${route.path}</code>`);
    for (const code of Object.keys(PROBLEMS)) expect(page.text).toContain(`id="${code}"`);
  });
});

describe('paths that lead nowhere', () => {
  test('are refused in the shape of the dialect whose prefix they have', async () => {
    for (const dialect of DIALECTS) {
      for (const prefix of dialect.prefixes) {
        const path = prefix === '/' ? '/api/nowhere' : `${prefix}/no/such/path/anywhere`;
        const answer = await server.ask('GET', path);
        expect([path, answer.status]).toEqual([path, 404]);
        expect(() => answer.json()).not.toThrow();
      }
    }
  });
});
