/** Currencies and their signs. */
import { describe, expect, it } from 'vitest';
import { currencyDigits, findSign, isCurrency, readCurrency } from '../../src/core/currency.ts';

describe('currencies', () => {
  it('are those of ISO 4217', () => {
    for (const code of ['EUR', 'USD', 'JPY', 'KWD', 'CHF']) expect(isCurrency(code)).toBe(true);
    for (const code of ['eur', 'EURO', '', '€', 'BTC', '__proto__']) expect(isCurrency(code)).toBe(false);
  });

  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['POINTS', 2],
    ['', 2],
    ['<b>', 2],
  ])('%s has %i minor digits', (code, digits) => {
    expect(currencyDigits(code)).toBe(digits);
    expect(currencyDigits(code)).toBe(digits);
  });

  it.each([
    ['eur', undefined, 'EUR'],
    [' EUR ', undefined, 'EUR'],
    ['€', undefined, 'EUR'],
    ['$', undefined, 'USD'],
    ['$', 'CAD', 'CAD'],
    ['US$', 'CAD', 'USD'],
    ['kr', undefined, undefined],
    ['kr', 'SEK', 'SEK'],
    ['EURO', undefined, undefined],
    ['', undefined, undefined],
    ['5', undefined, undefined],
    ['€5', undefined, undefined],
    [5, undefined, undefined],
    [null, undefined, undefined],
    ['x'.repeat(1_000_000), undefined, undefined],
  ])('reads %s where %s is expected as %s', (raw, expected, code) => {
    expect(readCurrency(raw, expected)).toBe(code);
  });

  it('names only currencies that exist by its signs', () => {
    for (const sign of '$€£¥₹₽₩₺₴₪฿₫₱₦₵₸₼₾₲₡₭₮৳') {
      expect(isCurrency(findSign(sign, { side: 'start' })?.currency ?? '')).toBe(true);
    }
  });
});
