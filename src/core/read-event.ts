/** The parts of an event that browsers and servers send alike, read one by one; nothing here throws. */
import { cleanText, cutCharacters, isLonger } from './characters.ts';
import { readCurrency } from './currency.ts';
import type { MetGoal, Properties } from './event.ts';
import {
  EVENT_NAME_CHARACTERS,
  EVENT_PROPERTIES,
  GOAL_KEY_CHARACTERS,
  GOALS_PER_SITE,
  MONEY_TEXT_CHARACTERS,
  PROPERTY_KEY_CHARACTERS,
  PROPERTY_VALUE_CHARACTERS,
  URL_CHARACTERS,
} from './limits.ts';
import { parseAmount } from './money.ts';
import { normalizeUrl } from './page-url.ts';
import { readMoney } from './read-money.ts';
import { redactUrl } from './redact.ts';

/** What is longer than this many times a limit is not even cleaned. */
const GENEROSITY = 4;

/** A trimmed event name of 1 to EVENT_NAME_CHARACTERS; undefined otherwise. */
export function readName(raw: unknown): string | undefined {
  if (typeof raw !== 'string' || raw.length > GENEROSITY * EVENT_NAME_CHARACTERS) return undefined;
  const name = cleanText(raw).trim();
  return name === '' || isLonger(name, EVENT_NAME_CHARACTERS) ? undefined : name;
}

/** A text cut to `most` characters; undefined when there is none. */
export function readCut(raw: unknown, most: number): string | undefined {
  if (typeof raw !== 'string') return undefined;
  const text = cleanText(raw.length > GENEROSITY * most ? raw.slice(0, GENEROSITY * most) : raw).trim();
  return text === '' ? undefined : cutCharacters(text, most);
}

/** The URL, redacted again. Most have nothing that could need it, and looking is twenty times as fast. */
export function redactAgain(url: string, redact: readonly string[]): string {
  return /[?&#;@%]/.test(url) ? redactUrl(url, redact) : url;
}

/**
 * An absolute http(s) URL, redacted again and then cut; undefined otherwise. Redaction comes first, so that no half of
 * a secret survives the cut.
 */
export function readUrl(raw: unknown, redact: readonly string[]): string | undefined {
  if (typeof raw !== 'string') return undefined;
  const text = cleanText(raw.slice(0, GENEROSITY * URL_CHARACTERS)).trim();
  if (!/^https?:\/\//i.test(text)) return undefined;
  const url = cutCharacters(redactAgain(text, redact), URL_CHARACTERS);
  return normalizeUrl(url)?.host ? url : undefined;
}

/**
 * The properties that keep the limits: strings, finite numbers and booleans, keys and values no longer than allowed,
 * the first EVENT_PROPERTIES of them. The others are left out. No key can reach a prototype.
 */
export function readProperties(raw: unknown): Properties {
  const properties: Properties = {};
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return properties;
  let count = 0;
  for (const [name, value] of Object.entries(raw)) {
    if (count === EVENT_PROPERTIES) break;
    const key = readCutless(name, PROPERTY_KEY_CHARACTERS)?.trim();
    const kept = typeof value === 'string' ? readCutless(value, PROPERTY_VALUE_CHARACTERS) : readPlain(value);
    if (!key || key === '__proto__' || kept === undefined) continue;
    if (!Object.hasOwn(properties, key)) count += 1;
    properties[key] = kept;
  }
  return properties;
}

function readCutless(text: string, most: number): string | undefined {
  return isLonger(text, most) ? undefined : cleanText(text);
}

function readPlain(value: unknown): number | boolean | undefined {
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)) ? value : undefined;
}

/** Money as it was sent. */
export interface SentMoney {
  amount_micros?: bigint;
  currency?: string;
  /** An amount was sent and could not be kept: it is unreadable, or its currency is unknown. */
  bad: boolean;
}

/**
 * Amount and currency. With `lenient`, an amount that no program would write is read as people write it (`49,99 €`):
 * pages pass on what they show; `expected` is the site's currency. An amount in a currency nobody knows is dropped:
 * counting it in another would be false.
 */
export function readSentMoney(
  amount: unknown,
  code: unknown,
  { lenient, expected }: { lenient: boolean; expected: string },
): SentMoney {
  const named = code !== undefined && code !== null && code !== '';
  const currency = named ? readCurrency(code, expected) : undefined;
  const stated = currency === undefined ? {} : { currency };
  if (amount === undefined || amount === null || amount === '') return { ...stated, bad: false };
  if (named && currency === undefined) return { bad: true };
  const micros = parseAmount(amount);
  if (micros !== undefined) return { ...stated, amount_micros: micros, bad: false };
  const read = lenient && typeof amount === 'string' ? readMoney(amount, currency ?? expected) : undefined;
  if (read === undefined) return { ...stated, bad: true };
  const found = currency ?? read.currency;
  return { amount_micros: read.micros, ...(found === undefined ? {} : { currency: found }), bad: false };
}

/** The goals a browser found met, each alone or with raw value and raw currency. */
export function readMetGoals(raw: unknown): MetGoal[] {
  if (!Array.isArray(raw)) return [];
  return raw.slice(0, GOALS_PER_SITE).flatMap((item: unknown) => {
    const [id, amount, currency] = Array.isArray(item) ? (item as unknown[]) : [item];
    if (typeof id !== 'string' || id === '' || id.length > GOAL_KEY_CHARACTERS) return [];
    const met: MetGoal = { goal_id: id };
    const text = typeof amount === 'number' ? String(amount) : readCut(amount, MONEY_TEXT_CHARACTERS);
    const code = readCut(currency, MONEY_TEXT_CHARACTERS);
    if (text !== undefined) met.raw_amount = text;
    if (code !== undefined) met.raw_currency = code;
    return [met];
  });
}
