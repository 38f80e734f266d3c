/** What the session memory asks ClickHouse for after a restart: out of events, by sums that bear a row twice or ids told apart. */
import { REMEMBERED_EVENTS, REMEMBERED_VIEWS, REMEMBERED_VISITORS } from '../../core/limits.ts';
import type { ClickhouseNode } from './clickhouse-node.ts';
import { CLICKHOUSE_WORDS, runsOf } from './clickhouse-words.ts';
import { IS_TRAFFIC } from './event-rules.ts';
import {
  SESSION_DIMENSIONS,
  type SessionDimensions,
  type StoredSession,
  type StoredView,
  type VisitorSessionsQuery,
} from './event-store.ts';

const DAY_MS = 86_400_000;
/** A session that began longer ago than this is taken to have begun then: none goes on for days without a pause. */
const LOOK_BACK_MS = 3 * DAY_MS;
const FAR_MS = 4_102_444_800_000;

type SessionRow = Omit<StoredSession, 'dimensions'> & SessionDimensions;

/** Sessions out of events within bounds, of which a condition on their runs chooses. */
async function readSessions(
  node: ClickhouseNode,
  scope: { events: string; runs: string; from_ms: number },
): Promise<StoredSession[]> {
  const near = CLICKHOUSE_WORDS.near(scope.from_ms, FAR_MS);
  const bounded = `ts >= ${scope.from_ms}${near} AND ${scope.events}`;
  const rows = await node.ask<SessionRow>(
    `WITH known AS (SELECT site, session, any(visitor) AS visitor, min(start_ms) AS start_ms, max(end_ms) AS end_ms,
       max(identified) AS identified, max(bot) AS bot, max(test) AS test,
       ${SESSION_DIMENSIONS.map((name) => `any(${name}) AS ${name}`).join(', ')}
     FROM (${runsOf('events', `${bounded} AND session IS NOT NULL AND visitor IS NOT NULL`)})
     WHERE ${scope.runs} GROUP BY site, session ORDER BY max(end_ms) DESC LIMIT ${REMEMBERED_VISITORS}),
     looked_at AS (SELECT site, session, sum(engaged_ms) AS engaged_ms FROM events
     WHERE name = '$engagement' AND ts >= ${scope.from_ms}${near} AND session IN (SELECT session FROM known)
     GROUP BY site, session)
     SELECT k.site AS site, toString(k.session) AS session, toString(k.visitor) AS visitor, k.start_ms AS start_ms,
       k.end_ms AS end_ms, k.identified AS identified, k.bot AS bot, k.test AS test,
       ${SESSION_DIMENSIONS.map((name) => `k.${name} AS ${name}`).join(', ')}, coalesce(l.engaged_ms, 0) AS engaged_ms
     FROM known k LEFT JOIN looked_at l ON l.site = k.site AND l.session = k.session ORDER BY k.end_ms`,
  );
  return rows.map((row) => {
    const { site, session, visitor, start_ms, end_ms, identified, bot, test, engaged_ms, ...dimensions } = row;
    return { site, session, visitor, start_ms, end_ms, identified, bot, test, engaged_ms, dimensions };
  });
}

/** Sessions with traffic at or after a time; a session of several runs is one. */
export function recentSessions(node: ClickhouseNode, since_ms: number): Promise<StoredSession[]> {
  const from_ms = since_ms - LOOK_BACK_MS;
  const recent = `ts >= ${since_ms}${CLICKHOUSE_WORDS.near(since_ms, FAR_MS)} AND ${IS_TRAFFIC} AND session IS NOT NULL`;
  const events = `(site, session) IN (SELECT site, session FROM events WHERE ${recent})`;
  return readSessions(node, { events, runs: `end_ms >= ${since_ms}`, from_ms });
}

/** Sessions of some visitors that overlap an interval. */
export async function visitorSessions(
  node: ClickhouseNode,
  { site, visitors, from_ms, to_ms }: VisitorSessionsQuery,
): Promise<StoredSession[]> {
  if (visitors.length === 0) return [];
  // Numbers, so nothing but digits can stand in the text.
  const numbers = visitors.map((visitor) => BigInt(visitor).toString()).join(', ');
  const events = `site = ${site} AND visitor IN (${numbers}) AND ts <= ${to_ms + LOOK_BACK_MS}`;
  const runs = `end_ms >= ${from_ms} AND start_ms <= ${to_ms}`;
  return readSessions(node, { events, runs, from_ms: from_ms - LOOK_BACK_MS });
}

/** Ids of engagement received at or after a time, the latest ones. */
export function recentEngagement(node: ClickhouseNode, since_ms: number): Promise<{ site: number; id: string }[]> {
  return node.ask(
    `SELECT site, toString(id) AS id FROM events WHERE received >= ${since_ms} AND name = '$engagement'
     ORDER BY received DESC LIMIT ${REMEMBERED_EVENTS / 2}`,
  );
}

/** Views shown at or after a time. */
export function recentViews(node: ClickhouseNode, since_ms: number): Promise<StoredView[]> {
  return node.ask<StoredView>(
    `SELECT site, toString(view) AS view, toString(session) AS session, toString(visitor) AS visitor, ts FROM events
     WHERE ts >= ${since_ms}${CLICKHOUSE_WORDS.near(since_ms, FAR_MS)} AND name = '$pageview'
       AND session IS NOT NULL AND visitor IS NOT NULL ORDER BY ts DESC LIMIT ${REMEMBERED_VIEWS}`,
  );
}
