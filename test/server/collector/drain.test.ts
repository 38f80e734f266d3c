/** The drain with a real engine: each record is counted once, whatever happened to the files. */
import { appendFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Problem } from '../../../src/core/problem.ts';
import { Drain } from '../../../src/server/collector/drain.ts';
import { leftSegments, QUARANTINE, type SealedSegment, type Verdict } from '../../../src/server/collector/segment.ts';
import { DuckdbStore } from '../../../src/server/store/duckdb-store.ts';
import { encodeRow } from '../../../src/server/store/event-row.ts';
import type { LoadReport } from '../../../src/server/store/event-store.ts';
import { eventRow, freshId } from '../store/rows.ts';

let directory: string;
let store: DuckdbStore;
let reports: LoadReport[];
let verdicts: Verdict[];
let refusals: unknown[];
let isolated: number[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goalpost-drain-'));
  await mkdir(join(directory, QUARANTINE));
  store = new DuckdbStore({ path: join(directory, 'events.duckdb') });
  await store.open();
  reports = [];
  verdicts = [];
  refusals = [];
  isolated = [];
});
afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true });
});

function makeDrain(load = (segment: SealedSegment) => store.load(segment)): Drain {
  return new Drain({
    store: { load: (segment) => load(segment as SealedSegment) },
    directory,
    onLoaded: (report) => reports.push(report),
    onVerified: (verdict) => verdicts.push(verdict),
    first_retry_ms: 1,
    onIsolated: (refused) => isolated.push(refused),
    onRefused: (error) => refusals.push(error),
  });
}

async function segment(id: string, lines: string): Promise<SealedSegment> {
  const path = join(directory, `${id}.v1.csv`);
  await writeFile(path, lines);
  return { id, path, bytes: Buffer.byteLength(lines), since_ms: 0, suspect: false };
}

async function countEvents(): Promise<number> {
  const [row] = await store.query<{ n: number }>('SELECT count(*) AS n FROM events', []);
  return Number(row!.n);
}

function lines(count: number): string {
  return Array.from({ length: count }, () => encodeRow(eventRow({ id: freshId() }))).join('');
}

describe('the drain', () => {
  it('takes segments to the store and deletes them', async () => {
    const drain = makeDrain();
    drain.add(await segment('a-1', lines(3)));
    drain.add(await segment('a-2', lines(2)));
    await drain.caughtUp();
    expect(await countEvents()).toBe(5);
    expect(drain.backlogBytes).toBe(0);
    expect((await readdir(directory)).filter((name) => name.endsWith('.csv'))).toEqual([]);
  });

  it('that fell behind takes many segments at once', async () => {
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const loads: string[] = [];
    const drain = makeDrain(async (one) => {
      loads.push(one.id);
      await gate;
      return store.load(one);
    });
    for (const id of ['a-1', 'a-2', 'a-3', 'a-4']) drain.add(await segment(id, lines(5)));
    go();
    await drain.caughtUp();
    expect(loads).toEqual(['a-1', 'a-2+a-4']);
    expect(await countEvents()).toBe(20);
    expect(drain.backlogBytes).toBe(0);
    expect((await readdir(directory)).filter((name) => name.startsWith('a-'))).toEqual([]);
  });

  it('counts once what was taken together and not deleted', async () => {
    const texts = [lines(3), lines(3)];
    await store.load(await segment('a-1+a-2', texts.join('')));
    await segment('a-1', texts[0]!);
    await segment('a-2', texts[1]!);
    const drain = makeDrain();
    for (const left of await leftSegments(directory)) drain.add(left);
    await drain.caughtUp();
    expect(await countEvents()).toBe(6);
  });

  it('takes segments one by one when they are refused together', async () => {
    const drain = makeDrain((one) => (one.id.includes('+') ? Promise.reject(new Error('too much')) : store.load(one)));
    for (const id of ['a-1', 'a-2', 'a-3']) drain.add(await segment(id, lines(2)));
    await drain.caughtUp();
    expect(await countEvents()).toBe(6);
  });

  it('counts a segment once that was applied but not deleted', async () => {
    const text = lines(3);
    await store.load(await segment('a-1', text));
    const drain = makeDrain();
    drain.add(await segment('a-1', text));
    await drain.caughtUp();
    expect(await countEvents()).toBe(3);
    expect(reports.map((report) => report.applied)).toEqual([false]);
  });

  it('tries again when the engine refuses, and loses nothing', async () => {
    let refuse = 2;
    const drain = makeDrain((one) => {
      refuse -= 1;
      return refuse >= 0 ? Promise.reject(new Error('out of memory')) : store.load(one);
    });
    drain.add(await segment('a-1', lines(3)));
    await drain.caughtUp();
    expect(refusals).toHaveLength(2);
    expect(await countEvents()).toBe(3);
  });

  it('tells at once that the engine refuses, and that it has caught up', async () => {
    let isDead = true;
    const drain = makeDrain((one) => (isDead ? Promise.reject(new Error('gone')) : store.load(one)));
    drain.add(await segment('a-1', lines(1)));
    await drain.caughtUpOrRefused();
    expect(drain.backlogSegments).toBe(1);
    isDead = false;
    await drain.caughtUp();
    await drain.caughtUpOrRefused();
    expect(await countEvents()).toBe(1);
  });

  it('leaves to the next run what it was stopped before', async () => {
    const drain = makeDrain(() => Promise.reject(new Error('gone')));
    drain.add(await segment('a-1', lines(1)));
    await drain.stop();
    expect((await leftSegments(directory)).map(({ id }) => id)).toEqual(['a-1']);
  });

  it('cuts a torn tail', async () => {
    await segment('a-1', `${lines(2)}${lines(1).slice(0, 40)}`);
    const drain = makeDrain();
    for (const left of await leftSegments(directory)) drain.add(left);
    await drain.caughtUp();
    expect(verdicts).toEqual([{ kept: 2, damaged: 0, torn_bytes: 40 }]);
    expect(await countEvents()).toBe(2);
  });

  it('quarantines records with a flipped bit and counts the rest', async () => {
    const good = lines(3);
    const bytes = Buffer.from(good);
    const at = good.indexOf('shop.example', good.indexOf('\n'));
    bytes[at] = bytes[at]! ^ 1;
    const { path } = await segment('a-1', '');
    await writeFile(path, bytes);
    const drain = makeDrain();
    for (const left of await leftSegments(directory)) drain.add(left);
    await drain.caughtUp();
    expect(verdicts).toEqual([{ kept: 2, damaged: 1, torn_bytes: 0 }]);
    expect(await countEvents()).toBe(2);
    expect(await readFile(join(directory, QUARANTINE, 'a-1.v1.csv'), 'utf8')).toContain('rhop.example');
  });

  it('doubts a segment of its own that the engine keeps refusing', async () => {
    const own = await segment('a-1', lines(2));
    await appendFile(own.path, 'no record at all\n');
    const drain = makeDrain();
    drain.add(own);
    await drain.caughtUp();
    expect(refusals.length).toBeGreaterThan(0);
    expect(verdicts).toEqual([{ kept: 2, damaged: 1, torn_bytes: 0 }]);
    expect(await countEvents()).toBe(2);
  });

  it('sets aside records with right checksums that the engine refuses, and counts the rest', async () => {
    const bad = () => encodeRow(eventRow({ id: 'no UUID' }));
    const drain = makeDrain();
    drain.add(await segment('a-1', lines(20) + bad() + lines(20) + bad() + lines(5)));
    drain.add(await segment('a-2', lines(2)));
    await drain.caughtUp();
    expect(isolated).toEqual([2]);
    expect(await countEvents()).toBe(47);
    const aside = await readFile(join(directory, QUARANTINE, 'a-1.refused.csv'), 'utf8');
    expect(aside.match(/^1,no UUID,/gm)).toHaveLength(2);
    expect(await leftSegments(directory)).toEqual([]);
  });

  it('sets nothing aside while the engine refuses everything', async () => {
    let dead = true;
    const drain = makeDrain((one) => (dead ? Promise.reject(new Error('gone')) : store.load(one)));
    const tried = new Promise<void>((resolve) => {
      const push = refusals.push.bind(refusals);
      refusals.push = (...errors) => {
        if (refusals.length === 6) resolve();
        return push(...errors);
      };
    });
    drain.add(await segment('a-1', lines(20)));
    await tried;
    dead = false;
    await drain.caughtUp();
    expect(isolated).toEqual([]);
    expect(await countEvents()).toBe(20);
  });

  it.each([
    ['is away', new Problem('overloaded', 'Away.', { retry_after_s: 1 })],
    ['has no room', new Error('No space left on device')],
  ])('sets nothing aside that was refused alone because the engine %s for a moment', async (_, refusal) => {
    let tries = 0;
    // Six times the segment; the seventh is its first record alone, and all is well after that.
    const drain = makeDrain((one) => {
      tries += 1;
      return tries <= 7 ? Promise.reject(refusal) : store.load(one);
    });
    drain.add(await segment('a-1', lines(3)));
    await drain.caughtUp();
    expect(tries).toBeGreaterThan(7);
    expect(await countEvents()).toBe(3);
    expect(await readdir(join(directory, QUARANTINE))).toEqual([]);
    expect(await leftSegments(directory)).toEqual([]);
  });

  it('sets nothing aside when an engine that took some records takes none any more', async () => {
    let tries = 0;
    // Of the parts the first two are refused and the third is taken; then nothing is, until the segment comes again.
    const drain = makeDrain((one) => {
      tries += 1;
      return tries === 9 || tries > 12 ? store.load(one) : Promise.reject(new Error('No space left on device'));
    });
    drain.add(await segment('a-1', lines(3)));
    await drain.caughtUp();
    expect(await countEvents()).toBe(3);
    expect(await readdir(join(directory, QUARANTINE))).toEqual([]);
  });

  it('goes on when parts of a refused segment cannot be written', async () => {
    let tries = 0;
    const drain = makeDrain((one) => {
      tries += 1;
      return tries <= 6 ? Promise.reject(new Error('out of memory')) : store.load(one);
    });
    await mkdir(join(directory, 'a-1.0.part'));
    drain.add(await segment('a-1', lines(3)));
    await drain.caughtUp();
    expect(refusals).toHaveLength(7);
    expect(refusals[6]).toMatchObject({ code: 'EISDIR' });
    expect(await countEvents()).toBe(3);
  });

  it('skips a segment in which nothing is whole', async () => {
    await segment('a-1', 'torn');
    const drain = makeDrain();
    for (const left of await leftSegments(directory)) drain.add(left);
    await drain.caughtUp();
    expect(reports).toEqual([]);
    expect(await leftSegments(directory)).toEqual([]);
  });

  it('knows how old a segment is that another run left', async () => {
    await segment('a-1', lines(2));
    await segment('a-2', 'no record at all');
    const [whole, torn] = await leftSegments(directory);
    expect(whole).toMatchObject({ id: 'a-1', since_ms: 1_767_225_600_000, suspect: true });
    expect(Date.now() - torn!.since_ms).toBeLessThan(60_000);
  });

  it('refuses, in words, segments of a newer version', async () => {
    const { path } = await segment('a-1', lines(1));
    await rename(path, join(directory, 'a-1.v99.csv'));
    await expect(leftSegments(directory)).rejects.toThrow(/newer version of Goalpost.*segment format 99/s);
  });
});
