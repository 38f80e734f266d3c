/** Money as people see it on pages. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount } from '../../src/core/money.ts';
import { readAmount, readMoney } from '../../src/core/read-money.ts';
import { readCases } from './read-cases.ts';

const cases = readCases<{
  read: { text: string; expected: string; amount: string | null; currency: string | null; why: string }[];
}>('money');

describe('readMoney', () => {
  it.each(cases.read)('reads "$text" where $expected is expected as $amount $currency $why', (row) => {
    const read = readMoney(row.text, row.expected);
    if (row.amount === null) expect(read).toBeUndefined();
    else
      expect(read).toEqual({
        micros: parseAmount(row.amount),
        ...(row.currency === null ? {} : { currency: row.currency }),
      });
  });

  it.each([
    'en-US',
    'de-DE',
    'fr-FR',
    'de-CH',
    'en-IN',
    'sv-SE',
    'pl-PL',
    'pt-BR',
    'ja-JP',
    'ar-EG',
    'fa-IR',
    'hi-IN',
    'es-ES',
    'nl-NL',
    'cs-CZ',
  ])('reads what Intl prints in %s', (locale) => {
    for (const currency of ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'SEK', 'PLN', 'BRL', 'INR']) {
      const format = new Intl.NumberFormat(locale, {
        style: 'currency',
        currency,
        numberingSystem: locale === 'hi-IN' ? 'deva' : undefined,
      });
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 99_999_999 }), (cents) => {
          const amount = currency === 'JPY' ? cents : cents / 100;
          expect({ text: format.format(amount), micros: readMoney(format.format(amount), currency)?.micros }).toEqual({
            text: format.format(amount),
            micros: parseAmount(amount),
          });
        }),
        { numRuns: 30 },
      );
    }
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(..."0123456789.,' -–€$%kr()AEU\u00a0") }),
        (text) => void readMoney(text, 'EUR'),
      ),
      {
        numRuns: 2_000,
      },
    );
  });
});

describe('readAmount', () => {
  it('prefers what programs write', () => {
    expect(readAmount('1.299', 'EUR')).toEqual({ micros: 1_299_000n });
    expect(readAmount(49.99)).toEqual({ micros: 49_990_000n });
  });

  it('falls back on what people write', () => {
    expect(readAmount('1.299,00 €', 'USD')).toEqual({ micros: 1_299_000_000n, currency: 'EUR' });
    expect(readAmount('nothing', 'USD')).toBeUndefined();
    expect(readAmount(true, 'USD')).toBeUndefined();
  });
});
