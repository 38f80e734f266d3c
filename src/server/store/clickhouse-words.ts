/** What ClickHouse says in its own way, and how it works out the runs that DuckDB stores. */
import { SESSION_IDLE_MS } from '../../core/limits.ts';
import { EVENT_COLUMNS, IS_SOMEBODY, IS_TRAFFIC } from './event-rules.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';
import type { SqlWords } from './sql-words.ts';

/**
 * ClickHouse files an event by the time in its id when that is this close to the event's own, else under 0: a browser's clock
 * may be wrong by years. So what is near an interval is found without reading the rest, and the place of an event never
 * depends on how its time was corrected.
 */
export const PLACED_WITHIN_MS = 2 * 86_400_000;

/** As `near`. */
function placedNear(from_ms: number, to_ms: number): string {
  return ` AND (placed = 0 OR (placed >= ${from_ms - PLACED_WITHIN_MS} AND placed < ${to_ms + PLACED_WITHIN_MS}))`;
}

const PROFILE = `cityHash64(${SESSION_DIMENSIONS.join(', ')}, bot, test)`;
const SAME_RUN =
  'PARTITION BY site, session, visitor, profile ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW';

/**
 * Runs as DuckDB stores them, worked out of a source of events: those of one session, visitor and set of dimensions without
 * a gap over SESSION_IDLE_MS. `lagInFrame` answers a type's zero before the first row, so that is told by its number.
 */
export function runsOf(source: string, condition: string): string {
  const first = (column: string) => `any(${column}) AS ${column}`;
  return `
    SELECT site, session, visitor, start_ms, end_ms, events, entry_host, entry_path, exit_host, exit_path,
      ${SESSION_DIMENSIONS.join(', ')}, bot, test, identified,
      CAST(session IS NOT NULL AND count(*) OVER (PARTITION BY site, session) > 1 AS Bool) AS split
    FROM (SELECT site, session, visitor, min(ts) AS start_ms, max(ts) AS end_ms, count(*) AS events,
        argMin(hostname, ts) AS entry_host, argMin(path, ts) AS entry_path,
        argMax(hostname, ts) AS exit_host, argMax(path, ts) AS exit_path,
        ${[...SESSION_DIMENSIONS, 'bot', 'test'].map(first).join(', ')}, max(identified) AS identified
      FROM (SELECT *, sum(opens) OVER (${SAME_RUN}) AS nth
        FROM (SELECT *, ts - lagInFrame(ts, 1, ts - ${SESSION_IDLE_MS + 1}) OVER (${SAME_RUN}) > ${SESSION_IDLE_MS} AS opens
          FROM (SELECT ${EVENT_COLUMNS.join(', ')}, ${PROFILE} AS profile
            FROM ${source} WHERE ${IS_TRAFFIC} AND ${IS_SOMEBODY} AND ${condition})))
      GROUP BY site, session, visitor, profile, nth)`;
}

/** ClickHouse's, supported from 24.8. Its events have all their columns, so nothing has to be joined to them. */
export const CLICKHOUSE_WORDS: SqlWords = {
  engine: 'clickhouse',
  keepsRuns: false,
  startsWith: (text, start) => `startsWith(${text}, ${start})`,
  endsWith: (text, end) => `endsWith(${text}, ${end})`,
  eachFrom: (from, to) => `arrayJoin(range(${from}, ${to}))`,
  md5: (text) => `lower(hex(MD5(${text})))`,
  near: placedNear,
  wholeTraffic: ({ events }) => `SELECT * FROM events WHERE ${events} AND ${IS_TRAFFIC}`,
  runs({ site, from_ms, to_ms }) {
    // Whoever goes on with a run of before the interval needs what came just before, so as not to begin another.
    const from = from_ms - SESSION_IDLE_MS;
    return `(${runsOf('events', `site = ${site} AND ts >= ${from} AND ts < ${to_ms}${placedNear(from, to_ms)}`)})`;
  },
};
