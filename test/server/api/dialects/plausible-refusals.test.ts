/** What Plausible's plugins API refuses, in its own words, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';
import { detailsOf, event, GOALS, page, revenue } from './plausible-client.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

let sites = 0;
async function newSite(scopes?: string[]) {
  sites += 1;
  return server.addSite(`plausible${sites}.example`, scopes);
}

async function put(key: string, body: unknown) {
  return server.ask('PUT', GOALS, { key, body });
}

const NO_NAME = 'event_name: this field is required and cannot be blank';
const NO_PATH = 'page_path: this field is required and must start with a /';

describe('a goal that is refused', () => {
  const cases: [request: unknown, status: number, details: string[]][] = [
    [event('x'.repeat(120)), 201, []],
    [event('x'.repeat(121)), 422, ['event_name: should be at most 120 character(s)']],
    [
      event('engagement'),
      422,
      ["event_name: The event name 'engagement' is reserved and cannot be used as a goal", NO_PATH],
    ],
    [event('  '), 422, [NO_NAME, NO_PATH]],
    [event(null), 422, [NO_NAME, NO_PATH]],
    [page('  '), 422, [NO_NAME, NO_PATH]],
    [page(undefined), 422, [NO_NAME, NO_PATH]],
    [page(`/${'p'.repeat(1_999)}`), 201, []],
    [page('p'.repeat(2_000)), 422, ['page_path: should be at most 2000 character(s)']],
    [revenue('Buy', 'XYZ'), 422, ['currency: is invalid']],
    [event('p0', { custom_props: { a: '1', b: '2', c: '3' } }), 201, []],
    [
      event('p1', { custom_props: { a: '1', b: '2', c: '3', d: '4' } }),
      422,
      ['custom_props: use at most 3 properties per goal'],
    ],
    [event('p2', { custom_props: { a: 1 } }), 422, ['custom_props: must be a map with string keys and string values']],
    [event('p3', { custom_props: { ['k'.repeat(300)]: 'v'.repeat(2_000) } }), 201, []],
    [event('p4', { custom_props: { ['k'.repeat(301)]: 'v' } }), 422, ['custom_props: key length is 1..300 characters']],
    [
      event('p5', { custom_props: { k: 'v'.repeat(2_001) } }),
      422,
      ['custom_props: value length is 1..2000 characters'],
    ],
    [event('p6', { custom_props: { k: '' } }), 422, ['custom_props: value length is 1..2000 characters']],
    [
      { goals: Array.from({ length: 9 }, (_, at) => event(`e${at}`)) },
      422,
      ['Array length 9 is larger than maxItems: 8'],
    ],
    [[], 422, ['Invalid object. Got: array']],
  ];
  test.each(cases.map((one) => ({ asked: JSON.stringify(one[0]).slice(0, 80), one })))(
    'answers $asked',
    async ({ one }) => {
      const [request, status, details] = one;
      const { key } = await newSite();
      const answer = await put(key, request);
      expect(answer.status).toBe(status);
      if (status === 422) expect(detailsOf(answer.text)).toEqual(details);
    },
  );

  test('is a bad request when the body is no JSON or empty', async () => {
    const { key } = await newSite();
    expect((await server.ask('PUT', GOALS, { key, text: '{"goal_type":' })).status).toBe(400);
    const empty = await server.ask('PUT', GOALS, { key, text: '' });
    expect([empty.status >= 400 && empty.status < 500, detailsOf(empty.text).length]).toEqual([true, 1]);
  });

  test('is too large past a megabyte, in the same shape', async () => {
    const { key } = await newSite();
    const answer = await server.ask('PUT', GOALS, { key, body: event('x'.repeat(1_100_000)) });
    expect([answer.status, detailsOf(answer.text)]).toEqual([413, [expect.any(String)]]);
  });

  test('needs a plan where the site says so', async () => {
    const { key, site } = await newSite();
    const { sites: service } = server.app.backend;
    await service.update(site.id, { plan_limits: { revenue_goals: true, properties: true } }, { origin: 'test' });
    for (const wanted of [revenue('Buy', 'EUR'), event('x', { custom_props: { a: 'b' } })]) {
      const answer = await put(key, wanted);
      expect([answer.status, detailsOf(answer.text)]).toEqual([402, [expect.any(String)]]);
    }
    expect((await put(key, event('x'))).status).toBe(201);
  });

  test('is one too many after a thousand', async () => {
    const { key, site } = await newSite();
    const drafts = Array.from({ length: 999 }, (_, at) => ({ name: `e${at}`, trigger: eventTrigger(`e${at}`) }));
    await server.app.backend.goalsFromNow.createMany(site.id, drafts, { origin: 'test' });
    expect((await put(key, event('last'))).status).toBe(201);
    const answer = await put(key, page('/more'));
    expect([answer.status, detailsOf(answer.text)]).toEqual([
      422,
      ['event_name: Maximum number of goals reached', 'page_path: Maximum number of goals reached'],
    ]);
    expect((await put(key, event('last'))).status).toBe(201);
  });
});

const eventTrigger = (name: string) => ({ type: 'event', name, match: 'equals', source: 'any' });

describe('credentials', () => {
  test('that are missing, unknown or too weak are unauthorized', async () => {
    const { key, site } = await newSite(['goals:read']);
    for (const sent of [{}, { key: 'gp_nobody' }, { key }]) {
      const answer = await server.ask('PUT', GOALS, { ...sent, body: event('x') });
      expect([answer.status, answer.text]).toEqual([401, '{"errors":[{"detail":"Plugins API: unauthorized"}]}']);
      expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Plugins API Access"');
    }
    expect((await server.ask('GET', `${GOALS}?site_id=elsewhere.example`, { key })).status).toBe(401);
    expect(site.domains).toHaveLength(1);
  });

  test('may be a key of the product itself', async () => {
    const { site } = await newSite();
    const foreign = `plausible-plugin-selfhost-${site.id.toLowerCase()}`;
    const request = { site: site.id, scopes: ['goals:read'] };
    await server.app.backend.keys.importKey(foreign, request, { origin: 'test' });
    expect((await server.ask('GET', GOALS, { key: foreign })).status).toBe(200);
  });
});
