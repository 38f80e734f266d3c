/** Conversions one by one, previews and the progress of the past, over HTTP on a real server. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './running-server.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36';

let server: TestServer;
let key: string;
let site: string;
let publicKey: string;
let goal: string;

async function buy(order: string, page: string, age_ms = 1_000): Promise<void> {
  const u = `https://shop.example${page}`;
  const event = { i: randomUUID(), n: 'buy', a: -age_ms, u, m: '20.00', c: 'EUR', o: order };
  const view = { i: randomUUID(), n: '$pageview', a: -age_ms, u };
  const answer = await server.ask('POST', '/e', {
    body: { v: 1, s: publicKey, t: Date.now(), r: 1, e: [view, event] },
    headers: { 'x-forwarded-for': '198.51.100.9', 'user-agent': BROWSER },
  });
  expect([answer.status, answer.json()]).toMatchObject([202, { accepted: 2, dropped: [] }]);
}

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  ({ key } = added);
  publicKey = added.site.key;
  site = `/api/sites/${added.site.id}`;
  const body = { name: 'Bought', trigger: { type: 'revenue', name: 'buy' } };
  goal = (await server.ask('POST', `${site}/goals`, { key, body })).json<{ id: string }>().id;
  await buy('A-1', '/first', 60_000);
  await buy('A-2', '/second');
  const refund = await server.ask('POST', `${site}/refunds`, {
    key,
    body: { order_id: 'A-1', refund_id: 'R-1', amount: '5.00' },
  });
  expect(refund.status, refund.text).toBeLessThan(300);
});
afterAll(() => server.remove());

const get = (path: string) => server.ask('GET', `${site}/goals/${goal}${path}`, { key });

describe('conversions', () => {
  test('are listed newest first, with their page and money, and refunds below zero', async () => {
    const { conversions, next } = (await get('/conversions?fresh=true')).json<{
      conversions: Record<string, unknown>[];
      next: number | null;
    }>();
    expect(conversions.map(({ order_id, amount, refund }) => [order_id, amount, refund])).toEqual([
      ['A-1', '-5.00', true],
      ['A-2', '20.00', false],
      ['A-1', '20.00', false],
    ]);
    expect(conversions[1]).toMatchObject({ path: '/second', hostname: 'shop.example', currency: 'EUR', test: false });
    expect(conversions[1]).not.toHaveProperty('visitor');
    expect(next).toBeNull();
  });

  test('come by pages, filtered, and as CSV', async () => {
    const first = (await get('/conversions?limit=2')).json<{ next: number; conversions: unknown[] }>();
    expect([first.conversions.length, first.next]).toEqual([2, 2]);
    const second = (await get('/conversions?limit=2&offset=2')).json<{ next: null; conversions: unknown[] }>();
    expect([second.conversions.length, second.next]).toEqual([1, null]);
    const none = (await get('/conversions?filter_country=XX')).json<{ conversions: unknown[] }>();
    expect(none.conversions).toEqual([]);
    const csv = await get('/conversions.csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text.split('\r\n')[0]).toContain('order_id');
  });

  test('refuse more than a page', async () => {
    expect((await get('/conversions?limit=101')).status).toBe(400);
  });
});

describe('a preview', () => {
  const preview = (body: unknown) => server.ask('POST', `${site}/goals/preview`, { key, body });

  test('counts what was recorded, and names the pages', async () => {
    const trigger = { type: 'pageview', url: { match: 'starts_with', value: '/s' } };
    const answer = (await preview({ goal: { name: 'S', trigger } })).json<{ days: unknown[] }>();
    const examples = [{ text: 'shop.example/second', events: 1 }];
    expect(answer).toMatchObject({ known: true, conversions: 1, examples });
    expect(answer.days).toHaveLength(7);
  });

  test('refuses what could not be saved, by its field', async () => {
    const wrong = { name: 'S', trigger: { type: 'element_click', selector: 'div[' } };
    expect((await preview({ goal: wrong })).json()).toMatchObject({ error: { field: 'goal.trigger.selector' } });
  });
});

test('the counting of the past says how far it is', async () => {
  const { state, progress } = (await get('/backfill')).json<{ state: string; progress: number }>();
  expect(['running', 'done']).toContain(state);
  expect(progress).toBeGreaterThanOrEqual(0);
  expect(progress).toBeLessThanOrEqual(1);
  const click = { name: 'Click', trigger: { type: 'element_click', selector: '.x' } };
  const made = (await server.ask('POST', `${site}/goals`, { key, body: click })).json<{ id: string }>();
  const answer = await server.ask('GET', `${site}/goals/${made.id}/backfill`, { key });
  expect(answer.json()).toEqual({ state: 'none', progress: 1 });
});

test('a URL group that changes takes what its goals counted along', async () => {
  const group = `${site}/url-groups/shelves`;
  const put = (value: string) =>
    server.ask('PUT', group, { key, body: { name: 'Shelves', rules: [{ match: 'path', value }] } });
  await put('/first');
  const trigger = { type: 'pageview', url: { match: 'group', value: 'shelves' } };
  const body = { name: 'Saw a shelf', trigger };
  const { id } = (await server.ask('POST', `${site}/goals`, { key, body })).json<{ id: string }>();
  const counted = async () => {
    const stats = await server.ask('GET', `${site}/goals/${id}/stats?fresh=true`, { key });
    return stats.json<{ conversions: number; past_pending: boolean }>();
  };
  const settled = { timeout: 60_000 };
  await expect.poll(counted, settled).toMatchObject({ conversions: 1, past_pending: false });
  await put('/**');
  await expect.poll(counted, settled).toMatchObject({ conversions: 2, past_pending: false });
  await put('/**');
  expect(await counted()).toMatchObject({ conversions: 2, past_pending: false });
});
