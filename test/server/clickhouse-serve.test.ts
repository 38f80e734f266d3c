/** Two real server processes whose events are in one ClickHouse, which comes and goes, and their claims in one PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goalpostApi } from '../../demo/goalpost.mjs';
import { startChdb } from '../contract/chdb-server.mjs';
import { type PostgresServer, startPostgres } from '../contract/postgres-server.ts';
import { serviceForTests } from '../services.mjs';
import { adminKey, buy, plannedGoals, ServedProcesses, siteOfOrders } from './served.ts';

const programs = serviceForTests('PostgreSQL');
const library = serviceForTests('chDB');

describe.runIf(programs !== undefined && library !== undefined)('servers on ClickHouse', () => {
  const processes = new ServedProcesses();
  let postgres: PostgresServer;
  let clickhouse: Awaited<ReturnType<typeof startChdb>>;
  let environment: Record<string, string>;

  beforeAll(async () => {
    [postgres, clickhouse] = await Promise.all([startPostgres(String(programs)), startChdb(library as string)]);
    environment = {
      GOALPOST_CONFIG: await postgres.createDatabase(),
      GOALPOST_EVENTS: await clickhouse.createDatabase(),
      GOALPOST_RATE_LIMIT: 'off',
    };
  });
  afterAll(async () => {
    await processes.end();
    await postgres.remove();
    await clickhouse.remove();
  });

  test('count an order once whoever hears of it, take events while it is away, and lose nothing', async () => {
    const [one, two] = [await processes.start(environment), await processes.start(environment)];
    const key = await adminKey(one);
    const [first, second] = [goalpostApi({ url: one.url, key }), goalpostApi({ url: two.url, key })];
    const { statistics } = await siteOfOrders(first);
    const conversions = async (api: typeof first) => (await api.call('GET', `${statistics}&fresh=true`)).conversions;
    await expect.poll(() => plannedGoals(two)).toBe(1);
    for (const order of ['A-0', 'A-1', 'A-2']) expect(await buy(two.url, { order })).toBe(202);
    for (const order of ['A-1', 'A-2']) expect(await buy(one.url, { order })).toBe(202);
    await expect.poll(() => conversions(first)).toBe(3);
    await clickhouse.stop();
    for (const { url } of [one, two]) expect(await buy(url, { order: 'A-3' })).toBe(202);
    expect((await first.request('GET', statistics)).status).toBe(503);
    await clickhouse.start();
    for (const api of [first, second]) await expect.poll(() => conversions(api)).toBe(4);
  });

  test('start while it is away, take events and count them once it is there', async () => {
    await clickhouse.stop();
    const server = await processes.start(environment);
    const key = await adminKey(server);
    const api = goalpostApi({ url: server.url, key });
    const site = 'late.example';
    const { statistics } = await siteOfOrders(api, site);
    for (const order of ['B-1', 'B-2', 'B-1']) expect(await buy(server.url, { order, site })).toBe(202);
    const refused = await fetch(`${server.url}${statistics}`, { headers: { authorization: `Bearer ${key}` } });
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect((await fetch(`${server.url}/ready`)).status).toBe(503);
    await clickhouse.start();
    await expect.poll(async () => (await api.request('GET', statistics)).body?.conversions).toBe(2);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  test('know the sessions of their last run once it is there, also when they had nothing to bring in', async () => {
    const first = await processes.start(environment);
    const key = await adminKey(first);
    const api = goalpostApi({ url: first.url, key });
    const site = 'again.example';
    const { statistics } = await siteOfOrders(api, site);
    expect(await buy(first.url, { order: 'C-1', site })).toBe(202);
    await expect.poll(async () => (await api.request('GET', `${statistics}&fresh=true`)).status).toBe(200);
    await first.stop();

    await clickhouse.stop();
    const second = await processes.start(environment, first.data);
    await clickhouse.start();
    const later = goalpostApi({ url: second.url, key });
    const metric = async () => {
      const text = await (await fetch(`${second.url}/metrics`)).text();
      return Number(/^goalpost_visitors(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
    };
    await expect.poll(metric).toBeGreaterThan(0);
    expect(await buy(second.url, { order: 'C-2', site })).toBe(202);
    const counted = async () => {
      const { body } = await later.request('GET', `${statistics}&fresh=true`);
      return [body.conversions, body.total_sessions];
    };
    await expect.poll(counted).toEqual([2, 1]);
  });
});
