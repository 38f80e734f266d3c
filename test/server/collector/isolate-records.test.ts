/** What becomes of a segment that an engine keeps refusing: records are set aside when it is they that it refuses, never else. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/core/problem.ts';
import { leftSegments, QUARANTINE } from '../../../src/server/collector/segment.ts';
import { encodeRow } from '../../../src/server/store/event-row.ts';
import { eventRow } from '../store/rows.ts';
import {
  countEvents,
  directory,
  isolated,
  lines,
  makeDrain,
  refusals,
  segment,
  store,
  withScene,
} from './drain-scene.ts';

withScene();

describe('the drain', () => {
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
});
