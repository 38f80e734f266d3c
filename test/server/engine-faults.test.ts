/**
 * A collector that is killed again and again while its engine refuses, is slow, hangs or is cut off: what it acknowledged is
 * counted, once. ClickHouse is behind a gate that does all of that; DuckDB refuses because its disk is full. Longer with
 * GOALPOST_LONG.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { startChdb } from '../contract/chdb-server.mjs';
import { freePorts } from '../contract/free-ports.mjs';
import { serviceForTests } from '../services.mjs';
import { GATE_STATES, startGate } from './flaky-gate.ts';
import { type Ledger, startLoad } from './steady-load.ts';

const LONG = process.env.GOALPOST_LONG !== undefined;
const KILLS = Number(process.env.GOALPOST_KILLS ?? (LONG ? 50 : 2));
const SMALL_DISK_KILLS = LONG ? 50 : 2;
/** Events that are acknowledged in each state before the next. */
const EACH = LONG ? 100 : 20;
const EVENTUALLY = { timeout: 120_000, interval: 100 };
const SLOW_MS = 600_000 + Math.max(KILLS, SMALL_DISK_KILLS) * 40_000;

/** A server on one port and folder, which is killed and started again, and visitors who go on sending. */
async function startKillable(data: string, environment: Record<string, string>) {
  const [port] = await freePorts(1);
  const start = () => startGoalpost({ data, port: port!, environment: { GOALPOST_RATE_LIMIT: 'off', ...environment } });
  let server = await start();
  onTestFinished(() => server.stop());
  const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
  const api = goalpostApi({ url: server.url, key });
  const site = await api.call('POST', '/api/sites', { domains: ['shop.example'] });
  const goals = `/api/sites/${site.id}/goals`;
  const goal = await api.call('POST', goals, { name: 'Bought', trigger: { type: 'revenue', name: 'bought' } });
  const load = startLoad({ urls: [server.url], site: 'shop.example', visitors: 8, rest_ms: 10 });
  onTestFinished(() => load.stop());
  return {
    api,
    load,
    stats: () => api.request('GET', `${goals}/${goal.id}/stats?fresh=true`),
    stop: () => server.stop(),
    async start() {
      server = await start();
    },
    async killAndStart() {
      server.child.kill('SIGKILL');
      await server.ended;
      server = await start();
    },
  };
}

async function someMore(load: Ledger): Promise<void> {
  const until = load.acknowledged + EACH;
  await expect.poll(() => load.acknowledged, EVENTUALLY).toBeGreaterThanOrEqual(until);
}

/** Expects that what was acknowledged is counted, to the cent, once the engine takes it. */
async function expectCounted({ load, stats }: Awaited<ReturnType<typeof startKillable>>, kills: number): Promise<void> {
  await load.stop();
  expect([...load.statuses.keys()].filter((status) => ![0, 202, 503].includes(status))).toEqual([]);
  let counted: Awaited<ReturnType<typeof stats>> | undefined;
  const ask = async () => {
    counted = await stats();
    return counted.status;
  };
  await expect.poll(ask, EVENTUALLY).toBe(200);
  const body = counted?.body;
  expect(body.conversions).toBe(load.acknowledged);
  expect(body.revenue).toEqual([
    expect.objectContaining({ currency: 'EUR', total: (load.acknowledged * 2.5).toFixed(2) }),
  ]);
  const answers = [...load.statuses].map(([status, count]) => `${status || 'none'} × ${count}`).join(', ');
  console.log(`${kills} kills, ${load.acknowledged} acknowledged, ${body.conversions} counted (${answers})`);
}

const library = serviceForTests('chDB');

const stateOf = (turn: number) => GATE_STATES[turn % GATE_STATES.length]!;

/** A killable server whose ClickHouse is behind a gate, with the name of its database. */
async function startBehindGate() {
  const clickhouse = await startChdb(library);
  onTestFinished(() => clickhouse.remove());
  const gate = await startGate(Number(new URL(clickhouse.url).port));
  onTestFinished(() => gate.close());
  const address = new URL(await clickhouse.createDatabase());
  address.port = String(gate.port);
  const data = mkdtempSync(join(tmpdir(), 'goalpost-gate-'));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const killable = await startKillable(data, { GOALPOST_EVENTS: address.href, GOALPOST_LOG: 'fatal' });
  return { clickhouse, database: address.pathname.slice(1), gate, killable };
}

describe.runIf(library !== undefined)('a collector in front of a ClickHouse that fails in every way', () => {
  test(
    `loses nothing that it acknowledged and counts nothing twice, killed ${KILLS} times`,
    async () => {
      const { clickhouse, database, gate, killable } = await startBehindGate();
      const { load } = killable;
      for (let kill = 0; kill < KILLS; kill += 1) {
        // Each of them at a kill, and with time each other of them at the start that follows.
        gate.set(stateOf(kill));
        await someMore(load);
        gate.set(stateOf(kill + 1 + Math.floor(kill / GATE_STATES.length)));
        await killable.killAndStart();
      }
      await someMore(load);
      gate.set('open');
      await expectCounted(killable, KILLS);
      const [rows, ids] = (await clickhouse.query(`SELECT count(), uniqExact(id) FROM ${database}.events FINAL`))
        .trim()
        .split('\t');
      expect(rows).toBe(String(load.acknowledged));
      expect(ids).toBe(rows);
    },
    SLOW_MS,
  );
});

describe.runIf(library !== undefined)('a server whose ClickHouse hangs', () => {
  test(
    'stops when it is asked to, and what it acknowledged is counted by the next',
    async () => {
      const { gate, killable } = await startBehindGate();
      gate.set('hang');
      await someMore(killable.load);
      // Without a bound it would wait for the answer of its last statement, five minutes.
      await killable.stop();
      gate.set('open');
      await killable.start();
      await expectCounted(killable, 0);
    },
    SLOW_MS,
  );
});

/** A disk of 32 megabytes; undefined where nobody may mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'goalpost-small-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true });
    return undefined;
  }
}

/** Writes a file until its disk has no room left, while others take room as well. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(65_536));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}

const disk = smallDisk();

describe.runIf(disk !== undefined)('a collector whose database has no room, and whose journal has', () => {
  test(
    `loses nothing that it acknowledged and counts nothing twice, killed ${SMALL_DISK_KILLS} times`,
    async () => {
      const folder = String(disk);
      const roomy = mkdtempSync(join(tmpdir(), 'goalpost-roomy-'));
      onTestFinished(() => {
        execFileSync('umount', ['-l', folder]);
        for (const one of [folder, roomy]) rmSync(one, { recursive: true });
      });
      const data = join(folder, 'data');
      mkdirSync(data);
      mkdirSync(join(roomy, 'journal'));
      symlinkSync(join(roomy, 'journal'), join(data, 'journal'));
      const killable = await startKillable(data, { GOALPOST_LOG: 'fatal' });
      const ballast = join(folder, 'ballast');
      for (let kill = 0; kill < SMALL_DISK_KILLS; kill += 1) {
        fill(ballast);
        await someMore(killable.load);
        rmSync(ballast);
        if (kill % 2 === 0) await someMore(killable.load);
        await killable.killAndStart();
      }
      await expectCounted(killable, SMALL_DISK_KILLS);
    },
    SLOW_MS,
  );
});
