/** Text matching: the cases are data, because browsers run them too. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TextOperator } from '../../src/core/goal.ts';
import { matchesText, normalizeText } from '../../src/core/match-text.ts';
import { PLAN_TEXT_OPERATORS } from '../../src/core/plan.ts';
import cases from '../cases/text.json' with { type: 'json' };

describe('matching text', () => {
  test.each(cases)('$operator $pattern in $text is $matches: $why', ({ operator, pattern, text, matches }) => {
    const number = PLAN_TEXT_OPERATORS[operator as TextOperator];
    expect(matchesText(number, normalizeText(pattern), normalizeText(text))).toBe(matches);
  });

  test('normalising twice is normalising once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normalizeText(text);
        expect(normalizeText(once)).toBe(once);
      }),
    );
  });

  test('what is equal is contained, begins and ends with itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const operator of Object.values(PLAN_TEXT_OPERATORS)) expect(matchesText(operator, text, text)).toBe(true);
      }),
    );
  });
});
