/** DuckDB's tables, as numbered steps: a data folder of any earlier release is brought up to date when it is opened. */
import { ROW_COLUMNS } from './event-row.ts';
import { EVENT_COLUMNS } from './event-rules.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';

const DIMENSIONS = SESSION_DIMENSIONS.map((name) => `${name} VARCHAR`).join(', ');

const EVENTS = EVENT_COLUMNS.map((name) => `${name} ${ROW_COLUMNS[name as keyof typeof ROW_COLUMNS]}`).join(', ');

/**
 * Step n brings schema n to n+1. A step that was released never changes.
 * Events of sessions leave visitor and dimensions to their session (`event-rules`): NULL there.
 * No key on `events`: its index would outgrow memory; the anti-join of `loadSegment` does that work.
 * `sessions` has one row per run: events of one session, visitor and set of dimensions with no gap over SESSION_IDLE_MS,
 * so that a run lies in an interval of at least that length exactly when it overlaps it. `split` is false when the run is
 * the only one of its session: those can be counted, others (next to none) must be told apart.
 */
export const SCHEMA_STEPS: readonly (readonly string[])[] = [
  [
    // The one name for whole division that ClickHouse has, so that statistics are one text.
    'CREATE MACRO intDiv(a, b) AS a // b',
    `CREATE TABLE events (${EVENTS})`,
    `CREATE TABLE conversions (site INTEGER, goal INTEGER, generation INTEGER, version INTEGER, key UUID, event UUID,
       ts BIGINT, refund BOOLEAN, refund_id VARCHAR, visitor UBIGINT, session UBIGINT, amount BIGINT, currency VARCHAR, order_id VARCHAR,
       hostname VARCHAR, path VARCHAR, ${DIMENSIONS}, bot BOOLEAN, test BOOLEAN)`,
    `CREATE TABLE sessions (site INTEGER, session UBIGINT, visitor UBIGINT, start_ms BIGINT, end_ms BIGINT,
       events INTEGER, entry_host VARCHAR, entry_path VARCHAR, exit_host VARCHAR, exit_path VARCHAR, ${DIMENSIONS},
       bot BOOLEAN, test BOOLEAN, identified BOOLEAN, split BOOLEAN)`,
    'CREATE TABLE claims (key UUID PRIMARY KEY, event UUID, ts BIGINT)',
    'CREATE TABLE drained (segment VARCHAR PRIMARY KEY, drained_ms BIGINT)',
  ],
];
