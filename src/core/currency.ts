/** Currencies: ISO 4217 as the engine's Intl knows it, their minor digits, and the signs that pages print for them. */

const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Digits of a currency nobody knows, and of nearly all that are known. */
const USUAL_DIGITS = 2;
const digitsByCode = new Map<string, number>();

/**
 * Sign → currencies it may stand for, the commonest first. A first entry of '' means that the sign alone says too
 * little (`kr` is Swedish, Norwegian, Danish and Icelandic): then only the expected currency can settle it.
 * Longer signs come first, so that `US$` is not read as `$`.
 */
const SIGNS: readonly (readonly [sign: string, ...codes: string[]])[] = [
  ['US$', 'USD'],
  ['AU$', 'AUD'],
  ['CA$', 'CAD'],
  ['NZ$', 'NZD'],
  ['HK$', 'HKD'],
  ['NT$', 'TWD'],
  ['MX$', 'MXN'],
  ['SG$', 'SGD'],
  ['R$', 'BRL'],
  ['A$', 'AUD'],
  ['C$', 'CAD', 'NIO'],
  ['S$', 'SGD'],
  ['CN¥', 'CNY'],
  ['JP¥', 'JPY'],
  ['RMB', 'CNY'],
  ['Fr.', 'CHF'],
  ['SFr.', 'CHF'],
  ['kr.', '', 'DKK', 'SEK', 'NOK', 'ISK'],
  ['kr', '', 'SEK', 'NOK', 'DKK', 'ISK'],
  ['Kč', 'CZK'],
  ['zł', 'PLN'],
  ['Ft', 'HUF'],
  ['lei', 'RON', 'MDL'],
  ['лв.', 'BGN'],
  ['лв', 'BGN'],
  ['руб.', 'RUB', 'BYN'],
  ['грн', 'UAH'],
  ['Rs.', '', 'INR', 'PKR', 'LKR', 'NPR', 'MUR'],
  ['Rs', '', 'INR', 'PKR', 'LKR', 'NPR', 'MUR'],
  ['Rp', 'IDR'],
  ['RM', 'MYR'],
  ['د.إ', 'AED'],
  ['ر.س', 'SAR'],
  [
    '$',
    'USD',
    'CAD',
    'AUD',
    'NZD',
    'HKD',
    'SGD',
    'TWD',
    'MXN',
    'ARS',
    'CLP',
    'COP',
    'UYU',
    'BRL',
    'JMD',
    'FJD',
    'BBD',
    'BMD',
    'BSD',
    'BZD',
    'GYD',
    'KYD',
    'LRD',
    'NAD',
    'SBD',
    'SRD',
    'TTD',
    'XCD',
    'DOP',
    'NIO',
    'CUP',
    'BND',
  ],
  ['€', 'EUR'],
  ['£', 'GBP', 'EGP', 'GIP', 'FKP', 'SHP', 'LBP', 'SYP', 'SDG'],
  ['¥', 'JPY', 'CNY'],
  ['円', 'JPY'],
  ['元', 'CNY', 'TWD', 'HKD'],
  ['₹', 'INR'],
  ['₽', 'RUB'],
  ['₩', 'KRW', 'KPW'],
  ['₺', 'TRY'],
  ['₴', 'UAH'],
  ['₪', 'ILS'],
  ['฿', 'THB'],
  ['₫', 'VND'],
  ['₱', 'PHP', 'CUP'],
  ['₦', 'NGN'],
  ['₵', 'GHS'],
  ['₸', 'KZT'],
  ['₼', 'AZN'],
  ['₾', 'GEL'],
  ['₲', 'PYG'],
  ['₡', 'CRC'],
  ['₭', 'LAK'],
  ['₮', 'MNT'],
  ['৳', 'BDT'],
  ['₨', '', 'INR', 'PKR', 'LKR', 'NPR', 'MUR', 'SCR'],
];

/** True for an upper-case ISO 4217 code. */
export function isCurrency(code: string): boolean {
  return CODES.has(code);
}

/** Minor digits: EUR 2, JPY 0, KWD 3; 2 for codes that are not ISO 4217. */
export function currencyDigits(code: string): number {
  let digits = digitsByCode.get(code);
  if (digits === undefined) {
    digits = CODES.has(code)
      ? (new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits ??
        USUAL_DIGITS)
      : USUAL_DIGITS;
    // Free codes are not remembered: strangers could make the map grow.
    if (CODES.has(code)) digitsByCode.set(code, digits);
  }
  return digits;
}

/** A sign at the start or the end of a text. */
export interface FoundSign {
  /** '' when the sign stands for several currencies and none of them is expected. */
  currency: string;
  /** How many UTF-16 units it takes. */
  length: number;
}

/** The currency sign or code the text begins (`side: 'start'`) or ends (`'end'`) with. */
export function findSign(
  text: string,
  options: { side: 'start' | 'end'; expected?: string | undefined },
): FoundSign | undefined {
  const { side, expected } = options;
  const code =
    side === 'start' ? /^[A-Za-z]{3}(?![\p{L}$])/u.exec(text)?.[0] : /(?<!\p{L})[A-Za-z]{3}$/u.exec(text)?.[0];
  // Any case for the expected currency, upper case for others: `all` and `try` are words, ALL and TRY are money.
  if (code !== undefined && (CODES.has(code) || code.toUpperCase() === expected)) {
    return { currency: code.toUpperCase(), length: 3 };
  }
  for (const [sign, ...codes] of SIGNS) {
    if (!(side === 'start' ? text.startsWith(sign) : text.endsWith(sign)) || !standsAlone(text, sign, side)) continue;
    const currency = expected !== undefined && codes.includes(expected) ? expected : (codes[0] ?? '');
    return { currency, length: sign.length };
  }
  return undefined;
}

/** A sign made of letters is one only where no further letter touches it: `Rp` in `Rp 5`, not in `Corp 5`. */
function standsAlone(text: string, sign: string, side: 'start' | 'end'): boolean {
  const neighbour =
    side === 'start' ? text.slice(sign.length, sign.length + 1) : text.slice(-sign.length - 1, -sign.length);
  const edge = side === 'start' ? sign.slice(-1) : sign.slice(0, 1);
  return !(/\p{L}/u.test(edge) && /\p{L}/u.test(neighbour));
}

/** The ISO 4217 code a page or a server means: `eur`, ` EUR ` and `€` are EUR; undefined when it is none. */
export function readCurrency(raw: unknown, expected?: string): string | undefined {
  if (typeof raw !== 'string' || raw.length > 16) return undefined;
  const text = raw.trim();
  const code = text.toUpperCase();
  if (CODES.has(code)) return code;
  const sign = findSign(text, { side: 'start', expected });
  return sign !== undefined && sign.length === text.length && sign.currency !== '' ? sign.currency : undefined;
}
