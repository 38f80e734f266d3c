/** Conditions and sources of rows that all statistics share, as SQL every engine understands. */

import { IS_SOMEBODY, wholeTraffic } from '../store/event-rules.ts';
import { SESSION_DIMENSIONS, type StoreValue } from '../store/event-store.ts';
import { FILTER_COLUMNS, type Filter, type GoalRef, type StatsQuery } from './stats-query.ts';

/** Collects the parameters of one statement. Numbers stand in the text, so that engines can skip blocks by them. */
export class Statement {
  readonly params: StoreValue[] = [];

  /** Binds a text and answers its placeholder. */
  bind(text: string): string {
    this.params.push(text);
    return `$${this.params.length}`;
  }
}

/** A whole number as SQL; anything else is a fault of ours. */
export function whole(value: number): string {
  if (!Number.isSafeInteger(value)) throw new RangeError(`Not a whole number: ${value}`);
  return String(value);
}

/** `column` is one of the texts; a region is `code|name` and either counts. */
function anyOf(statement: Statement, filter: Filter, texts: readonly string[]): string {
  const column = FILTER_COLUMNS[filter.by];
  const slots = texts.map((text) => statement.bind(text));
  if (filter.by !== 'region') return `coalesce(${column}, '') IN (${slots.join(', ')})`;
  const parts = slots.map(
    (slot) =>
      `coalesce(region, '') = ${slot} OR (${slot} <> '' AND ` +
      `(starts_with(region, concat(${slot}, '|')) OR ends_with(region, concat('|', ${slot}))))`,
  );
  return `coalesce(${parts.map((part) => `(${part})`).join(' OR ')}, false)`;
}

/** The filters on dimensions and bots, each beginning with ` AND`. */
export function filterSql(statement: Statement, query: StatsQuery): string {
  let sql = query.include_bots ? '' : ' AND NOT bot';
  for (const filter of query.filters) {
    if (filter.is.length > 0) sql += ` AND ${anyOf(statement, filter, filter.is)}`;
    if (filter.is_not.length > 0) sql += ` AND NOT ${anyOf(statement, filter, filter.is_not)}`;
  }
  return sql;
}

/** `(goal, generation)` is this goal's. */
export function goalSql(goal: GoalRef): string {
  return `goal = ${whole(goal.number)} AND generation = ${whole(goal.generation)}`;
}

/** The filters on goals: sessions with (or without) a conversion of them in that period. */
export function goalFilterSql(site: number, query: StatsQuery, interval: Interval): string {
  const sessions = (goals: readonly GoalRef[]) =>
    `(SELECT session FROM conversions WHERE site = ${whole(site)} AND ts >= ${whole(interval.from_ms)} AND ` +
    `ts < ${whole(interval.to_ms)} AND session IS NOT NULL AND NOT refund AND ` +
    `(${goals.map((goal) => `(${goalSql(goal)})`).join(' OR ')}))`;
  let sql = '';
  if (query.goals.is.length > 0) sql += ` AND session IN ${sessions(query.goals.is)}`;
  if (query.goals.is_not.length > 0) sql += ` AND (session IS NULL OR session NOT IN ${sessions(query.goals.is_not)})`;
  return sql;
}

/** Half-open, ms since 1970 UTC. */
export interface Interval {
  from_ms: number;
  to_ms: number;
}

/** Whether a filter is about single pages, so that runs of events cannot answer it. */
export function asksForPages(query: StatsQuery): boolean {
  return query.filters.some((filter) => filter.by === 'page' || filter.by === 'hostname');
}

/**
 * Distinct sessions among rows of traffic, none of them twice: those with one run are counted, which is several times
 * faster than telling them apart.
 */
export const TRAFFIC_SESSIONS =
  '(count(*) FILTER (NOT split AND session IS NOT NULL) + count(DISTINCT session) FILTER (split))';

/** Traffic of a period. */
export interface TrafficScope {
  query: StatsQuery;
  interval: Interval;
  /** Rows must be single events with `path` and `hostname`, even where no filter asks for pages. */
  pages?: boolean;
}

/**
 * The filtered traffic of an interval: rows of `session, visitor, start_ms, end_ms, split` and the dimensions. Where pages matter a row
 * is one event, else a run; either way a session is in an interval of half an hour or more exactly when a row overlaps it.
 */
export function trafficSql(statement: Statement, site: number, scope: TrafficScope): string {
  const { query, interval } = scope;
  const dimensions = SESSION_DIMENSIONS.join(', ');
  const conditions = `${filterSql(statement, query)}${goalFilterSql(site, query, interval)}`;
  const [from, to] = [whole(interval.from_ms), whole(interval.to_ms)];
  const events = `site = ${whole(site)} AND ts >= ${from} AND ts < ${to}`;
  const sessions = `site = ${whole(site)} AND end_ms >= ${from} AND start_ms < ${to}`;
  return scope.pages || asksForPages(query)
    ? `SELECT session, visitor, ts AS start_ms, ts AS end_ms, true AS split, path, hostname, ${dimensions} ` +
        `FROM (${wholeTraffic({ events, sessions })}) WHERE ${IS_SOMEBODY}${conditions}`
    : `SELECT session, visitor, start_ms, end_ms, split, ${dimensions} FROM sessions WHERE ${sessions}${conditions}`;
}

/** The filtered conversions of an interval, refunds among them; `goal` absent means all goals. */
export function conversionsSql(
  statement: Statement,
  site: number,
  scope: { query: StatsQuery; interval: Interval; goal?: GoalRef },
): string {
  const { query, interval, goal } = scope;
  return (
    `SELECT * FROM conversions WHERE site = ${whole(site)} AND ts >= ${whole(interval.from_ms)} ` +
    `AND ts < ${whole(interval.to_ms)}${goal ? ` AND ${goalSql(goal)}` : ''}` +
    `${filterSql(statement, query)}${goalFilterSql(site, query, interval)}`
  );
}
