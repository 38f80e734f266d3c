/**
 * Two collectors with journals of their own behind nginx, one PostgreSQL, one ClickHouse: each of them is stopped or killed
 * while visitors send. They see 202 or 503, and what was acknowledged is counted, once. Longer with GOALPOST_LONG.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { startChdb } from '../contract/chdb-server.mjs';
import { freePorts } from '../contract/free-ports.mjs';
import { nginxProgram, startNginx } from '../contract/nginx-server.ts';
import { postgresPrograms, startPostgres } from '../contract/postgres-server.ts';
import { serviceForTests } from '../services.mjs';
import { ROOT } from '../tidy/source-files.ts';
import { startLoad } from './steady-load.ts';

const found = { postgres: postgresPrograms(), nginx: nginxProgram(), chdb: serviceForTests('chDB') };
const LONG = process.env.GOALPOST_LONG !== undefined;
const ROUNDS = LONG ? 8 : 1;
const VISITORS = LONG ? 40 : 8;
/** Events that are acknowledged in each state of the cluster before the next. */
const EACH = LONG ? 400 : 30;
const SLOW_MS = LONG ? 1_800_000 : 600_000;
const EVENTUALLY = { timeout: LONG ? 300_000 : 120_000, interval: 100 };

/** Starts everything; all of it ends with the test. */
async function startAll() {
  const postgres = await startPostgres(String(found.postgres));
  onTestFinished(() => postgres.remove());
  const clickhouse = await startChdb(found.chdb);
  onTestFinished(() => clickhouse.remove());
  const environment = {
    GOALPOST_CONFIG: await postgres.createDatabase(),
    GOALPOST_EVENTS: await clickhouse.createDatabase(),
    GOALPOST_RATE_LIMIT: 'off',
    GOALPOST_LOG: 'fatal',
  };
  const ports = await freePorts(2);
  const collectors = await Promise.all(
    ports.map(async (port) => {
      const data = await mkdtemp(join(tmpdir(), 'goalpost-cluster-'));
      onTestFinished(() => rm(data, { recursive: true, force: true }));
      const start = () => startGoalpost({ data, port, environment });
      const collector = { data, start, server: await start() };
      onTestFinished(() => collector.server.stop());
      return collector;
    }),
  );
  const nginx = await startNginx({
    program: String(found.nginx),
    config: join(ROOT, 'demo/deploy/cluster/nginx.conf'),
    replace: { 'collector1:8080': `127.0.0.1:${ports[0]}`, 'collector2:8080': `127.0.0.1:${ports[1]}` },
  });
  onTestFinished(() => nginx.remove());
  return { postgres, clickhouse, collectors, nginx };
}

describe.runIf(!Object.values(found).includes(undefined))('a cluster whose parts fail', () => {
  test(
    'takes events all the time, and counts each that it acknowledged once',
    async () => {
      const { postgres, clickhouse, collectors, nginx } = await startAll();
      const [one, two] = collectors;
      if (!one || !two) throw new Error('Two were started.');
      const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data: one.data });
      const api = goalpostApi({ url: one.server.url, key });
      const site = (await api.call('POST', '/api/sites', { domains: ['shop.example'] })).id;
      const goals = `/api/sites/${site}/goals`;
      const goal = await api.call('POST', goals, { name: 'Bought', trigger: { type: 'revenue', name: 'bought' } });
      for (const { server } of collectors) {
        const plan = async () => (await (await fetch(`${server.url}/plan/shop.example`)).json()).g?.length;
        await expect.poll(plan, EVENTUALLY).toBe(1);
      }

      const load = startLoad({ urls: [nginx.url], site: 'shop.example', visitors: VISITORS, rest_ms: 20 });
      onTestFinished(() => load.stop());
      const someMore = async (): Promise<void> => {
        const until = load.acknowledged + EACH;
        await expect.poll(() => load.acknowledged, EVENTUALLY).toBeGreaterThan(until);
      };
      for (let round = 0; round < ROUNDS; round += 1) {
        await someMore();
        await postgres.kill();
        await someMore();
        await clickhouse.kill();
        await someMore();
        await postgres.start();
        one.server.child.kill('SIGKILL');
        await one.server.ended;
        await someMore();
        await clickhouse.start();
        await someMore();
        one.server = await one.start();
        await someMore();
        await clickhouse.stop();
        await someMore();
        await clickhouse.start();
      }
      await load.stop();

      expect([...load.statuses.keys()].filter((status) => status !== 202 && status !== 503)).toEqual([]);
      const counted = async () => {
        const answers = await Promise.all(
          collectors.map(({ server }) =>
            goalpostApi({ url: server.url, key }).request('GET', `${goals}/${goal.id}/stats?fresh=true`),
          ),
        );
        return answers.map(({ status }) => status).join() === '200,200';
      };
      // Each has brought in what lay in its own journal.
      await expect.poll(counted, EVENTUALLY).toBe(true);
      for (const { server } of collectors) {
        const statistics = await goalpostApi({ url: server.url, key }).call('GET', `${goals}/${goal.id}/stats`);
        expect(statistics.conversions).toBe(load.acknowledged);
      }
    },
    SLOW_MS,
  );
});
