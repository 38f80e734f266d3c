/** The OpenAPI document knows every route and says what it needs. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../src/core/problem.ts';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import { native } from '../../../src/server/api/dialects/native.ts';
import { FRONT_ROUTES } from '../../../src/server/api/front-routes.ts';
import { compileSchema } from '../../../src/server/api/validate.ts';
import { startTestServer, type TestServer } from './running-server.ts';

interface Content {
  content?: Record<string, { schema: object }>;
}
interface Operation {
  security?: unknown[];
  requestBody?: Content;
  responses: Record<string, Content>;
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
    for (const route of [...DIALECTS.flatMap((dialect) => dialect.routes), ...FRONT_ROUTES]) {
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      const operation = document.paths[path]?.[route.method.toLowerCase()];
      expect([route.method, path, operation !== undefined]).toEqual([route.method, path, true]);
      expect([path, JSON.stringify(operation?.security)]).toEqual([path, route.scope === null ? '[]' : undefined]);
      expect([path, operation?.requestBody !== undefined]).toEqual([path, route.body !== null]);
    }
  });

  // Servers compile a schema when it is first needed, so that starting does not show it.
  test('has no route whose schema cannot be compiled', () => {
    for (const route of DIALECTS.flatMap((dialect) => dialect.routes)) {
      for (const [httpPart, schema] of Object.entries({ body: route.body, querystring: route.query })) {
        if (!schema) continue;
        const validate = compileSchema({ schema, httpPart, method: route.method, url: route.path });
        expect([route.path, typeof validate({})]).toEqual([route.path, 'boolean']);
      }
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

describe('what no route of the framework answers', () => {
  /** Whether a value is what the document says of a part of an operation. */
  function fitting(part: Content | undefined) {
    const fits = new Ajv2020({ strict: false }).compile(part?.content?.['application/json']?.schema ?? false);
    return (value: unknown): unknown => fits(value) || fits.errors;
  }

  test('takes the batches that the document describes, refuses others, and answers as it says', async () => {
    const { id } = (await server.addSite('front.example')).site;
    const { requestBody, responses } = document.paths['/e']?.post ?? { responses: {} };
    const [fits, accepted, refused] = [requestBody, responses[202], responses.default].map(fitting);
    const seen = { i: 'v1', pv: 'v1', n: '$pageview', a: 0, u: 'https://front.example/', vk: 1, l: 'en', w: 800 };
    const sale = { i: 'e1', pv: 'v1', n: 'sale', g: ['goal_x', ['goal_y', '9', 'EUR']], m: '9.90', p: { plan: 'pro' } };
    const own = { v: 1, s: 'front.example', t: Date.now(), r: 0, e: [seen, sale] };
    const foreign = { website_id: id, type: 'pageview', url: '/' };
    const bodies: [body: unknown, status: number][] = [
      [own, 202],
      [{ v: 1, e: [seen] }, 202],
      [{ ...own, e: Array.from({ length: 100 }, (_, at) => ({ ...seen, i: `v${at}` })) }, 202],
      [{ ...own, e: Array.from({ length: 101 }, (_, at) => ({ ...seen, i: `v${at}` })) }, 413],
      [{ ...own, v: 2 }, 400],
      [{ ...own, e: seen }, 400],
      [{}, 400],
      [7, 400],
      [foreign, 202],
      [[foreign], 202],
      [[7], 400],
      [[{ ...foreign, website_id: 7 }], 400],
    ];
    for (const [body, status] of bodies) {
      const answer = await server.ask('POST', '/e', { body });
      expect([body, answer.status, fits?.(body) === true]).toEqual([body, status, status === 202]);
      if (status === 202) expect([body, accepted?.(answer.json())]).toEqual([body, true]);
      else if (!JSON.stringify(body).startsWith('[')) expect([body, refused?.(answer.json())]).toEqual([body, true]);
    }
  });

  test('answers plans as the document describes them', async () => {
    const { site, key } = await server.addSite('plan.example');
    const goals = [
      { name: 'A', trigger: { type: 'element_click', selector: '#a' }, properties: { plan: 'pro' } },
      { name: 'B', trigger: { type: 'pageview', url: { match: 'path', value: '/b/*' } }, count: 'once_per_session' },
    ];
    await server.ask('POST', `/api/sites/${site.id}/goals/many`, { key, body: { goals } });
    const { responses } = document.paths['/plan/{site}']?.get ?? { responses: {} };
    const plan = (await server.ask('GET', `/plan/${site.key}`)).json<{ g: unknown[] }>();
    expect([plan.g.length, fitting(responses[200])(plan)]).toEqual([2, true]);
    expect(fitting(responses[200])({ ...plan, g: [{}] })).not.toBe(true);
    const unknown = await server.ask('GET', '/plan/nobody.example');
    expect([unknown.status, fitting(responses.default)(unknown.json())]).toEqual([404, true]);
  });
});

describe('the reference page', () => {
  test('has every native route and every problem, and no script', async () => {
    const page = await server.ask('GET', '/api/docs');
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/<script|style=|<style/);
    for (const route of [...native.routes, ...FRONT_ROUTES]) expect(page.text).toContain(`<code>${route.path}</code>`);
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
