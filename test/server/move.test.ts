/** `goalpost migrate` to PostgreSQL and ClickHouse, real ones, while visitors go on sending and the server is killed. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { startChdb } from '../contract/chdb-server.mjs';
import { freePorts } from '../contract/free-ports.mjs';
import { postgresPrograms, startPostgres } from '../contract/postgres-server.ts';
import { serviceForTests } from '../services.mjs';
import { startLoad } from './steady-load.ts';

const postgresFolder = postgresPrograms();
const chdb = serviceForTests('chDB');
const SLOW_MS = 600_000;
const EVENTUALLY = { timeout: 120_000, interval: 50 };
const DAY_MS = 86_400_000;
/** Days of the past that the server was told of, and how many orders on each. */
const DAYS = 12;
const ORDERS = 8;

type Api = ReturnType<typeof goalpostApi>;
type Server = Awaited<ReturnType<typeof startGoalpost>>;

/** Orders of the last weeks from identified visitors, one of them paid back in part, and a person with a login. */
async function makePast(api: Api, site: string): Promise<void> {
  const now = Date.now();
  for (let day = 1; day <= DAYS; day += 1) {
    const events = Array.from({ length: ORDERS }, (_, order) => ({
      id: `o-${day}-${order}`,
      name: 'ordered',
      time: now - day * DAY_MS,
      visitor_id: `customer-${order % 3}`,
      order_id: `A-${day}-${order}`,
      amount: `${order}.5${day % 10}`,
      currency: 'EUR',
      url: 'https://shop.example/thanks, "twice"',
      properties: { note: '\\N', colour: 'grün' },
    }));
    await api.call('POST', `/api/sites/${site}/events`, { events });
  }
  await api.call('POST', `/api/sites/${site}/refunds`, { order_id: 'A-3-5', refund_id: 'r1', amount: '1.00' });
}

/** Starts everything that the data moves to; all of it ends with the test. */
async function startTarget() {
  const postgres = await startPostgres(String(postgresFolder));
  onTestFinished(() => postgres.remove());
  const clickhouse = await startChdb(chdb);
  onTestFinished(() => clickhouse.remove());
  return { clickhouse, config: await postgres.createDatabase(), events: await clickhouse.createDatabase() };
}

/** Addresses that are wrong are told with which of the two it is; nothing has begun then. */
async function expectRefusals({ data, config, events }: { data: string; config: string; events: string }) {
  const refused = (to: string, at: string) =>
    goalpost(['migrate', '--config', to, '--events', at], { data }).catch((error: Error) => error.message);
  expect(await refused('mysql://db/x', events)).toContain('Give postgres://');
  const none = config.replace('/test1', '/none');
  expect(await refused(none, events)).toMatch(/PostgreSQL: database .*none.* does not exist\. Run/);
  const wrong = events.replace(/:[^:@]*@/, ':wrong@');
  expect(await refused(config, wrong)).toMatch(/ClickHouse: .*Authentication failed\. Run/);
}

describe.runIf(postgresFolder !== undefined && chdb !== undefined)('a move to PostgreSQL and ClickHouse', () => {
  test(
    'takes everything along while visitors go on sending, and a kill in the middle costs nothing',
    async () => {
      const { clickhouse, config, events } = await startTarget();
      const data = await mkdtemp(join(tmpdir(), 'goalpost-move-'));
      onTestFinished(() => rm(data, { recursive: true, force: true }));
      const [port = 0] = await freePorts(1);
      const embedded = { GOALPOST_RATE_LIMIT: 'off' };
      let server: Server = await startGoalpost({ data, port, environment: embedded });
      onTestFinished(() => server.stop());
      const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
      const api = goalpostApi({ url: server.url, key });
      const site = (await api.call('POST', '/api/sites', { domains: ['shop.example'] })).id;
      const goals = `/api/sites/${site}/goals`;
      const goalOf = (name: string, trigger: object) => api.call('POST', goals, { name, trigger });
      const ordered = await goalOf('Ordered', { type: 'revenue', name: 'ordered' });
      const bought = await goalOf('Bought', { type: 'revenue', name: 'bought' });
      await makePast(api, site);
      const statistics = (goal: { id: string }, query = '') => api.call('GET', `${goals}/${goal.id}/stats?${query}`);
      const dayBefore = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
      const past = `fresh=true&start_date=${dayBefore(DAYS)}&end_date=${dayBefore(1)}`;
      const isPending = async () => (await statistics(ordered, past)).past_pending;
      await expect.poll(isPending, EVENTUALLY).toBe(false);
      const before = await statistics(ordered, past);
      expect(before.conversions).toBe(DAYS * ORDERS);

      const load = startLoad({ urls: [server.url], site: 'shop.example', visitors: 6, rest_ms: 20 });
      onTestFinished(() => load.stop());
      await expectRefusals({ data, config, events });
      const migrate = ['migrate', '--config', config, '--events', events];
      const first = goalpost(migrate, { data }).then(
        () => 'moved',
        (error: Error) => `failed: ${error.message}`,
      );
      const arrived = () => clickhouse.query('SELECT count() FROM test1.conversions').then(Number, () => 0);
      await expect.poll(arrived, EVENTUALLY).toBeGreaterThan(0);
      server.child.kill('SIGKILL');
      await server.ended;
      expect(await first).toMatch(/^failed/);
      const half = { GOALPOST_CONFIG: config, GOALPOST_EVENTS: events, GOALPOST_RATE_LIMIT: 'off' };
      await expect(startGoalpost({ data, port, environment: half })).rejects.toThrow('not finished');

      server = await startGoalpost({ data, port, environment: embedded });
      const moved = await goalpost(migrate, { data });
      expect(moved.state).toBe('moved');
      const sum = (of: 'events' | 'conversions') =>
        moved.report.months.reduce((total: number, month: Record<string, number>) => total + Number(month[of]), 0);
      expect(sum('conversions')).toBeGreaterThan(DAYS * ORDERS);
      // From here on the server only takes events; they wait in the journal.
      expect((await api.request('POST', goals, { name: 'Late', trigger: { type: 'engagement' } })).status).toBe(503);
      const late = load.acknowledged;
      await expect.poll(() => load.acknowledged, EVENTUALLY).toBeGreaterThan(late + 20);
      await server.stop();

      await expect(startGoalpost({ data, port, environment: embedded })).rejects.toThrow('moved to');
      server = await startGoalpost({ data, port, environment: half });
      const restarted = load.acknowledged;
      await expect.poll(() => load.acknowledged, EVENTUALLY).toBeGreaterThan(restarted + 20);
      await load.stop();
      expect([...load.statuses.keys()].filter((status) => ![0, 202, 503].includes(status))).toEqual([]);

      // A start looks for late events of other collectors, and searches the past again for those it brings in itself.
      const after = async () => ({ ...(await statistics(ordered, past)), as_of: '' });
      await expect.poll(after, EVENTUALLY).toEqual({ ...before, as_of: '' });
      expect((await statistics(bought)).conversions).toBe(load.acknowledged);
      const made = await api.request('POST', goals, { name: 'Late', trigger: { type: 'engagement' } });
      expect(made.status).toBe(201);
    },
    SLOW_MS,
  );
});
