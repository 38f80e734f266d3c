/** Faults made for real: a killed process, a full disk. Nothing acknowledged is lost, nothing counts twice. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Journal } from '../../../src/server/collector/journal.ts';
import type { SealedSegment } from '../../../src/server/collector/segment.ts';
import { DuckdbStore } from '../../../src/server/store/duckdb-store.ts';
import { CHROME, freshId } from './running-collector.ts';

const KILLS = process.env.GOALPOST_LONG === '1' ? 50 : 4;
const SENDERS = 8;

/** A collector in a process of its own, as `npm run build` made it. */
async function startChild(folder: string): Promise<{ child: ChildProcessWithoutNullStreams; port: number }> {
  const child = spawn(process.execPath, ['test/bench/collector-process.mjs', 'whole', folder]);
  child.stderr.pipe(process.stderr);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, port: (JSON.parse(line) as { port: number }).port };
}

/** Sends batches until the server is gone; ids go into the ledger when they are acknowledged, else they are tried again. */
async function sendUntilGone(port: number, ledger: { acknowledged: Set<string>; open: string[][] }): Promise<void> {
  for (;;) {
    const ids = ledger.open.pop() ?? Array.from({ length: 10 }, () => freshId());
    const events = ids.map((i) => ({ i, n: '$pageview', a: 0, pv: i, u: `https://shop.example/${i}` }));
    try {
      const response = await fetch(`http://127.0.0.1:${port}/e`, {
        method: 'POST',
        headers: { 'user-agent': CHROME },
        body: JSON.stringify({ v: 1, s: 'shop.example', t: Date.now(), r: 0, e: events }),
      });
      if (response.status !== 202) throw new Error(`The answer was ${response.status}.`);
      for (const id of ids) ledger.acknowledged.add(id);
    } catch {
      ledger.open.push(ids);
      return;
    }
  }
}

describe('a killed collector', () => {
  it(
    `loses nothing it acknowledged and counts nothing twice, ${KILLS} times`,
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'goalpost-crash-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const ledger = { acknowledged: new Set<string>(), open: [] as string[][] };
      for (let kill = 0; kill < KILLS; kill += 1) {
        const { child, port } = await startChild(folder);
        const gone = Array.from({ length: SENDERS }, () => sendUntilGone(port, ledger));
        // Some time within the first two segments: before a seal, while one is drained, between two.
        const alive_ms = Math.floor(Math.random() * 1_200);
        await new Promise((resolve) => setTimeout(resolve, alive_ms));
        child.kill('SIGKILL');
        await Promise.all([once(child, 'exit'), ...gone]);
        console.log(`killed after ${alive_ms} ms with ${ledger.acknowledged.size} acknowledged`);
      }
      const { child } = await startChild(folder);
      child.stdin.end();
      await once(child, 'exit');
      const store = new DuckdbStore({ path: join(folder, 'events.duckdb'), threads: 1 });
      await store.open();
      const rows = await store.query<{ id: string }>('SELECT id::VARCHAR AS id FROM events', []);
      await store.close();
      const counted = new Set(rows.map(({ id }) => id));
      expect(counted.size).toBe(rows.length);
      expect([...ledger.acknowledged].filter((id) => !counted.has(id))).toEqual([]);
      expect((await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.csv'))).toEqual([]);
    },
    600_000 + KILLS * 15_000,
  );
});

/** A disk of one megabyte; undefined where this user may not mount one. */
async function smallDisk(): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  return folder;
}

describe.runIf(process.getuid?.() === 0)('a full disk', () => {
  it('is answered with overloaded, leaves only whole records, and is left by itself when there is room', async () => {
    const disk = await smallDisk();
    if (disk === undefined) return;
    onTestFinished(async () => {
      execFileSync('umount', [disk]);
      await rm(disk, { recursive: true });
    });
    await mkdir(join(disk, 'journal'));
    await writeFile(join(disk, 'ballast'), 'x'.repeat(500_000));
    const sealed: SealedSegment[] = [];
    const journal = new Journal({
      directory: join(disk, 'journal'),
      run: 'run1',
      clock: Date.now,
      onSealed: (segment) => sealed.push(segment),
      onSynced: () => undefined,
      onFailure: () => undefined,
    });
    await journal.open();
    const line = `${'x'.repeat(29_999)}\n`;
    const write = () =>
      new Promise<string | undefined>((resolve) => journal.append(line, (problem) => resolve(problem?.code)));
    let acknowledged = 0;
    while ((await write()) === undefined) acknowledged += 1;
    expect(acknowledged).toBeGreaterThan(5);
    expect(await write()).toBe('overloaded');
    await rm(join(disk, 'ballast'));
    expect(await write()).toBeUndefined();
    await journal.close();
    const bytes = sealed.reduce((sum, segment) => sum + segment.bytes, 0);
    expect(bytes).toBe((acknowledged + 1) * line.length);
    for (const { path, bytes: size } of sealed) {
      const { size: found } = await stat(path);
      expect(found).toBe(size);
    }
  });
});
