/** Money: what programs write and what is written out again. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMOUNT_UNITS, MICROS_PER_UNIT } from '../../src/core/limits.ts';
import { formatMicros, parseAmount } from '../../src/core/money.ts';
import { readCases } from './read-cases.ts';

const cases = readCases<{
  parse: { raw: unknown; micros: string | null; why: string }[];
  format: { micros: string; currency: string | null; text: string }[];
}>('money');

const largest = BigInt(AMOUNT_UNITS) * MICROS_PER_UNIT;

describe('parseAmount', () => {
  it.each(cases.parse)('reads $raw as $micros ($why)', ({ raw, micros }) => {
    expect(parseAmount(raw)).toBe(micros === null ? undefined : BigInt(micros));
  });

  it('refuses what JSON cannot carry', () => {
    for (const raw of [Number.NaN, Number.POSITIVE_INFINITY, undefined, Symbol('5'), () => 5, new Date(0)]) {
      expect(parseAmount(raw)).toBeUndefined();
    }
  });

  it('takes a bigint as whole units', () => {
    expect(parseAmount(5n)).toBe(5_000_000n);
    expect(parseAmount(1_000_000_001n)).toBeUndefined();
  });

  it('reads back every amount it can write', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -largest, max: largest }), (micros) => {
        expect(parseAmount(formatMicros(micros))).toBe(micros);
      }),
    );
  });

  it('reads a number as the decimal it prints', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999, max: 99_999_999 }), (cents) => {
        expect(parseAmount(cents / 100)).toBe(BigInt(cents) * 10_000n);
      }),
    );
  });

  it('never throws, whatever the text', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseAmount(text)));
  });
});

describe('formatMicros', () => {
  it.each(cases.format)('writes $micros of $currency as $text', ({ micros, currency, text }) => {
    expect(formatMicros(BigInt(micros), currency ?? undefined)).toBe(text);
  });
});
