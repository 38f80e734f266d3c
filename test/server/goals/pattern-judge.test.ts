/** Patterns that could freeze a page are refused, those owners need are not. */
import { describe, expect, test } from 'vitest';
import { Problem } from '../../../src/core/problem.ts';
import { judgePattern } from '../../../src/server/goals/pattern-judge.ts';
import { re2Regex } from '../../../src/server/goals/re2-regex.ts';
import cases from '../../cases/redos.json' with { type: 'json' };

async function verdictOn(pattern: string): Promise<string> {
  try {
    return (await judgePattern(pattern)).degree;
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_field') return 'refused';
    throw error;
  }
}

describe('judging patterns', () => {
  test.each(cases)('$pattern is $verdict: $why', async ({ pattern, verdict }) => {
    expect(await verdictOn(pattern)).toBe(verdict);
  });

  test('what is accepted compiles in both engines, as prepared', async () => {
    for (const { pattern } of cases.filter((row) => row.verdict !== 'refused')) {
      const { source, flags } = await judgePattern(pattern);
      expect(new RegExp(source, flags).test('')).toBe(re2Regex(source, flags).test(''));
    }
  });

  test('a refusal shows a text that would freeze the page and names the field', async () => {
    await expect(judgePattern('^(a+)+$', 'trigger.url.value')).rejects.toMatchObject({
      code: 'invalid_field',
      field: 'trigger.url.value',
      message: expect.stringMatching(/exponentially, for example on 'a'/),
    });
  });

  test('a refusal names the field that was asked about, also the second time', async () => {
    await expect(judgePattern('(', 'a')).rejects.toMatchObject({ field: 'a' });
    await expect(judgePattern('(', 'b')).rejects.toMatchObject({ field: 'b' });
  });

  test('many questions at once are all answered', async () => {
    const patterns = Array.from({ length: 12 }, (_, index) => `^/page-${index}/[a-z]+$`);
    const verdicts = await Promise.all(patterns.map((pattern) => judgePattern(pattern)));
    expect(verdicts.map(({ degree }) => degree)).toEqual(patterns.map(() => 'linear'));
  });

  test('the event loop turns while a pattern is judged', async () => {
    let turns = 0;
    let judged = false;
    const turn = () => {
      turns += 1;
      if (!judged) setImmediate(turn);
    };
    turn();
    await judgePattern('^/[a-z0-9-]{2,20}-p\\d+$');
    judged = true;
    expect(turns).toBeGreaterThan(10);
  });
});
