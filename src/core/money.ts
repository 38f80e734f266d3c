/** Money is a signed count of micro-units (bigint) beside a currency; decimal text in and out, never binary fractions. */
import { currencyDigits } from './currency.ts';
import { AMOUNT_UNITS, MICROS_PER_UNIT, MONEY_TEXT_CHARACTERS } from './limits.ts';

const MICRO_DIGITS = 6;
const LARGEST_MICROS = BigInt(AMOUNT_UNITS) * MICROS_PER_UNIT;
const LARGEST_MICRO_DIGITS = String(LARGEST_MICROS).length;

/** Sign, whole digits, fraction digits, exponent; what `String(number)` writes is always of this form. */
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * Micro-units of an amount a program wrote: a decimal string with a point (`"49.99"`, `"-1e3"`), a JS number (through
 * its shortest decimal string, so that 0.1 is 0.1) or a bigint of whole units. More than six decimals are rounded
 * half to even. undefined for anything else, and beyond ±AMOUNT_UNITS.
 */
export function parseAmount(raw: unknown): bigint | undefined {
  const text =
    typeof raw === 'string' ? raw.trim() : typeof raw === 'number' || typeof raw === 'bigint' ? String(raw) : '';
  if (text.length > MONEY_TEXT_CHARACTERS) return undefined;
  const found = DECIMAL.exec(text);
  if (found === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = found;
  if (whole.length + fraction.length === 0) return undefined;

  const digits = (whole + fraction).replace(/^0+/, '');
  const micros = scaled(digits, MICRO_DIGITS + Number(exponent) - fraction.length);
  if (micros === undefined || micros > LARGEST_MICROS) return undefined;
  return sign === '-' ? -micros : micros;
}

/** `digits × 10^shift`, rounded half to even; undefined when it is far too large to be worth computing. */
function scaled(digits: string, shift: number): bigint | undefined {
  if (digits === '') return 0n;
  if (digits.length + shift > LARGEST_MICRO_DIGITS) return undefined;
  if (shift >= 0) return BigInt(digits) * 10n ** BigInt(shift);
  if (-shift > digits.length) return 0n;
  const divisor = 10n ** BigInt(-shift);
  const value = BigInt(digits);
  const quotient = value / divisor;
  const twice = (value % divisor) * 2n;
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return up ? quotient + 1n : quotient;
}

/**
 * The amount as a decimal string, `49990000n` → `"49.99"`: with at least the currency's minor digits (two when no
 * currency is given) and as many more, up to six, as the amount needs.
 */
export function formatMicros(micros: bigint, currency?: string): string {
  const digits = currency === undefined ? 2 : currencyDigits(currency);
  const size = micros < 0n ? -micros : micros;
  const fraction = String(size % MICROS_PER_UNIT).padStart(MICRO_DIGITS, '0');
  let kept = MICRO_DIGITS;
  while (kept > digits && fraction[kept - 1] === '0') kept -= 1;
  return `${micros < 0n ? '-' : ''}${size / MICROS_PER_UNIT}${kept > 0 ? `.${fraction.slice(0, kept)}` : ''}`;
}
