/** Thousands of connections that say nothing, half of something, or nothing more: ordinary beacons are taken among them. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { goalpost } from '../../../demo/goalpost.mjs';
import { connectionLimit } from '../../../src/server/api/connection-limit.ts';
import { CHROME } from './dialects/clients.ts';

const MAIN = join(import.meta.dirname, '../../../dist/cli/bin.cjs');
const CROWD = join(import.meta.dirname, 'crowd-process.mjs');
const LONG = process.env.GOALPOST_LONG === '1';
/** Files that the server may open; in the long run as many as this process may, which allows 10,000 connections. */
const FILES = LONG ? '$(ulimit -H -n)' : '700';
/** What a crowd may cost: so much for each connection, and for whatever else happens meanwhile. */
const CONNECTION_BYTES = 16_384;
const ANYWAY_BYTES = 64 * 1_048_576;
const BEACONS = 40;

test('connections stay below what files need', () => {
  const limits = (hard: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            1024   ${hard}   files\n`;
  expect(connectionLimit(limits('700'))).toBe(188);
  expect(connectionLimit(limits('300'))).toBe(64);
  expect(connectionLimit(limits('1048576'))).toBe(10_000);
  expect(connectionLimit('')).toBe(10_000);
});

/** A server in a process that may open so many files. */
async function startServer(data: string): Promise<{ url: string; pid: number; limit: number }> {
  const child = spawn('sh', ['-c', `ulimit -n ${FILES}; exec "$0" "$@"`, process.execPath, MAIN, 'serve', '--json'], {
    env: { ...process.env, GOALPOST_LOG: 'warn', GOALPOST_DATA: data, GOALPOST_PORT: '0' },
  });
  child.stderr.pipe(process.stderr);
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const pid = Number(child.pid);
  const limit = connectionLimit(await readFile(`/proc/${pid}/limits`, 'utf8'));
  return { url: (JSON.parse(line) as { url: string }).url, pid, limit };
}

/** A process full of connections. */
interface Crowd {
  /** How many of them are left. */
  open(): Promise<number>;
  leave(): Promise<void>;
}

/** So many connections from an address of their own. */
async function gather(port: string, number: number, count: number): Promise<Crowd> {
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, [CROWD, port, `127.0.1.${number}`, `${count}`]);
  child.stderr.pipe(process.stderr);
  const leave = async () => {
    if (child.exitCode !== null) return;
    child.stdin.end();
    await once(child, 'exit');
  };
  onTestFinished(leave);
  const lines = createInterface({ input: child.stdout });
  await once(lines, 'line');
  return {
    leave,
    open: async () => {
      const answer = once(lines, 'line');
      child.stdin.write('\n');
      return Number((await answer)[0]);
    },
  };
}

/** Bytes that a process has in memory, and files that it has open. */
async function costOf(pid: number): Promise<{ bytes: number; files: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const files = await readdir(`/proc/${pid}/fd`);
  return { bytes: Number(/^VmRSS:\s+(\d+)/m.exec(status)![1]) * 1024, files: files.length };
}

test('a crowd of connections shuts nobody out, costs little memory and no file of the journal, and leaves no trace', {
  timeout: 300_000,
}, async () => {
  const data = await mkdtemp(join(tmpdir(), 'goalpost-crowd-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const { key: site } = await goalpost(['site', 'add', 'shop.example'], { data });
  const { url, pid, limit } = await startServer(data);
  const send = async () => {
    const i = crypto.randomUUID();
    const view = { i, n: '$pageview', a: 0, pv: i, u: 'https://shop.example/' };
    const body = JSON.stringify({ v: 1, s: site, t: 0, r: 0, e: [view] });
    const answer = await fetch(`${url}/e`, {
      method: 'POST',
      body,
      headers: { 'user-agent': CHROME, connection: 'close' },
    });
    return answer.status;
  };
  expect(await send()).toBe(202);
  const before = await costOf(pid);
  const parts = 4;
  const each = Math.ceil((limit * (LONG ? 1.1 : 5)) / parts);
  const { port } = new URL(url);
  const crowds = await Promise.all(Array.from({ length: parts }, (_, n) => gather(port, n + 1, each)));
  const open = async () => (await Promise.all(crowds.map((crowd) => crowd.open()))).reduce((sum, n) => sum + n, 0);
  await expect.poll(open).toBeLessThanOrEqual(limit);
  for (let beacon = 0; beacon < BEACONS; beacon += 1) expect(await send()).toBe(202);
  const held = await open();
  const during = await costOf(pid);
  expect(during.bytes - before.bytes).toBeLessThan(ANYWAY_BYTES + limit * CONNECTION_BYTES);
  console.log(
    `${each * parts} connections, ${held} held, ${BEACONS} beacons taken among them, each connection costs`,
    `${Math.round((during.bytes - before.bytes) / held)} bytes`,
  );

  // Left alone they end by themselves: unfinished requests have thirty seconds, who was answered may keep silent for 72.
  if (LONG) await expect.poll(open, { timeout: 120_000, interval: 500 }).toBe(0);
  else for (const crowd of crowds) await crowd.leave();
  await expect.poll(async () => (await costOf(pid)).files).toBeLessThanOrEqual(before.files + 1);
  const counted = async () => {
    const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
    return Array.from(text.matchAll(/^goalpost_events_(accepted|stored)_total (\d+)$/gm), ([, , count]) =>
      Number(count),
    );
  };
  await expect.poll(counted).toEqual([BEACONS + 1, BEACONS + 1]);
});
