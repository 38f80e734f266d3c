/** One record of the journal: an enriched event as one line of CSV, which the engine reads natively. */
import { crc32 } from 'node:zlib';
import type { SessionDimensions } from './event-store.ts';

/** Version of the line's layout; it stands in a segment's file name, so that a newer release can drain older segments. */
export const ROW_FORMAT = 1;

/**
 * The columns of a line in their order, with the engine type each is read as. An empty field is NULL.
 * Times are ms since 1970 UTC; money is signed micro-units; visitor and session are unsigned 64-bit decimals.
 */
export const ROW_COLUMNS = {
  site: 'INTEGER',
  id: 'UUID',
  ts: 'BIGINT',
  received: 'BIGINT',
  name: 'VARCHAR',
  origin: 'VARCHAR',
  view_kind: 'VARCHAR',
  view: 'UUID',
  action: 'UUID',
  visitor: 'UBIGINT',
  session: 'UBIGINT',
  identified: 'BOOLEAN',
  url: 'VARCHAR',
  hostname: 'VARCHAR',
  path: 'VARCHAR',
  title: 'VARCHAR',
  referrer: 'VARCHAR',
  source: 'VARCHAR',
  referrer_host: 'VARCHAR',
  utm_source: 'VARCHAR',
  utm_medium: 'VARCHAR',
  utm_campaign: 'VARCHAR',
  utm_term: 'VARCHAR',
  utm_content: 'VARCHAR',
  country: 'VARCHAR',
  region: 'VARCHAR',
  city: 'VARCHAR',
  language: 'VARCHAR',
  browser: 'VARCHAR',
  os: 'VARCHAR',
  device: 'VARCHAR',
  viewport: 'INTEGER',
  amount: 'BIGINT',
  currency: 'VARCHAR',
  order_id: 'VARCHAR',
  props: 'VARCHAR',
  engaged_ms: 'BIGINT',
  scroll: 'INTEGER',
  bot: 'BOOLEAN',
  test: 'BOOLEAN',
  foreign_id: 'VARCHAR',
  conversions: 'VARCHAR',
  crc: 'VARCHAR',
} as const;

/** One goal an event converted. */
export interface RowConversion {
  /** The goal's number. */
  goal: number;
  /** Generation the row is written for; while a backfill runs, an event carries one of each. */
  generation: number;
  /** Version of the goal that counted it. */
  version: number;
  /** The conversion's key: 32 hex digits (core `conversionKey`). */
  key: string;
  /** The key is unique for ever (scope `o:`, or `v:` of an identified visitor), so it is claimed; others only within weeks. */
  lasting: boolean;
  /** Micro-units of `currency`; undefined counts without money. */
  amount?: bigint | undefined;
  currency?: string | undefined;
}

/**
 * An event with everything known of it. Members are in the order of ROW_COLUMNS; '' means unknown.
 * `source`, `referrer*`, `utm_*`, place, `language`, `browser`, `os`, `device` are the SESSION's (its first event's) and
 * must be the same on every row of a session, as must `visitor`, `bot` and `test`: the store keeps them once.
 * `url`, `hostname`, `path`, `title` are the event's own.
 */
export interface EventRow {
  /** The site's number. */
  site: number;
  /** UUID (core `eventUuid`). */
  id: string;
  /** Event time, ms. */
  ts: number;
  /** Receipt, ms; duplicates are looked for by it. */
  received: number;
  name: string;
  origin: 'browser' | 'server';
  view_kind: 'load' | 'virtual' | '';
  /** UUID of the view's `$pageview` event. */
  view: string;
  /** UUID of the user action. */
  action: string;
  /** Unsigned 64-bit decimal; '' for server events that name nobody. */
  visitor: string;
  /** Unsigned 64-bit decimal; '' for events outside any session. */
  session: string;
  /** The visitor's id is kept for ever (named by browser or server), so `v:` keys must be unique for ever. */
  identified: boolean;
  url: string;
  hostname: string;
  path: string;
  title: string;
  referrer: string;
  source: string;
  referrer_host: string;
  utm_source: string;
  utm_medium: string;
  utm_campaign: string;
  utm_term: string;
  utm_content: string;
  /** ISO 3166-1 alpha-2, upper case. */
  country: string;
  /** `code|name`, as `BE|Berlin`; either side may be empty (`BE|`), unknown is ''. Filters match code or name. */
  region: string;
  city: string;
  language: string;
  browser: string;
  os: string;
  device: 'desktop' | 'mobile' | 'tablet' | '';
  /** CSS px; 0 is unknown. */
  viewport: number;
  amount: bigint | undefined;
  currency: string;
  order_id: string;
  /** JSON object; '' for none. */
  props: string;
  /** Visible ms and furthest percentage, on `$engagement` only; undefined elsewhere. */
  engaged_ms: number | undefined;
  scroll: number | undefined;
  bot: boolean;
  test: boolean;
  /** The sender's id where it is not a UUID. */
  foreign_id: string;
  conversions: readonly RowConversion[];
}

/** Separates the items of `conversions`; a control character, and those are removed from every text. */
export const CONVERSION_SEPARATOR = '\u001f';

/** Controls would break a record into lines; commas and quotes are what CSV quotes for. */
const UNSAFE = /[\p{Cc}\u2028\u2029]/gu;
const SPECIAL = /[\p{Cc}\u2028\u2029",]/u;

/** One text field: a record is one line, so controls become spaces; quoted only when it must be. */
function field(text: string): string {
  if (!SPECIAL.test(text)) return text;
  const line = text.replace(UNSAFE, ' ');
  return line.includes('"') || line.includes(',') ? `"${line.replaceAll('"', '""')}"` : line;
}

/** `goal:generation:version:key:lasting:amount:currency` */
function conversionItem(item: RowConversion): string {
  const currency = (item.currency ?? '').replace(/[\p{Cc}:",]/gu, '');
  return `${item.goal}:${item.generation}:${item.version}:${item.key}:${item.lasting ? 1 : 0}:${item.amount ?? ''}:${currency}`;
}

/** The fields from `referrer` to `device`, which are the same on every row of a session. */
export function encodeDimensions(of: SessionDimensions): string {
  return (
    `${field(of.referrer)},${field(of.source)},${field(of.referrer_host)},${field(of.utm_source)},${field(of.utm_medium)},` +
    `${field(of.utm_campaign)},${field(of.utm_term)},${field(of.utm_content)},${field(of.country)},${field(of.region)},` +
    `${field(of.city)},${field(of.language)},${field(of.browser)},${field(of.os)},${field(of.device)}`
  );
}

/** The record without its checksum. */
function encodeFields(row: EventRow, dimensions: string): string {
  const conversions =
    row.conversions.length === 0 ? '' : row.conversions.map(conversionItem).join(CONVERSION_SEPARATOR);
  return (
    `${row.site},${row.id},${row.ts},${row.received},${field(row.name)},${row.origin},${row.view_kind},${row.view},` +
    `${row.action},${row.visitor},${row.session},${row.identified ? 1 : 0},${field(row.url)},${field(row.hostname)},` +
    `${field(row.path)},${field(row.title)},${dimensions},${row.viewport || ''},${row.amount ?? ''},` +
    `${field(row.currency)},${field(row.order_id)},${field(row.props)},${row.engaged_ms ?? ''},${row.scroll ?? ''},` +
    `${row.bot ? 1 : 0},${row.test ? 1 : 0},${field(row.foreign_id)},${conversions}`
  );
}

/** CRC32 of a text's UTF-8 bytes as 8 hex digits. */
function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}

/**
 * One record, ending in a line feed. Its last field is the CRC32 of the UTF-8 bytes before that field's comma. Who keeps
 * `encodeDimensions` of the session saves most of the work.
 */
export function encodeRow(row: EventRow, dimensions = encodeDimensions(row)): string {
  const fields = encodeFields(row, dimensions);
  return `${fields},${checksum(fields)}\n`;
}

/** Whether a record (without its line feed) is whole and unchanged. */
export function isWholeRow(line: string): boolean {
  return line.length > 9 && line.at(-9) === ',' && checksum(line.slice(0, -9)) === line.slice(-8);
}
