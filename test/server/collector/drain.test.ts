/** The drain with a real engine: each record is counted once, whatever happened to the files. */
import { appendFile, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { leftSegments, QUARANTINE } from '../../../src/server/collector/segment.ts';
import {
  countEvents,
  directory,
  lines,
  makeDrain,
  refusals,
  reports,
  segment,
  store,
  verdicts,
  withScene,
} from './drain-scene.ts';

withScene();

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

  it('tries again soon for who waits, instead of resting as long as it would', async () => {
    let isDead = true;
    const drain = makeDrain((one) => (isDead ? Promise.reject(new Error('gone')) : store.load(one)), 10_000);
    const waiting = await segment('a-1', lines(1));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      drain.add(waiting);
      await drain.caughtUpOrRefused();
      isDead = false;
      const soon = drain.caughtUpSoon();
      // Long before the ten seconds are over.
      await vi.advanceTimersByTimeAsync(500);
      await soon;
    } finally {
      vi.useRealTimers();
    }
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
