/** Hours, days, weeks and months of a zone: boundaries by `Intl`, then arithmetic for the engine, exact on any day. */
import { SERIES_BUCKETS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { Interval } from './stats-sql.ts';
import { dayStart, dayText, localDay, localText, offsetAt, offsetChanges } from './zone.ts';

export const INTERVALS = ['hour', 'day', 'week', 'month'] as const;
export type IntervalName = (typeof INTERVALS)[number];

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Buckets that follow one another without gaps. */
export interface Buckets {
  /** n + 1 instants for n buckets, growing, ms since 1970 UTC. */
  bounds: number[];
  /** What each bucket is called: its local day, or its local hour with the offset. */
  labels: string[];
}

/** Starts of local hours; a change of offset starts a bucket of its own, so that a repeated hour is told apart. */
function hourBounds(zone: string, range: Interval): number[] {
  const bounds: number[] = [];
  let at = range.from_ms;
  for (const end of [...offsetChanges(zone, range.from_ms, range.to_ms), range.to_ms]) {
    const offset = offsetAt(zone, at);
    while (at < end && bounds.length <= SERIES_BUCKETS) {
      bounds.push(at);
      at = Math.min(end, at + HOUR_MS - ((((at + offset) % HOUR_MS) + HOUR_MS) % HOUR_MS));
    }
    at = end;
  }
  return bounds;
}

/** The day after which the bucket of a day ends. */
function nextDay(interval: Exclude<IntervalName, 'hour'>, day: number): number {
  if (interval === 'day') return day + 1;
  // 1970-01-01 was a Thursday: day 4 a Monday.
  if (interval === 'week') return day + 7 - ((((day - 4) % 7) + 7) % 7);
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) / DAY_MS;
}

/** The first day of the whole week or month that a day belongs to. */
function firstDay(interval: Exclude<IntervalName, 'hour'>, day: number): number {
  if (interval === 'day') return day;
  if (interval === 'week') return nextDay('week', day) - 7;
  const date = new Date(day * DAY_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
}

/**
 * The buckets of a range of whole local days. The first and last may be cut by the range; their labels are the whole
 * week's or month's. A day that a zone skipped has no bucket. Throws `invalid_parameter` beyond SERIES_BUCKETS.
 */
export function bucketsOf(zone: string, range: Interval, interval: IntervalName): Buckets {
  const bounds: number[] = [];
  const labels: string[] = [];
  if (interval === 'hour') {
    bounds.push(...hourBounds(zone, range));
    labels.push(...bounds.slice(0, SERIES_BUCKETS).map((at) => localText(zone, at)));
  } else {
    let day = range.to_ms > range.from_ms ? localDay(zone, range.from_ms) : 0;
    for (let at = range.from_ms; at < range.to_ms && bounds.length <= SERIES_BUCKETS; ) {
      const next = nextDay(interval, day);
      const end = Math.min(dayStart(zone, next), range.to_ms);
      if (end > at) {
        bounds.push(at);
        labels.push(dayText(firstDay(interval, day)));
      }
      at = Math.max(at, end);
      day = next;
    }
  }
  if (bounds.length > SERIES_BUCKETS) {
    throw new Problem('invalid_parameter', `More than ${SERIES_BUCKETS} buckets; ask for longer ones or fewer days.`, {
      field: 'interval',
    });
  }
  return { bounds: [...bounds, range.to_ms], labels };
}

/** Consecutive buckets of one width. */
interface Stretch {
  /** Index of its first bucket. */
  first: number;
  start_ms: number;
  /** 0: a single bucket, whatever its width. */
  width_ms: number;
}

/** Boundaries as few stretches: one per offset change for hours and days, one per bucket or two for months. */
function stretchesOf(bounds: readonly number[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (let index = 0; index + 1 < bounds.length; index += 1) {
    const width_ms = bounds[index + 1]! - bounds[index]!;
    const last = stretches.at(-1);
    if (last && last.width_ms === width_ms) continue;
    stretches.push({ first: index, start_ms: bounds[index]!, width_ms });
  }
  return stretches;
}

/** The index of the bucket an instant is in, as SQL of whole numbers; the instant must lie within the boundaries. */
export function bucketSql(column: string, bounds: readonly number[]): string {
  const stretches = stretchesOf(bounds);
  const indexIn = ({ first, start_ms, width_ms }: Stretch): string =>
    `${first} + intDiv(${column} - ${start_ms}, ${width_ms})`;
  // A tree of comparisons: a hundred months take seven of them a row, not a hundred.
  const tree = (low: number, high: number): string => {
    if (high - low <= 1) return stretches[low] ? indexIn(stretches[low]) : '0';
    const middle = (low + high) >> 1;
    const left = tree(low, middle);
    return `CASE WHEN ${column} < ${stretches[middle]!.start_ms} THEN ${left} ELSE ${tree(middle, high)} END`;
  };
  return tree(0, stretches.length);
}
