/** Sessions as runs: events of one session, visitor and set of dimensions without a gap over SESSION_IDLE_MS. */
import { SESSION_IDLE_MS } from '../../core/limits.ts';
import type { Run } from './duckdb-engine.ts';
import { IS_SOMEBODY, IS_TRAFFIC } from './event-rules.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';
import type { Span } from './segment-span.ts';

const DIMENSIONS = SESSION_DIMENSIONS.join(', ');
const RUN_COLUMNS =
  'site, session, visitor, start_ms, end_ms, events, entry_host, entry_path, exit_host, exit_path, ' +
  `${DIMENSIONS}, bot, test, identified`;
/** Runs never mix these, so that a filter on any of them is exact even if a sender changes them within a session. */
const PROFILE = `hash(${DIMENSIONS}, bot, test)`;

/** Events of a table (with a `place` of their own each) as runs of one event. */
export function singleRuns(table: string): string {
  return `
    SELECT place, site, session, visitor, ts AS start_ms, ts AS end_ms, 1 AS events, hostname AS entry_host, path AS entry_path,
      hostname AS exit_host, path AS exit_path, ${DIMENSIONS}, bot, test, identified
    FROM ${table} WHERE ${IS_TRAFFIC} AND ${IS_SOMEBODY}`;
}

/**
 * Joins the runs of a table `pieces` that touch, and inserts what comes out; answers how many. Windows and groups see numbers
 * only; the texts are fetched for the one, two or three pieces that a run takes them from.
 */
export async function insertJoined(run: Run): Promise<number> {
  const partition = 'PARTITION BY site, session, visitor, profile ORDER BY start_ms';
  const [row] = await run<{ Count: number }>(`
    INSERT INTO sessions (${RUN_COLUMNS}, split)
    SELECT ${RUN_COLUMNS}, split FROM (
      SELECT session IS NOT NULL AND count(*) OVER (PARTITION BY site, session) > 1 AS split, min(start_ms) AS start_ms, max(end_ms) AS end_ms, sum(events) AS events, bool_or(identified) AS identified,
        arg_min(place, (start_ms, place)) AS entry, arg_max(place, (end_ms, place)) AS exit
      FROM (
        SELECT *, sum(opens) OVER (${partition} ROWS UNBOUNDED PRECEDING) AS nth FROM (
          SELECT *, CASE WHEN start_ms - max(end_ms) OVER (${partition} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
            <= ${SESSION_IDLE_MS} THEN 0 ELSE 1 END AS opens
          FROM (SELECT place, site, session, visitor, start_ms, end_ms, events, identified, ${PROFILE} AS profile FROM pieces)))
      GROUP BY site, session, visitor, profile, nth) joined
    JOIN (SELECT place AS entry, site, session, visitor, entry_host, entry_path, ${DIMENSIONS}, bot, test FROM pieces) first
      USING (entry)
    JOIN (SELECT place AS exit, exit_host, exit_path FROM pieces) last USING (exit)`);
  return row?.Count ?? 0;
}

/**
 * Adds the traffic of `fresh` to the runs it continues, or opens new ones. All runs of a session are looked at, as far back as
 * late events make any, so that `split` is right.
 */
export async function loadSessions(run: Run, span: Span): Promise<void> {
  await run(`CREATE OR REPLACE TEMP TABLE pieces AS ${singleRuns('fresh')}`);
  await run(`
    CREATE OR REPLACE TEMP TABLE continued AS
    SELECT s.rowid AS row_place, s.* FROM sessions s
    JOIN (SELECT DISTINCT site, session FROM pieces) p ON s.site = p.site AND s.session = p.session
    WHERE s.end_ms >= ${span.min_ts - span.window_ms} AND s.start_ms <= ${span.max_ts + span.window_ms}
    UNION ALL
    SELECT s.rowid AS row_place, s.* FROM sessions s
    JOIN (SELECT DISTINCT site, visitor FROM pieces WHERE session IS NULL) p ON s.site = p.site AND s.visitor = p.visitor
    WHERE s.session IS NULL AND s.end_ms >= ${span.min_ts - SESSION_IDLE_MS}
      AND s.start_ms <= ${span.max_ts + SESSION_IDLE_MS}`);
  const [seen] = await run<{ count: number }>('SELECT count(*) AS count FROM continued');
  if (seen!.count > 0) {
    await run('DELETE FROM sessions WHERE rowid IN (SELECT row_place FROM continued)');
    await run(`INSERT INTO pieces SELECT -1 - row_place, ${RUN_COLUMNS} FROM continued`);
  }
  await insertJoined(run);
}
