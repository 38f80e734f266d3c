/** What counts as what in the event store, as SQL that loading and statistics share. */
import { ROW_COLUMNS } from './event-row.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';
import type { WholeScope } from './sql-words.ts';

/** Events that are traffic: the time somebody spent on a page opens no session and extends none. */
export const IS_TRAFFIC = "name NOT IN ('$engagement', '$diagnostic')";

/** Somebody can be counted: server events that name nobody are kept, but are no traffic. */
export const IS_SOMEBODY = '(session IS NOT NULL OR visitor IS NOT NULL)';

/** What an event keeps of its record: all but what became conversion rows, and the checksum. */
export const EVENT_COLUMNS = Object.keys(ROW_COLUMNS).filter((name) => name !== 'conversions' && name !== 'crc');

/** Columns that an event of a session leaves to the session's row: half the bytes of an event. */
const LEFT_TO_SESSION: readonly string[] = ['visitor', ...SESSION_DIMENSIONS];

/** A view is shown by the event of its own id, and most URLs are a host and a path: neither is kept twice. */
const PLAIN_URL = "'https://' || hostname || path";

/** EVENT_COLUMNS of a record as they are kept. */
export const KEPT_COLUMNS = EVENT_COLUMNS.map((name) => {
  if (LEFT_TO_SESSION.includes(name)) return `CASE WHEN session IS NULL THEN ${name} END AS ${name}`;
  if (name === 'view') return "CASE WHEN name = '$pageview' THEN nullif(view, id) ELSE view END AS view";
  if (name === 'url') return `CASE WHEN url = ${PLAIN_URL} THEN NULL ELSE url END AS url`;
  return name;
}).join(', ');

const WHOLE_COLUMNS = EVENT_COLUMNS.map((name) => {
  if (LEFT_TO_SESSION.includes(name)) return `coalesce(e.${name}, s.${name}) AS ${name}`;
  if (name === 'view') return "CASE WHEN e.name = '$pageview' THEN coalesce(e.view, e.id) ELSE e.view END AS view";
  if (name === 'url') return `coalesce(e.url, 'https://' || e.hostname || e.path) AS url`;
  return `e.${name} AS ${name}`;
}).join(', ');

/** Traffic events with all their columns: each lies within exactly one run of its session. */
export function wholeTraffic({ events, sessions }: WholeScope): string {
  return (
    `SELECT ${WHOLE_COLUMNS} FROM (SELECT * FROM events WHERE ${events} AND ${IS_TRAFFIC}) e ` +
    `LEFT JOIN (SELECT * FROM sessions WHERE ${sessions}) s ` +
    'ON s.site = e.site AND s.session = e.session AND e.ts >= s.start_ms AND e.ts <= s.end_ms'
  );
}

/** Events of any name with all their columns; slower, for few sessions. */
export function wholeEvents({ events, sessions }: WholeScope): string {
  const columns = LEFT_TO_SESSION.map((name) => `any_value(${name}) AS ${name}`).join(', ');
  return (
    `SELECT ${WHOLE_COLUMNS} FROM (SELECT * FROM events WHERE ${events}) e ` +
    `LEFT JOIN (SELECT site, session, ${columns} FROM sessions WHERE session IS NOT NULL AND ${sessions} ` +
    'GROUP BY site, session) s ON s.site = e.site AND s.session = e.session'
  );
}

/** What tells one refund from another. */
const REFUND_PARTS = 'site, order_id, refund_id';

/**
 * Holds for the conversions of a goal that go once generation `keep` counts: all of older ones but the refunds that were not
 * carried along. DuckDB wants several columns of a subquery to be one `row`, ClickHouse wants them to be `columns`.
 */
export function isOutdated(goal: number, keep: number, several: 'row' | 'columns'): string {
  const parts = several === 'row' ? `(${REFUND_PARTS})` : REFUND_PARTS;
  const carried = `SELECT ${parts} FROM conversions WHERE goal = ${goal} AND generation = ${keep} AND refund`;
  return `goal = ${goal} AND generation < ${keep} AND (NOT refund OR (${REFUND_PARTS}) IN (${carried}))`;
}
