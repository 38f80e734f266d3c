/** Plausible's plugins API as its clients use it, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';

const GOALS = '/api/plugins/v1/goals';
const NO_PAGES = { pagination: { has_next_page: false, has_prev_page: false, links: {} } };

interface Listed {
  goals: { goal_type: string; goal: { id: number; display_name: string } & Record<string, unknown> }[];
  meta: { pagination: { has_next_page: boolean; has_prev_page: boolean; links: Record<string, { url: string }> } };
}

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

const event = (event_name: unknown, more = {}) => ({ goal_type: 'Goal.CustomEvent', goal: { event_name, ...more } });
const page = (path: unknown, more = {}) => ({ goal_type: 'Goal.Pageview', goal: { path, ...more } });
const revenue = (event_name: unknown, currency: unknown) => ({
  goal_type: 'Goal.Revenue',
  goal: { event_name, currency },
});
const detailsOf = (text: string) =>
  (JSON.parse(text) as { errors: { detail: string }[] }).errors.map(({ detail }) => detail);

describe('a goal that is put', () => {
  test('is answered as a list with its place', async () => {
    const { key } = await newSite();
    const answer = await put(key, event(' Signup '));
    const { goals } = answer.json<Listed>();
    const id = goals[0]?.goal.id;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('location')).toBe(`${server.url}${GOALS}/${id}`);
    expect(answer.json()).toEqual({
      goals: [
        {
          goal_type: 'Goal.CustomEvent',
          goal: { id, display_name: 'Signup', event_name: 'Signup', custom_props: {} },
        },
      ],
      meta: NO_PAGES,
    });
  });

  test('is the same goal when it is put again', async () => {
    const { key } = await newSite();
    const [first, second] = [await put(key, page('/pricing')), await put(key, page(' pricing'))];
    expect([second.status, second.text]).toEqual([201, first.text]);
  });

  test('is found by Basic and by Bearer', async () => {
    const { key, site } = await newSite();
    const account = await server.addKey(null, ['goals:read']);
    for (const user of [site.domains[0], site.id, site.key]) {
      const authorization = `Basic ${Buffer.from(`${user}:${account}`).toString('base64')}`;
      expect((await server.ask('GET', GOALS, { headers: { authorization } })).status).toBe(200);
    }
    expect((await server.ask('GET', GOALS, { key })).status).toBe(200);
    expect((await server.ask('GET', `${GOALS}?site_id=${site.domains[0]}`, { key: account })).status).toBe(200);
    expect((await server.ask('GET', GOALS, { key: account })).status).toBe(401);
  });

  test('may be one of eight, each with its place', async () => {
    const { key } = await newSite();
    const wanted = [...'abcdef']
      .map((name) => event(name))
      .concat([page('/x') as never, revenue('Buy', 'eur') as never]);
    const answer = await put(key, { goals: wanted });
    expect(answer.status).toBe(201);
    expect(answer.json<Listed>().goals.map(({ goal_type }) => goal_type)).toEqual(wanted.map((one) => one.goal_type));
    expect(answer.json<Listed>().goals[7]?.goal).toMatchObject({ event_name: 'Buy', currency: 'EUR' });
    expect(answer.headers.get('location')?.split(', ')).toHaveLength(8);
  });

  test('is made with none of the others when one is refused', async () => {
    const { key } = await newSite();
    const answer = await put(key, { goals: [event('a'), event('engagement')] });
    expect(answer.status).toBe(422);
    expect((await server.ask('GET', GOALS, { key })).json<Listed>().goals).toEqual([]);
  });

  test('keeps custom properties, and other properties find it too', async () => {
    const { key } = await newSite();
    const first = await put(key, event('Signup', { custom_props: { plan: 'pro' } }));
    expect(first.json<Listed>().goals[0]?.goal.custom_props).toEqual({ plan: 'pro' });
    expect((await put(key, event('Signup', { custom_props: { plan: 'free' } }))).text).toBe(first.text);
  });

  test('is the revenue goal of its name where there is one', async () => {
    const { key } = await newSite();
    const first = await put(key, revenue('Purchase', 'EUR'));
    expect((await put(key, event('Purchase'))).text).toBe(first.text);
    expect((await put(key, revenue('Purchase', 'EUR'))).text).toBe(first.text);
    const other = await put(key, revenue('Purchase', 'USD'));
    expect([other.status, detailsOf(other.text)]).toEqual([
      422,
      ["event_name: 'Purchase' (with currency: EUR) has already been taken"],
    ]);
    await put(key, event('Signup'));
    expect((await put(key, revenue('Signup', 'EUR'))).status).toBe(422);
  });

  test('is one goal for two hundred who put it at once', async () => {
    const { key } = await newSite();
    const answers = await Promise.all(Array.from({ length: 200 }, () => put(key, event('Rush'))));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await server.ask('GET', GOALS, { key })).json<Listed>().goals).toHaveLength(1);
  });
});

describe('a goal that is refused', () => {
  const cases: [request: unknown, status: number, details: string[]][] = [
    [event('x'.repeat(120)), 201, []],
    [event('x'.repeat(121)), 422, ['event_name: should be at most 120 character(s)']],
    [event('engagement'), 422, ["event_name: The event name 'engagement' is reserved and cannot be used as a goal"]],
    [
      event('  '),
      422,
      [
        'event_name: this field is required and cannot be blank',
        'page_path: this field is required and cannot be blank',
      ],
    ],
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

describe('goals that are listed', () => {
  test('come newest first, in pages that lead to each other', async () => {
    const { key } = await newSite();
    for (let at = 0; at < 12; at += 1) await put(key, event(`e${at}`));
    const first = (await server.ask('GET', GOALS, { key })).json<Listed>();
    expect(first.goals.map(({ goal }) => goal.display_name)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((at) => `e${at}`),
    );
    expect([first.meta.pagination.has_next_page, first.meta.pagination.has_prev_page]).toEqual([true, false]);
    const next = first.meta.pagination.links.next?.url ?? '';
    expect(next.startsWith(`${server.url}${GOALS}?`)).toBe(true);
    const second = (await server.ask('GET', next.slice(server.url.length), { key })).json<Listed>();
    expect(second.goals.map(({ goal }) => goal.display_name)).toEqual(['e1', 'e0']);
    expect([second.meta.pagination.has_next_page, second.meta.pagination.has_prev_page]).toEqual([false, true]);
    const back = second.meta.pagination.links.prev?.url.slice(server.url.length) ?? '';
    expect((await server.ask('GET', back, { key })).json<Listed>().goals).toEqual(first.goals);
  });

  test.each([
    ['1', 1],
    ['11', 11],
    ['0', 10],
    ['101', 10],
    ['many', 10],
  ])('number with limit=%s: %i', async (limit, count) => {
    const { key } = await newSite();
    const wanted = Array.from({ length: 12 }, (_, at) => event(`e${at}`));
    await put(key, { goals: wanted.slice(0, 8) });
    await put(key, { goals: wanted.slice(8) });
    expect((await server.ask('GET', `${GOALS}?limit=${limit}`, { key })).json<Listed>().goals).toHaveLength(count);
  });

  test('are shown one by one', async () => {
    const { key } = await newSite();
    const id = (await put(key, page('/checkout'))).json<Listed>().goals[0]?.goal.id;
    const shown = await server.ask('GET', `${GOALS}/${id}`, { key });
    expect([shown.status, shown.json()]).toEqual([
      200,
      {
        goal_type: 'Goal.Pageview',
        goal: { id, display_name: 'Visit /checkout', path: '/checkout', custom_props: {} },
      },
    ]);
    const unknown = await server.ask('GET', `${GOALS}/99999999`, { key });
    expect([unknown.status, detailsOf(unknown.text)]).toEqual([404, ['Plugins API: resource not found']]);
    const hello = await server.ask('GET', `${GOALS}/hello`, { key });
    expect([hello.status, detailsOf(hello.text)]).toEqual([422, ['Invalid integer. Got: string']]);
    const nowhere = await server.ask('GET', '/api/plugins/v1/nothing', { key });
    expect([nowhere.status, detailsOf(nowhere.text)]).toEqual([404, ['Plugins API: resource not found']]);
  });

  test('of another site are unknown', async () => {
    const [mine, other] = [await newSite(), await newSite()];
    const id = (await put(mine.key, event('Mine'))).json<Listed>().goals[0]?.goal.id;
    expect((await server.ask('GET', `${GOALS}/${id}`, { key: other.key })).status).toBe(404);
    expect((await server.ask('DELETE', `${GOALS}/${id}`, { key: other.key })).status).toBe(204);
    expect((await server.ask('GET', `${GOALS}/${id}`, { key: mine.key })).status).toBe(200);
  });
});

describe('goals that are deleted', () => {
  test('are gone, and deleting them again is no fault', async () => {
    const { key } = await newSite();
    const made = (await put(key, { goals: [event('a'), event('b'), event('c')] })).json<Listed>();
    const [a, b, c] = made.goals.map(({ goal }) => goal.id);
    for (let times = 0; times < 2; times += 1) {
      const gone = await server.ask('DELETE', `${GOALS}/${a}`, { key });
      expect([gone.status, gone.text]).toEqual([204, '']);
    }
    expect((await server.ask('DELETE', GOALS, { key, body: { goal_ids: [b, c, 99999999] } })).status).toBe(204);
    expect((await server.ask('GET', GOALS, { key })).json<Listed>().goals).toEqual([]);
  });

  test.each([
    [{ goal_ids: Array.from({ length: 8 }, (_, at) => 900_000 + at) }, 204],
    [{ goal_ids: Array.from({ length: 9 }, (_, at) => 900_000 + at) }, 422],
    [{ goal_ids: ['1'] }, 422],
    [{}, 422],
  ])('as %j asks: %i', async (body, status) => {
    const { key } = await newSite();
    expect((await server.ask('DELETE', GOALS, { key, body })).status).toBe(status);
  });
});
