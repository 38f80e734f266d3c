/** What the session memory asks for after a restart. */
import { REMEMBERED_EVENTS, REMEMBERED_VIEWS, REMEMBERED_VISITORS } from '../../core/limits.ts';
import type { Run } from './duckdb-engine.ts';
import { wholeTraffic } from './event-rules.ts';
import {
  SESSION_DIMENSIONS,
  type SessionDimensions,
  type StoredSession,
  type StoredView,
  type VisitorSessionsQuery,
} from './event-store.ts';

type SessionRow = Omit<StoredSession, 'dimensions'> & SessionDimensions;

/** Sessions with traffic at or after a time; a session of several runs is one. */
export function recentSessions(run: Run, since_ms: number): Promise<StoredSession[]> {
  return readSessions(run, `end_ms >= ${since_ms}`);
}

/** Sessions of some visitors that overlap an interval. */
export async function visitorSessions(
  run: Run,
  { site, visitors, from_ms, to_ms }: VisitorSessionsQuery,
): Promise<StoredSession[]> {
  if (visitors.length === 0) return [];
  // Numbers, so nothing but digits can stand in the text.
  const numbers = visitors.map((visitor) => BigInt(visitor).toString()).join(', ');
  return readSessions(
    run,
    `site = ${site} AND visitor IN (${numbers}) AND end_ms >= ${from_ms} AND start_ms <= ${to_ms}`,
  );
}

async function readSessions(run: Run, condition: string): Promise<StoredSession[]> {
  const rows = await run<SessionRow>(
    `WITH known AS (SELECT site, session, any_value(visitor) AS visitor,
       min(start_ms) AS start_ms, max(end_ms) AS end_ms, bool_or(identified) AS identified, bool_or(bot) AS bot, bool_or(test) AS test,
       ${SESSION_DIMENSIONS.map((name) => `coalesce(any_value(${name}), '') AS ${name}`).join(', ')}
     FROM sessions WHERE ${condition} AND session IS NOT NULL AND visitor IS NOT NULL GROUP BY site, session
     ORDER BY end_ms DESC LIMIT ${REMEMBERED_VISITORS}),
     looked_at AS (SELECT site, session, sum(engaged_ms) AS engaged_ms FROM events
     WHERE name = '$engagement' AND ts >= (SELECT min(start_ms) FROM known)
       AND session IN (SELECT session FROM known) GROUP BY site, session)
     SELECT k.* REPLACE (CAST(k.session AS VARCHAR) AS session, CAST(k.visitor AS VARCHAR) AS visitor),
       CAST(coalesce(l.engaged_ms, 0) AS BIGINT) AS engaged_ms
     FROM known k LEFT JOIN looked_at l ON l.site = k.site AND l.session = k.session ORDER BY k.end_ms`,
  );
  return rows.map((row) => {
    const { site, session, visitor, start_ms, end_ms, identified, bot, test, engaged_ms, ...dimensions } = row;
    return { site, session, visitor, start_ms, end_ms, identified, bot, test, engaged_ms, dimensions };
  });
}

/** Ids of engagement received at or after a time, the latest ones. */
export function recentEngagement(run: Run, since_ms: number): Promise<{ site: number; id: string }[]> {
  return run(
    `SELECT site, CAST(id AS VARCHAR) AS id FROM events WHERE received >= ${since_ms} AND name = '$engagement'
     ORDER BY received DESC LIMIT ${REMEMBERED_EVENTS / 2}`,
  );
}

/** Views shown at or after a time. */
export function recentViews(run: Run, since_ms: number): Promise<StoredView[]> {
  return run<StoredView>(
    `SELECT site, CAST(view AS VARCHAR) AS view, CAST(session AS VARCHAR) AS session,
       CAST(visitor AS VARCHAR) AS visitor, ts
     FROM (${wholeTraffic({
       events: `ts >= ${since_ms} AND name = '$pageview' AND session IS NOT NULL`,
       sessions: `end_ms >= ${since_ms}`,
     })}) WHERE visitor IS NOT NULL ORDER BY ts DESC LIMIT ${REMEMBERED_VIEWS}`,
  );
}
