/** Sessions as runs: events of one session, visitor and set of dimensions without a gap over SESSION_IDLE_MS. */
import { SESSION_IDLE_MS } from '../../core/limits.ts';
import type { Run } from './duckdb-engine.ts';
import { IS_SOMEBODY, IS_TRAFFIC } from './event-rules.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';
import type { Span } from './load-segment.ts';

const DIMENSIONS = SESSION_DIMENSIONS.join(', ');
const RUN_COLUMNS =
  'site, session, visitor, start_ms, end_ms, events, entry_host, entry_path, exit_host, exit_path, ' +
  `${DIMENSIONS}, bot, test, identified`;
/** Runs never mix these, so that a filter on any of them is exact even if a sender changes them within a session. */
const PROFILE = `hash(${DIMENSIONS}, bot, test)`;

/** Events of a table as runs of one event. */
export function singleRuns(table: string): string {
  return `
    SELECT site, session, visitor, ts AS start_ms, ts AS end_ms, 1 AS events, hostname AS entry_host, path AS entry_path,
      hostname AS exit_host, path AS exit_path, ${DIMENSIONS}, bot, test, identified
    FROM ${table} WHERE ${IS_TRAFFIC} AND ${IS_SOMEBODY}`;
}

/** Joins the runs of a table `pieces` that touch, and inserts what comes out; answers how many. */
export async function insertJoined(run: Run): Promise<number> {
  const partition = 'PARTITION BY site, session, visitor, profile ORDER BY start_ms';
  const [row] = await run<{ Count: number }>(`
    INSERT INTO sessions (${RUN_COLUMNS})
    SELECT site, session, visitor, min(start_ms), max(end_ms), sum(events),
      arg_min(entry_host, (start_ms, entry_host)), arg_min(entry_path, (start_ms, entry_path)),
      arg_max(exit_host, (end_ms, exit_host)), arg_max(exit_path, (end_ms, exit_path)),
      ${SESSION_DIMENSIONS.map((name) => `any_value(${name})`).join(', ')}, any_value(bot), any_value(test),
      bool_or(identified)
    FROM (
      SELECT *, sum(opens) OVER (${partition} ROWS UNBOUNDED PRECEDING) AS nth FROM (
        SELECT *, CASE WHEN start_ms - max(end_ms) OVER (${partition} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          <= ${SESSION_IDLE_MS} THEN 0 ELSE 1 END AS opens
        FROM (SELECT *, ${PROFILE} AS profile FROM pieces)))
    GROUP BY site, session, visitor, profile, nth`);
  return row?.Count ?? 0;
}

/** Adds the traffic of `fresh` to the runs it continues, or opens new ones. */
export async function loadSessions(run: Run, span: Span): Promise<void> {
  await run(`CREATE OR REPLACE TEMP TABLE pieces AS ${singleRuns('fresh')}`);
  await run(`
    CREATE OR REPLACE TEMP TABLE continued AS
    SELECT s.rowid AS place, s.* FROM sessions s
    JOIN (SELECT DISTINCT site, session, visitor FROM pieces) p
      ON s.site = p.site AND s.session IS NOT DISTINCT FROM p.session AND s.visitor IS NOT DISTINCT FROM p.visitor
    WHERE s.end_ms >= ${span.min_ts - SESSION_IDLE_MS} AND s.start_ms <= ${span.max_ts + SESSION_IDLE_MS}`);
  const [seen] = await run<{ count: number }>('SELECT count(*) AS count FROM continued');
  if (seen!.count > 0) {
    await run('DELETE FROM sessions WHERE rowid IN (SELECT place FROM continued)');
    await run(`INSERT INTO pieces SELECT ${RUN_COLUMNS} FROM continued`);
  }
  await insertJoined(run);
}
