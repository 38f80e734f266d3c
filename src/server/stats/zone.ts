/** What a time zone does to a day: offsets, the days they change on, and when a local day begins. By `Intl` alone. */
import { canonicalTimezone } from '../../core/timezone.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Years of zones whose changes are kept. */
const YEARS_KEPT = 2_000;

/**
 * Making a formatter takes 50 µs and more, asking it 2. Each takes some fifty kilobytes beside the heap, so zones are asked
 * for by their one name (`zoneNamed`), of which there are few hundred.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formatters.set(zone, formatter);
  }
  return formatter;
}

/** Names by how they may be written: few, for only those of zones are kept. */
const names = new Map<string, string>();

/** The one name of a zone, however it is written (`europe/berlin` is Europe/Berlin); undefined when there is none. */
export function zoneNamed(text: string): string | undefined {
  const written = text.toLowerCase();
  const known = names.get(written);
  if (known !== undefined) return known;
  const name = canonicalTimezone(text);
  if (name !== undefined) names.set(written, name);
  return name;
}

/** Local time minus UTC at an instant, ms. */
export function offsetAt(zone: string, at_ms: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of formatterOf(zone).formatToParts(at_ms)) part[type] = Number(value);
  const local = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!);
  return local - Math.floor(at_ms / 1000) * 1000;
}

/** Offset changes by zone and UTC year, worked out once: a year is 366 questions to Intl. */
const changesByYear = new Map<string, number[]>();

function changesIn(zone: string, year: number): number[] {
  const key = `${zone} ${year}`;
  let changes = changesByYear.get(key);
  if (changes) return changes;
  changes = [];
  const end = Date.UTC(year + 1, 0, 1);
  let low = Date.UTC(year, 0, 1);
  let before = offsetAt(zone, low);
  while (low < end) {
    const high = Math.min(low + DAY_MS, end);
    const after = offsetAt(zone, high);
    if (after !== before) changes.push(firstWithOffset(zone, { low, high, before }));
    low = high;
    before = after;
  }
  const [first] = changesByYear.keys();
  if (changesByYear.size >= YEARS_KEPT && first !== undefined) changesByYear.delete(first);
  changesByYear.set(key, changes);
  return changes;
}

/** The instant, to the second, from which the offset is no longer `before`. */
function firstWithOffset(zone: string, range: { low: number; high: number; before: number }): number {
  let { low, high } = range;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (offsetAt(zone, middle) === range.before) low = middle;
    else high = middle;
  }
  return high;
}

/** The instants in (from, to) at which the zone's offset changes. */
export function offsetChanges(zone: string, from_ms: number, to_ms: number): number[] {
  const changes: number[] = [];
  const last = new Date(to_ms).getUTCFullYear();
  for (let year = new Date(from_ms).getUTCFullYear(); year <= last; year += 1) {
    changes.push(...changesIn(zone, year).filter((at) => at > from_ms && at < to_ms));
  }
  return changes;
}

/** Days since 1970 of a local date at an instant. */
export function localDay(zone: string, at_ms: number): number {
  return Math.floor((at_ms + offsetAt(zone, at_ms)) / DAY_MS);
}

/**
 * The first instant whose local date is that day or later. A day without midnight begins at its first instant; a day that was
 * skipped is empty, so it begins where the next one does.
 */
export function dayStart(zone: string, day: number): number {
  const midnight = day * DAY_MS;
  let low = midnight - 27 * HOUR_MS;
  for (const change of [...offsetChanges(zone, low, midnight + 27 * HOUR_MS), Number.POSITIVE_INFINITY]) {
    const candidate = Math.max(low, midnight - offsetAt(zone, low));
    if (candidate < change) return candidate;
    low = change;
  }
  return low;
}

/** `2026-01-31` as days since 1970; undefined when there is no such date. */
export function dayFromText(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at_ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at_ms) || dayText(at_ms / DAY_MS) !== text ? undefined : at_ms / DAY_MS;
}

/** Days since 1970 as `2026-01-31`. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** An instant as local time with its offset: `2026-10-25T02:00:00+01:00`. */
export function localText(zone: string, at_ms: number): string {
  const offset = offsetAt(zone, at_ms);
  const minutes = Math.abs(offset) / MINUTE_MS;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const local = new Date(at_ms + offset).toISOString().slice(0, 19);
  return `${local}${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
