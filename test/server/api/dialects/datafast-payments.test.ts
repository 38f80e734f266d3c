/** DataFast's payments as its clients send them, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';

const PAYMENT = { amount: 29.99, currency: 'usd', transaction_id: 'tx_1' };

let server: TestServer;
let key: string;
let site: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

async function newSite(): Promise<void> {
  sites += 1;
  const added = await server.addSite(`pay${sites}.example`);
  key = added.key;
  site = added.site.id;
}

const pay = (change: Record<string, unknown> = {}) =>
  server.ask('POST', '/api/v1/payments', { key, body: { ...PAYMENT, ...change } });

async function counted() {
  const [goal] = await server.app.backend.goals.all(site);
  const stats = await server.ask('GET', `/api/sites/${site}/goals/${goal?.id}/stats?fresh=true`, { key });
  const { conversions, revenue } = stats.json<{ conversions: number; revenue: Record<string, string>[] }>();
  return { goal, conversions, revenue };
}

describe('a payment', () => {
  test('is an order that counts once however often it is sent', async () => {
    await newSite();
    for (let times = 0; times < 3; times += 1) {
      const answer = await pay({ email: 'Payer@Example.com', renewal: false });
      expect([answer.status, answer.json()]).toEqual([
        200,
        { status: 'success', data: [{ message: expect.any(String), transaction_id: 'tx_1' }] },
      ]);
    }
    const { goal, conversions, revenue } = await counted();
    expect(goal?.trigger).toEqual({ type: 'revenue', name: 'payment', match: 'equals', source: 'any' });
    expect(conversions).toBe(1);
    expect(revenue).toMatchObject([{ currency: 'USD', total: '29.99', refunded: '0.00' }]);
  });

  test('never stores who paid', async () => {
    await newSite();
    await pay({ email: 'Payer@Example.com', customer_id: 'cus_secret', name: 'Ann Payer' });
    await server.app.backend.collector.fresh();
    const number = server.app.backend.registry.find(site)?.site.number;
    const rows = await server.app.backend.store.query(`SELECT * FROM events WHERE site = ${number}`, []);
    const text = JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    expect(rows).toHaveLength(1);
    expect(text).toMatch(/email_hash/);
    expect(text).not.toMatch(/payer|cus_secret|Ann/i);
  });

  test('is given back when it is refunded, once', async () => {
    await newSite();
    await pay();
    for (let times = 0; times < 2; times += 1) expect((await pay({ refunded: true })).status).toBe(200);
    expect((await counted()).revenue).toMatchObject([{ total: '29.99', refunded: '29.99', net: '0.00' }]);
    await newSite();
    expect((await pay({ refunded: true })).status).toBe(200);
    expect((await counted()).revenue).toMatchObject([{ net: '0.00' }]);
  });

  test('goes by its transaction, and may come again', async () => {
    await newSite();
    await pay();
    await pay({ transaction_id: 'tx_2' });
    const remove = (query: string, body?: unknown) => server.ask('DELETE', `/api/v1/payments${query}`, { key, body });
    expect((await remove('?transaction_id=tx_1')).json()).toEqual({
      status: 'success',
      data: [{ message: expect.any(String), transaction_id: 'tx_1' }],
    });
    expect((await counted()).conversions).toBe(1);
    expect((await remove('', { transaction_id: 'tx_1' })).status).toBe(404);
    expect((await remove('')).status).toBe(400);
    await pay();
    expect((await counted()).conversions).toBe(2);
  });

  test.each([
    [{ amount: 0 }, 200],
    [{ amount: '29.99' }, 200],
    [{ amount: -1 }, 400],
    [{ amount: 'much' }, 400],
    [{ amount: undefined }, 400],
    [{ amount: 1_000_000_001 }, 400],
    [{ currency: 'XYZ' }, 400],
    [{ currency: undefined }, 400],
    [{ transaction_id: 't'.repeat(128) }, 200],
    [{ transaction_id: 't'.repeat(129) }, 400],
    [{ transaction_id: ' ' }, 400],
    [{ transaction_id: undefined }, 400],
    [{ refunded: 'yes' }, 400],
    [{ renewal: 1 }, 400],
    [{ timestamp: '2001-01-01T00:00:00Z' }, 400],
    [{ timestamp: 'soon' }, 400],
    [{ datafast_visitor_id: 'v1' }, 200],
  ])('with %o: %i', async (change, status) => {
    await newSite();
    const answer = await pay(change);
    expect(answer.status).toBe(status);
    if (status !== 200) {
      expect(answer.json()).toEqual({ status: 'error', error: { code: status, message: expect.any(String) } });
    }
  });

  test('needs a key that may send events', async () => {
    await newSite();
    const body = PAYMENT;
    const readOnly = await server.addKey(site, ['goals:read', 'stats:read']);
    expect((await server.ask('POST', '/api/v1/payments', { key: readOnly, body })).status).toBe(403);
    expect((await server.ask('POST', '/api/v1/payments', { body })).status).toBe(401);
  });
});
