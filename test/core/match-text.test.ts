/** Text matching: the cases are data, because browsers run them too. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TEXT_OPERATORS, type TextOperator } from '../../src/core/goal.ts';
import { matchesText, normalizeText, textPattern } from '../../src/core/match-text.ts';
import cases from '../cases/text.json' with { type: 'json' };

describe('matching text', () => {
  test.each(cases)('$operator $pattern in $text is $matches: $why', ({ operator, pattern, text, matches }) => {
    const how = operator as TextOperator;
    expect(matchesText(how, normalizeText(pattern), normalizeText(text))).toBe(matches);
    expect(new RegExp(textPattern(how, normalizeText(pattern))).test(normalizeText(text))).toBe(matches);
  });

  test('normalising twice is normalising once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normalizeText(text);
        expect(normalizeText(once)).toBe(once);
      }),
    );
  });

  test('a pattern decides as the comparison does, with and without regard to Unicode', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab\\^$.*+?()[]{}|/- ') });
    fc.assert(
      fc.property(fc.constantFrom(...TEXT_OPERATORS), text, text, (operator, pattern, subject) => {
        const source = textPattern(operator, pattern);
        const expected = matchesText(operator, pattern, subject);
        expect([new RegExp(source).test(subject), new RegExp(source, 'iu').test(subject)]).toEqual([
          expected,
          expected,
        ]);
      }),
    );
  });

  test('what is equal is contained, begins and ends with itself', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const operator of TEXT_OPERATORS) expect(matchesText(operator, text, text)).toBe(true);
      }),
    );
  });
});
