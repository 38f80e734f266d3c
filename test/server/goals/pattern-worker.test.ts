/** How long the judge of patterns may think: by what the process was given, for a busy machine is no pattern's fault. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PATTERN_JUDGE_MS } from '../../../src/core/limits.ts';
import { judgeGrowth } from '../../../src/server/goals/pattern-worker.ts';

const EASY = { source: '^\\/thanks-[a-z]+$', flags: '' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Asks, and lets the question get to the thread; its answer cannot be read before the event loop turns. */
async function asked(): Promise<{ answer: ReturnType<typeof judgeGrowth> }> {
  const answer = judgeGrowth(EASY);
  while (vi.getTimerCount() === 0) await Promise.resolve();
  return { answer };
}

describe('the judge', () => {
  test('waits for a thread that the machine gave no time', async () => {
    const { answer } = await asked();
    vi.advanceTimersByTime(6 * PATTERN_JUDGE_MS);
    expect(await answer).toMatchObject({ status: 'safe' });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('does not wait for ever, and answers the next question', async () => {
    const { answer } = await asked();
    vi.advanceTimersByTime(7 * PATTERN_JUDGE_MS);
    expect(await answer).toBeUndefined();
    expect(await judgeGrowth(EASY)).toMatchObject({ status: 'safe' });
  });

  test('gives up on a pattern that has had its time', async () => {
    const { answer } = await asked();
    vi.spyOn(process, 'cpuUsage').mockReturnValue({ user: (PATTERN_JUDGE_MS / 2) * 1_000, system: 0 });
    vi.advanceTimersByTime(PATTERN_JUDGE_MS);
    expect(await answer).toBeUndefined();
  });
});
