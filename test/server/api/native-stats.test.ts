/** From an event to every statistic of the native API, on a real server with real stores. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { startTestServer, type TestServer } from './running-server.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

let server: TestServer;
let key: string;
let site: string;
let publicKey: string;
let signup: Goal;
let buy: Goal;

async function visit(address: string, bought?: string): Promise<void> {
  const view = randomUUID();
  const page = { i: view, n: '$pageview', a: -200, pv: view, u: 'https://shop.example/?utm_source=news' };
  const event = (n: string, more: object) => ({ i: randomUUID(), n, a: -100, pv: view, u: page.u, ...more });
  const events = [page, event('signup', {})];
  const order = { m: bought ?? '', c: 'EUR', o: `order-${address}` };
  const all = bought === undefined ? events : [...events, event('buy', order)];
  const answer = await server.ask('POST', '/e', {
    body: { v: 1, s: publicKey, t: Date.now(), r: 1, e: all },
    headers: { 'x-forwarded-for': address, 'user-agent': BROWSER },
  });
  expect([answer.status, answer.json()]).toMatchObject([202, { accepted: all.length, dropped: [] }]);
}

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  key = added.key;
  publicKey = added.site.key;
  site = `/api/sites/${added.site.id}`;
  const make = async (name: string, type: string) =>
    (await server.ask('POST', `${site}/goals`, { key, body: { name, trigger: { type, name } } })).json<Goal>();
  signup = await make('signup', 'event');
  buy = await make('buy', 'revenue');
  await visit('198.51.100.1');
  await visit('198.51.100.2', '49.99');
  await visit('198.51.100.3', '0.01');
});
afterAll(() => server.remove());

const get = (path: string, headers: Record<string, string> = {}) =>
  server.ask('GET', `${site}${path}`, { key, headers });

describe('statistics', () => {
  test('of a goal count what was accepted a moment ago when asked to be fresh', async () => {
    const stats = await get(`/goals/${buy.id}/stats?fresh=true`);
    expect(stats.json()).toMatchObject({
      goal_id: buy.id,
      conversions: 2,
      converting_sessions: 2,
      total_sessions: 3,
      conversion_rate: 0.6667,
      prev_conversions: null,
      revenue: [{ currency: 'EUR', total: '50.00', refunded: '0.00', net: '50.00', average: '25.00' }],
    });
  });

  test('of all goals come in one answer, those without conversions too', async () => {
    await server.ask('POST', `${site}/goals`, { key, body: { name: 'never', trigger: { type: 'engagement' } } });
    const { goals } = (await get('/goals/stats?fresh=true')).json<{
      goals: { goal_id: string; conversions: number }[];
    }>();
    expect(goals.map(({ conversions }) => conversions)).toEqual([0, 2, 3]);
    expect(goals.at(-1)?.goal_id).toBe(signup.id);
  });

  test('over time add up to the goal', async () => {
    const series = (await get(`/goals/${signup.id}/timeseries?interval=hour&fresh=true`)).json<{
      points: { conversions: number }[];
    }>();
    expect(series.points.reduce((sum, point) => sum + point.conversions, 0)).toBe(3);
  });

  test('by dimension, attribution and funnels answer', async () => {
    const sources = await get(`/goals/${buy.id}/breakdown?by=utm_source&fresh=true`);
    expect(sources.json()).toMatchObject({ by: 'utm_source', rows: [{ value: 'news', conversions: 2 }], next: null });
    const credited = await get(`/goals/${buy.id}/attribution?by=utm_source&model=first`);
    expect(credited.json()).toMatchObject({ model: 'first', rows: [{ value: 'news', conversions: 2 }] });
    const funnel = await get('/funnels?goals=signup,buy');
    expect(funnel.json()).toMatchObject({
      steps: [
        { goal_id: signup.id, reached: 3, rate: 1 },
        { goal_id: buy.id, reached: 2, rate: 0.6667 },
      ],
    });
    const repeated = (await get('/funnels?goals=signup&goals=buy')).json();
    expect({ ...repeated, as_of: '' }).toEqual({ ...funnel.json(), as_of: '' });
  });

  test('come as CSV by header and by suffix', async () => {
    const path = `/goals/${buy.id}/breakdown`;
    const bySuffix = await get(`${path}.csv?by=utm_source&fresh=true`);
    const byHeader = await get(`${path}?by=utm_source`, { accept: 'text/csv' });
    expect(bySuffix.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(bySuffix.text).toContain('news');
    expect(byHeader.text).toBe(bySuffix.text);
    const [header, ...lines] = (await get('/goals/stats.csv?fresh=true')).text.trim().split('\r\n');
    expect(header).toMatch(/^goal,goal_id,.*conversions,/);
    expect(lines.some((line) => line.includes(buy.id))).toBe(true);
    expect(lines.some((line) => line.includes(signup.id))).toBe(true);
    const one = (await get(`/goals/${buy.id}/stats.csv?fresh=true`)).text.trim().split('\r\n');
    expect(one[0]).toBe(header);
    const withoutMoment = (line: string) => line.replace(/,[^,]*Z,/, ',');
    expect(lines.map(withoutMoment)).toEqual(expect.arrayContaining(one.slice(1).map(withoutMoment)));
  });

  test('of drops are of the days asked for', async () => {
    const beacon = { v: 1, s: publicKey, t: Date.now(), r: 1, e: [{ i: randomUUID(), n: '$unheard', a: 0 }] };
    await server.ask('POST', '/e', { body: beacon, headers: { 'user-agent': BROWSER } });
    const of = async (query: string) => (await get(`/drops${query}`)).json<{ totals: object[]; samples: object[] }>();
    const all = await of('');
    expect(all.totals.length).toBeGreaterThan(0);
    expect(await of('?start_date=2020-01-01')).toEqual(all);
    expect(await of('?end_date=2199-12-30')).toEqual({ totals: [], samples: [] });
    expect(await of('?start_date=2019-01-01&end_date=2019-01-31')).toEqual({ totals: [], samples: [] });
  });

  test('name the parameter that is wrong', async () => {
    const goal = `/goals/${buy.id}`;
    const wrong: [string, string][] = [
      [`${goal}/stats?start_date=31.1.2026`, 'start_date'],
      [`${goal}/stats?start_date=2026-01-02&end_date=2026-01-01`, 'end_date'],
      [`${goal}/stats?timezone=Mars/Base`, 'timezone'],
      [`${goal}/stats?filter_colour=red`, 'filter_colour'],
      [`${goal}/stats?filter_goal=goal_none`, 'filter_goal'],
      [`${goal}/stats?fresh=1`, 'fresh'],
      [`${goal}/stats?nope`, 'nope'],
      [`${goal}/timeseries?interval=year`, 'interval'],
      [`${goal}/breakdown`, 'by'],
      [`${goal}/breakdown?by=shoe`, 'by'],
      [`${goal}/breakdown?by=city&limit=0`, 'limit'],
      [`${goal}/attribution?by=page`, 'by'],
      [`${goal}/attribution?window_days=0`, 'window_days'],
      ['/funnels', 'goals'],
      ['/funnels?goals=signup', 'goals'],
      ['/funnels?goals=signup,none', 'goals'],
      ['/drops?start_date=yesterday', 'start_date'],
      ['/drops?start_date=2026-01-02&end_date=2026-01-01', 'end_date'],
      ['/drops?timezone=UTC', 'timezone'],
      ['/goals?limit=x', 'limit'],
      ['/goals?cursor=x', 'cursor'],
    ];
    for (const [path, field] of wrong) {
      const { status, text } = await get(path);
      expect([path, status, JSON.parse(text).error.code, JSON.parse(text).error.field]).toEqual([
        path,
        400,
        'invalid_parameter',
        field,
      ]);
    }
  });
});

describe('events of servers', () => {
  test('are taken, repeated ones once, bad ones dropped alone', async () => {
    const events = [
      { id: 'e-1', name: 'signup', visitor_id: 'ann' },
      { name: '$click' },
      { name: 'old', time: 1 },
      { id: 'e-2' },
      null,
    ];
    const first = await server.ask('POST', `${site}/events`, { key, body: { events } });
    expect([first.status, first.json<{ dropped: { reason: string }[] }>().dropped.map((drop) => drop.reason)]).toEqual([
      202,
      ['bad_name', 'too_old', 'bad_name', 'bad_event'],
    ]);
    const again = await server.ask('POST', `${site}/events`, { key, body: { events: events.slice(0, 1) } });
    expect(again.json()).toMatchObject({ dropped: [{ i: 'e-1', reason: 'duplicate' }] });
    const { totals } = (await get('/drops')).json<{ totals: { reason: string }[] }>();
    expect(totals.map((line) => line.reason)).toEqual(expect.arrayContaining(['bad_name', 'too_old']));
    expect((await get('/drops.csv')).text).toMatch(/^day,reason,count\r\n20\d\d-\d\d-\d\d,\w+,\d+\r\n/);
  });

  test('with an Idempotency-Key are the same when sent again', async () => {
    const sent = { key, body: { events: [{ name: 'once' }] }, headers: { 'idempotency-key': 'request-1' } };
    expect((await server.ask('POST', `${site}/events`, sent)).json()).toMatchObject({ dropped: [] });
    const again = await server.ask('POST', `${site}/events`, sent);
    expect(again.json()).toMatchObject({ dropped: [{ i: 'request-1:0', reason: 'duplicate' }] });
  });

  test('more than fit one request are refused whole', async () => {
    const events = Array.from({ length: 101 }, () => ({ name: 'x' }));
    expect((await server.ask('POST', `${site}/events`, { key, body: { events } })).status).toBe(413);
  });
});

describe('refunds', () => {
  test('take money back once, never more than was paid, and count no conversion', async () => {
    const order_id = 'order-198.51.100.2';
    const refund = (body: object) => server.ask('POST', `${site}/refunds`, { key, body: { order_id, ...body } });
    const made = await refund({ refund_id: 'r1', amount: '9.99' });
    const again = await refund({ refund_id: 'r1', amount: '9.99' });
    expect([made.status, made.json()]).toMatchObject([
      201,
      { refunds: [{ goal_id: buy.id, amount: '-9.99', currency: 'EUR' }] },
    ]);
    expect(again.json()).toEqual(made.json());
    expect((await refund({ order_id: ` ${order_id} `, refund_id: ' r1 ' })).json()).toEqual(made.json());
    expect((await refund({ refund_id: 'r2', amount: '40.01' })).status).toBe(422);
    expect((await refund({ refund_id: 'r2', amount: '-1' })).status).toBe(422);
    expect((await refund({})).json()).toMatchObject({ error: { field: 'refund_id' } });
    expect((await refund({ refund_id: 'r2', order_id: 'none' })).status).toBe(404);
    const stats = await get(`/goals/${buy.id}/stats?fresh=true`);
    expect(stats.json()).toMatchObject({
      conversions: 2,
      revenue: [{ total: '50.00', refunded: '9.99', net: '40.01' }],
    });
  });
});

describe('a goal made later', () => {
  test('counts the past unless it is told not to', async () => {
    const trigger = { type: 'event', name: 'signup' };
    const make = async (body: object) =>
      (await server.ask('POST', `${site}/goals`, { key, body: { trigger, ...body } })).json<Goal>();
    const statsOf = async ({ id }: Goal) =>
      (await get(`/goals/${id}/stats?fresh=true`)).json<{ conversions: number; past_pending: boolean }>();
    const counted = async (goal: Goal) => (await statsOf(goal)).conversions;
    const fromNow = await make({ name: 'From now', apply_to_past: false });
    const withPast = await make({ name: 'With the past' });
    const before = await counted(signup);
    // If it were false at once, what comes next would be asked too early and miss the past.
    await expect.poll(async () => (await statsOf(withPast)).past_pending).toBe(false);
    expect(await counted(withPast)).toBe(before);
    expect(await statsOf(fromNow)).toMatchObject({ conversions: 0, past_pending: false });
    const { goals } = (await get('/goals/stats')).json<{ goals: { past_pending: boolean }[] }>();
    expect(new Set(goals.map(({ past_pending }) => past_pending))).toEqual(new Set([false]));
  });
});
