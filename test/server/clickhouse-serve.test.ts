/** Two real server processes whose events are in one ClickHouse, which comes and goes, and their claims in one PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { startChdb } from '../contract/chdb-server.mjs';
import { type PostgresServer, startPostgres } from '../contract/postgres-server.ts';
import { serviceForTests } from '../services.mjs';

const programs = serviceForTests('PostgreSQL');
const library = serviceForTests('chDB');
/** Programs that name themselves are bots, and not counted. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

let events = 0;

/** Sends an order to a server, as a browser would, and gives the status. */
async function buy(url: string, order: string, site = 'shop.example'): Promise<number> {
  events += 1;
  const id = `01993c00-0000-7000-8000-${String(events).padStart(12, '0')}`;
  const event = { i: id, n: 'bought', a: 0, u: `https://${site}/`, o: order };
  const body = JSON.stringify({ v: 1, s: site, t: Date.now(), r: 0, e: [event] });
  return (await fetch(`${url}/e`, { method: 'POST', body, headers: { 'user-agent': BROWSER } })).status;
}

describe.runIf(programs !== undefined && library !== undefined)('servers on ClickHouse', () => {
  let postgres: PostgresServer;
  let clickhouse: Awaited<ReturnType<typeof startChdb>>;
  let environment: Record<string, string>;
  const folders: string[] = [];
  const servers: Awaited<ReturnType<typeof startGoalpost>>[] = [];

  const start = async () => {
    const data = await mkdtemp(join(tmpdir(), 'goalpost-ch-serve-'));
    folders.push(data);
    const server = await startGoalpost({ data, environment });
    servers.push(server);
    return { ...server, data };
  };

  beforeAll(async () => {
    [postgres, clickhouse] = await Promise.all([startPostgres(String(programs)), startChdb(library as string)]);
    environment = {
      GOALPOST_CONFIG: await postgres.createDatabase(),
      GOALPOST_EVENTS: await clickhouse.createDatabase(),
      GOALPOST_RATE_LIMIT: 'off',
    };
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await postgres.remove();
    await clickhouse.remove();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  test('count an order once whoever hears of it, take events while it is away, and lose nothing', async () => {
    const [one, two] = [await start(), await start()];
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data: one.data });
    const [first, second] = [one, two].map(({ url }) => goalpostApi({ url, key }));
    if (!first || !second) throw new Error('Two servers were started.');
    const site = await first.call('POST', '/api/sites', { domains: ['shop.example'] });
    const goals = `/api/sites/${site.id}/goals`;
    const goal = await first.call('POST', goals, { name: 'Order', trigger: { type: 'event', name: 'bought' } });
    const conversions = async (api: typeof first) =>
      (await api.call('GET', `${goals}/${goal.id}/stats?fresh=true&timezone=UTC`)).conversions;
    await expect.poll(() => second.call('GET', goals).then((list) => list.items?.length ?? 1)).toBe(1);
    await expect.poll(() => buy(two.url, 'A-0')).toBe(202);
    for (const { url } of [one, two]) for (const order of ['A-1', 'A-2']) expect(await buy(url, order)).toBe(202);
    await expect.poll(() => conversions(first)).toBe(3);
    await clickhouse.stop();
    for (const { url } of [one, two]) expect(await buy(url, 'A-3')).toBe(202);
    const refused = await fetch(`${one.url}${goals}/${goal.id}/stats?timezone=UTC`, {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(refused.status).toBe(503);
    await clickhouse.start();
    for (const api of [first, second]) await expect.poll(() => conversions(api)).toBe(4);
  });

  test('start while it is away, take events and count them once it is there', async () => {
    await clickhouse.stop();
    const server = await start();
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data: server.data });
    const api = goalpostApi({ url: server.url, key });
    const { id } = await api.call('POST', '/api/sites', { domains: ['late.example'] });
    const goals = `/api/sites/${id}/goals`;
    const goal = await api.call('POST', goals, { name: 'Order', trigger: { type: 'event', name: 'bought' } });
    const statistics = `${goals}/${goal.id}/stats?timezone=UTC`;
    for (const order of ['B-1', 'B-2', 'B-1']) expect(await buy(server.url, order, 'late.example')).toBe(202);
    const refused = await fetch(`${server.url}${statistics}`, { headers: { authorization: `Bearer ${key}` } });
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([503, true]);
    expect((await fetch(`${server.url}/ready`)).status).toBe(503);
    await clickhouse.start();
    await expect.poll(async () => (await api.request('GET', statistics)).body?.conversions).toBe(2);
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  test('know the sessions of their last run once it is there, also when they had nothing to bring in', async () => {
    const data = await mkdtemp(join(tmpdir(), 'goalpost-ch-serve-'));
    folders.push(data);
    const first = await startGoalpost({ data, environment });
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
    const api = goalpostApi({ url: first.url, key });
    const { id } = await api.call('POST', '/api/sites', { domains: ['again.example'] });
    const goals = `/api/sites/${id}/goals`;
    const goal = await api.call('POST', goals, { name: 'Order', trigger: { type: 'event', name: 'bought' } });
    const statistics = `${goals}/${goal.id}/stats?timezone=UTC`;
    expect(await buy(first.url, 'C-1', 'again.example')).toBe(202);
    await expect.poll(async () => (await api.request('GET', `${statistics}&fresh=true`)).status).toBe(200);
    await first.stop();

    await clickhouse.stop();
    const second = await startGoalpost({ data, environment });
    servers.push(second);
    await clickhouse.start();
    const later = goalpostApi({ url: second.url, key });
    const metric = async () => {
      const text = await (await fetch(`${second.url}/metrics`)).text();
      return Number(/^goalpost_visitors(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
    };
    await expect.poll(metric).toBeGreaterThan(0);
    expect(await buy(second.url, 'C-2', 'again.example')).toBe(202);
    const counted = async () => {
      const { body } = await later.request('GET', `${statistics}&fresh=true`);
      return [body.conversions, body.total_sessions];
    };
    await expect.poll(counted).toEqual([2, 1]);
  });
});
