/** Two real servers on one ClickHouse, which one of them loses for a while: goals applied to the past miss nothing of its. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { startChdb } from '../contract/chdb-server.mjs';
import { startPostgres } from '../contract/postgres-server.ts';
import { startGate } from '../contract/tcp-gate.ts';
import { serviceForTests } from '../services.mjs';

const programs = serviceForTests('PostgreSQL');
const library = serviceForTests('chDB');
/** Programs that name themselves are bots, and not counted. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
/** The drain waits up to ten seconds after a refusal. */
const EVENTUALLY = { timeout: 120_000, interval: 100 };
const SLOW_MS = 600_000;

let events = 0;

/** Sends an event to a server, as a browser would, and gives the status. */
async function send(url: string): Promise<number> {
  events += 1;
  const id = `01993c00-0000-7000-8000-${String(events).padStart(12, '0')}`;
  const event = { i: id, n: 'signup', a: 0, u: 'https://shop.example/' };
  const body = JSON.stringify({ v: 1, s: 'shop.example', t: Date.now(), r: 0, e: [event] });
  return (await fetch(`${url}/e`, { method: 'POST', body, headers: { 'user-agent': BROWSER } })).status;
}

/** How many events a server has brought in. */
async function storedBy(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^goalpost_events_stored_total (\d+)$/m.exec(text)?.[1]);
}

/** One server beside ClickHouse, another that reaches it through a gate, and a site with one event of each. */
async function startTwo() {
  const postgres = await startPostgres(String(programs));
  onTestFinished(() => postgres.remove());
  const clickhouse = await startChdb(library as string);
  onTestFinished(() => clickhouse.remove());
  const address = await clickhouse.createDatabase();
  const port = Number(new URL(clickhouse.url).port);
  const gate = await startGate(port);
  onTestFinished(() => gate.close());
  const config = await postgres.createDatabase();
  const start = async (url: string) => {
    const data = await mkdtemp(join(tmpdir(), 'goalpost-late-'));
    const environment = {
      GOALPOST_CONFIG: config,
      GOALPOST_EVENTS: url,
      GOALPOST_RATE_LIMIT: 'off',
      GOALPOST_LOG: 'fatal',
    };
    onTestFinished(() => rm(data, { recursive: true, force: true }));
    const again = () => startGoalpost({ data, environment });
    const one = { data, again, server: await again() };
    onTestFinished(() => one.server.stop());
    return one;
  };
  const near = await start(address);
  const far = await start(address.replace(`:${port}/`, `:${gate.port}/`));
  const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data: near.data });
  const api = goalpostApi({ url: near.server.url, key });
  const { id } = await api.call('POST', '/api/sites', { domains: ['shop.example'] });
  for (const { server } of [near, far]) {
    await expect.poll(() => send(server.url), EVENTUALLY).toBe(202);
    await expect.poll(() => storedBy(server.url), EVENTUALLY).toBe(1);
  }
  const goals = `/api/sites/${id}/goals`;
  return { near, far, gate, api, goals };
}

describe.runIf(programs !== undefined && library !== undefined)('a goal applied to the past', () => {
  test(
    'counts what another collector could not bring in before, in a new generation as well',
    async () => {
      const { near, far, gate, api, goals } = await startTwo();
      await gate.close();
      expect(await send(far.server.url)).toBe(202);
      const goal = await api.call('POST', goals, {
        name: 'New',
        trigger: { type: 'event', name: 'signup' },
      });
      const one = `${goals}/${goal.id}`;
      const counted = async () => (await api.call('GET', `${one}/stats?timezone=UTC`)).conversions;
      const state = async () => (await api.call('GET', `${one}/backfill`)).state;
      await expect.poll(state, EVENTUALLY).toBe('done');
      expect(await counted()).toBe(2);
      await gate.open();
      await expect.poll(counted, EVENTUALLY).toBe(3);

      await gate.close();
      expect(await send(far.server.url)).toBe(202);
      // Gone with what it has not brought in, and back when all is done.
      far.server.child.kill('SIGKILL');
      await far.server.ended;
      await api.call('PATCH', one, { trigger: { type: 'event', name: 'sign', match: 'starts_with' } });
      await expect.poll(state, EVENTUALLY).toBe('done');
      await gate.open();
      far.server = await far.again();
      await expect.poll(counted, EVENTUALLY).toBe(4);
      expect(await send(near.server.url)).toBe(202);
      await expect.poll(counted, EVENTUALLY).toBe(5);
    },
    SLOW_MS,
  );
});
