/**
 * Reads the money people see on pages: `49,99`, `$1,299.00`, `1.299,00 €`, `1 299,00`, `CHF 1'299.50`, `49,-`.
 *
 * Decisions, where a text can be read in two ways:
 * - One separator before exactly three digits groups thousands (`1.299` and `1,299` are 1299), except after a leading
 *   zero, after more than three digits, or in a currency of three minor digits (KWD 1.299 is 1.299).
 * - Of several numbers, those beside a currency sign or code count; when these differ, or none has one, the text is
 *   unreadable. Percentages, ranges (`10–20 €`) and numbers grown together with letters (`2x`, `10kg`) are no price.
 * - Cents in an element of their own (`49 , 99 €`) belong to what is before; without a comma (`49 99 €`) they might be
 *   another number, and the text is unreadable.
 * - `$` and other shared signs mean the expected currency where they can, else the commonest.
 * - Parentheses say nothing: pages put prices into them more often than accountants do.
 */
import { currencyDigits, type FoundSign, findSign, isCurrency } from './currency.ts';
import { MONEY_TEXT_CHARACTERS } from './limits.ts';
import { parseAmount } from './money.ts';

/** What a text says. */
export interface ReadMoney {
  micros: bigint;
  /** ISO 4217, when the text names it. */
  currency?: string;
}

/** Zeros of the decimal digits that shops print besides ASCII: Arabic, Persian, Devanagari, Bengali, full width. */
const DIGIT_ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xff10] as const;
const OTHER_DIGIT = /[٠-٩۰-۹०-९০-৯０-９]/g;

/** Spaces that group digits: plain, no-break, narrow no-break, thin, figure. Tabs and line ends never do. */
const GROUPING_SPACE = /[\u00a0\u202f\u2009\u2007]/g;

/** The gap before cents that are an element of their own: after ` ,` always, after `,` beside a currency. */
const SPLIT_CENTS =
  /(?<=\d) (?=[.,] ?\d\d(?!\d))|(?<=\d [.,]|(?:\p{Sc}|\b[A-Z]{3}) ?\d[\d.,]*[.,]) (?=\d\d(?!\d| ?[\p{L}%]))|(?<=\d[.,]) (?=\d\d ?(?:\p{Sc}|[A-Z]{3}\b))/gu;
/** Such cents without a comma, `49 99 €`: as likely another number. */
const TORN_BEFORE = /\d $/;
const TORN_AFTER = /^ \d\d(?![\d.,]*\d| ?[\p{L}%])/u;

/** Digits with groups of three after single spaces, or with separators; or a bare fraction such as `.99`. */
const NUMBER = /\d{1,3}(?: \d{3}(?!\d))+(?:[.,]\d+)?(?![.,']?\d)|\d+(?:[.,']\d+)*|(?<![\d.,'])\.\d+/g;

/** One number of a text with what stands around it. */
interface Candidate extends ReadMoney {
  /** A currency sign or code stands beside it. */
  marked: boolean;
  /** It is one end of a range, or perhaps half a price. */
  part: boolean;
}

/** The one amount a page's text shows; undefined when it shows none, or several. */
export function readMoney(text: string, expected?: string): ReadMoney | undefined {
  if (text.length > MONEY_TEXT_CHARACTERS) return undefined;
  const candidates = readCandidates(plainText(text), expected);
  const marked = candidates.filter((candidate) => candidate.marked);
  const [first, ...others] = marked.length > 0 ? marked : candidates;
  if (first === undefined || first.part) return undefined;
  if (others.some((other) => other.part || other.micros !== first.micros || other.currency !== first.currency))
    return undefined;
  return first.currency === undefined ? { micros: first.micros } : { micros: first.micros, currency: first.currency };
}

/** As programs write it if it can be read so (`"1.299"` is 1.299), else as people do. For values that may be either. */
export function readAmount(raw: unknown, expected?: string): ReadMoney | undefined {
  const micros = parseAmount(raw);
  if (micros !== undefined) return { micros };
  return typeof raw === 'string' ? readMoney(raw, expected) : undefined;
}

/** ASCII digits, one kind of space, of minus and of apostrophe; Arabic separators as the ones they equal. */
function plainText(text: string): string {
  return text
    .replace(GROUPING_SPACE, ' ')
    .replace(OTHER_DIGIT, (digit) => {
      const code = digit.charCodeAt(0);
      return String(code - (DIGIT_ZEROS.find((zero) => code >= zero && code < zero + 10) ?? code));
    })
    .replace(/[−﹣-]/g, '-')
    .replace(/[’‘´`٬]/g, "'")
    .replace(/٫/g, '.')
    .replace(/，/g, ',')
    .replace(/．/g, '.')
    .replace(/￥/g, '¥')
    .replace(/＄/g, '$')
    .replace(SPLIT_CENTS, '');
}

function readCandidates(text: string, expected: string | undefined): Candidate[] {
  const candidates: Candidate[] = [];
  // A sign between two numbers belongs to one of them only.
  let taken = 0;
  for (const match of text.matchAll(NUMBER)) {
    const end = match.index + match[0].length;
    // `49,-` and `5.–` are whole amounts.
    const stop = /^[.,][-–—]+/.exec(text.slice(end));
    const before = text.slice(taken, match.index);
    const after = text.slice(end + (stop?.[0].length ?? 0));
    const around = readAround(before, after, expected);
    if (around === undefined) continue;
    taken = around.trail === undefined ? end : text.length - around.rest.length + around.trail.length;
    const currency = around.sign?.currency || undefined;
    const micros = parseAmount(decimalOf(match[0], currency ?? expected));
    if (micros === undefined) continue;
    const ahead = text.slice(0, match.index);
    const torn = (/^\d\d$/.test(match[0]) && TORN_BEFORE.test(ahead)) || TORN_AFTER.test(text.slice(end));
    candidates.push({
      micros: around.negative ? -micros : micros,
      ...(currency === undefined ? {} : { currency }),
      marked: around.sign !== undefined,
      part: torn || isRange(ahead, after),
    });
  }
  return candidates;
}

/** What stands around a number. */
interface Around {
  sign: FoundSign | undefined;
  /** The sign after it, when it is this number's. */
  trail: FoundSign | undefined;
  /** The text from where that sign stands or would stand. */
  rest: string;
  negative: boolean;
}

/** Signs and minus around a number; undefined when what touches it makes it no amount (`2x`, `#7`, `20 %`). */
function readAround(before: string, after: string, expected: string | undefined): Around | undefined {
  if (/^\s*[%‰]/.test(after) || /[#№]\s?$/.test(before)) return undefined;
  const inner = /-$/.test(before) ? before.slice(0, -1) : before;
  const lead = findSign(inner.trimEnd(), { side: 'end', expected });
  const outer = lead === undefined ? inner : inner.trimEnd().slice(0, -lead.length);
  if (lead === undefined && /\p{L}$/u.test(before)) return undefined;

  // `5.00-`, as accountants write it.
  const behind = /^-(?=\s|$)/.test(after);
  const rest = after.slice(behind ? 1 : 0).trimStart();
  const next = findSign(rest, { side: 'start', expected });
  if (next === undefined && /^\p{L}/u.test(after)) return undefined;
  const trail = next !== undefined && lead !== undefined && /^\s*\d/.test(rest.slice(next.length)) ? undefined : next;

  // A code says more than a sign: `$49.99 CAD`.
  const sign =
    lead === undefined || (trail !== undefined && trail.length === 3 && isCurrency(rest.slice(0, 3))) ? trail : lead;
  const inside = inner !== before && !/[\p{L}\d]$/u.test(inner);
  const outside = lead !== undefined && /(?:^|[^\p{L}\d])-$/u.test(outer);
  return { sign, trail, rest, negative: inside || outside || behind };
}

/** A range that ends where the text ends: `10 – `, `$10 - $`. */
const RANGE_BEFORE = /\d\s*(?:\p{Sc}|[A-Z]{3})?\s*[-–—]\s*(?:\p{Sc}|[A-Z]{3})?\s*$/u;
/** A range that goes on: ` – 20`. */
const RANGE_AFTER = /^\s*(?:\p{Sc}|[A-Z]{3})?\s*[-–—]\s*(?:\p{Sc}|[A-Z]{3})?\s*\d/u;

/** `10–20`, `$10 - $20`: a dash with a number on its other side. */
function isRange(before: string, after: string): boolean {
  return RANGE_BEFORE.test(before) || RANGE_AFTER.test(after);
}

/** The number as a decimal string with a point; '' when its separators make no number (`1.2.3`, `31.12.2026`). */
function decimalOf(number: string, currency: string | undefined): string {
  const compact = number.replaceAll(' ', '');
  const separators: string[] = compact.match(/[.,']/g) ?? [];
  const last = separators.at(-1);
  if (last === undefined) return compact;
  const at = compact.lastIndexOf(last);
  const head = compact.slice(0, at);
  const tail = compact.slice(at + 1);
  const kinds = new Set(separators);
  if (kinds.size > 2) return '';
  if (compact !== number) return separators.length === 1 ? `${head}.${tail}` : '';
  if (kinds.size === 2) {
    const grouping = separators[0] ?? '';
    return separators.indexOf(last) === separators.length - 1 && last !== "'" && isGrouped(head, grouping)
      ? `${head.replaceAll(grouping, '')}.${tail}`
      : '';
  }
  if (separators.length > 1 || last === "'") return isGrouped(compact, last) ? compact.replaceAll(last, '') : '';
  const thousands =
    tail.length === 3 && /^[1-9]\d{0,2}$/.test(head) && (currency === undefined || currencyDigits(currency) !== 3);
  return thousands ? head + tail : `${head}.${tail}`;
}

/** Groups of three after a first of one to three digits; of two in between, as in India (`1,29,900`). */
function isGrouped(text: string, separator: string): boolean {
  const groups = text.split(separator);
  return groups.every((group, index) =>
    index === 0
      ? /^\d{1,3}$/.test(group)
      : index === groups.length - 1
        ? group.length === 3
        : group.length === 2 || group.length === 3,
  );
}
