/** How large patterns become when they are compiled, and that nobody can fill the server's memory with them. */
import { describe, expect, test } from 'vitest';
import { PATTERN_STEPS, PATTERN_STEPS_KEPT } from '../../../src/core/limits.ts';
import { prepareRegex } from '../../../src/core/prepare-regex.ts';
import { judgePattern } from '../../../src/server/goals/pattern-judge.ts';
import { patternSize } from '../../../src/server/goals/pattern-size.ts';
import { compileRe2, keptPatterns, re2Regex } from '../../../src/server/goals/re2-regex.ts';
import cases from '../../cases/redos.json' with { type: 'json' };

/** Small to write, large to run. */
const LARGE = ['[a-z]{1000}'.repeat(150), `(?:${'[ab]'.repeat(450)}){1000}`, `(?:${'a'.repeat(1_900)}){1000}`];

describe('the size of a pattern', () => {
  test('is close to what the linear engine makes of it', () => {
    const more = ['^/[\\w-]{1,64}/\\d{1,12}$', '(?:ab|cd|e){2,5}', '[a-z]{100}', '(?:x{10}){20}', 'a{3,}b*c+d?'];
    const accepted = cases.filter(({ verdict }) => verdict !== 'refused').map(({ pattern }) => pattern);
    for (const pattern of [...more, ...accepted]) {
      const { source, flags } = prepareRegex(pattern);
      const steps = compileRe2(source, flags).programSize();
      const estimate = patternSize(source, flags);
      expect(estimate, pattern).toBeGreaterThan(steps / 2 - 10);
      expect(estimate, pattern).toBeLessThan(2 * steps + 10);
    }
  });

  test.each(LARGE)('%.20s… is refused before anything is made of it', async (pattern) => {
    const before = keptPatterns();
    await expect(judgePattern(pattern, 'value')).rejects.toMatchObject({
      code: 'invalid_field',
      field: 'value',
      message: expect.stringContaining('too large'),
    });
    expect(keptPatterns()).toEqual(before);
  });

  test('a list of as many pages as a pattern has room for is not too large', () => {
    const pages = Array.from({ length: 180 }, (_, n) => `page-${n}`).join('|');
    expect(patternSize(`^/(?:${pages})$`, 'u')).toBeLessThan(PATTERN_STEPS);
  });
});

test('a refused pattern is not kept', async () => {
  const before = keptPatterns();
  await expect(judgePattern('^(?:a|b|ab)+(?:a|b)+never-kept$')).rejects.toMatchObject({ code: 'invalid_field' });
  expect(keptPatterns()).toEqual(before);
});

test('the patterns that are kept have a bound, and the last of them stays', () => {
  const largest = (n: number) => `^/${n}/${'[^/]{1,255}/'.repeat(Math.floor(PATTERN_STEPS / 520))}`;
  for (let n = 0; n < 300; n += 1) {
    re2Regex(largest(n), 'u');
    expect(keptPatterns().steps).toBeLessThanOrEqual(PATTERN_STEPS_KEPT);
  }
  const { patterns, steps } = keptPatterns();
  expect(steps).toBeGreaterThan(PATTERN_STEPS_KEPT / 2);
  expect(re2Regex(largest(299), 'u').test('/299/a/b/c/d/e/f/g/h/i/j/')).toBe(true);
  expect(keptPatterns().patterns).toBe(patterns);
});
