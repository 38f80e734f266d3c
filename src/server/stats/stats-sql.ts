/** Conditions and sources of rows that all statistics share, as SQL every engine understands. */

import { IS_SOMEBODY, IS_TRAFFIC } from '../store/event-rules.ts';
import type { EventStore, StoreValue } from '../store/event-store.ts';
import type { SqlWords } from '../store/sql-words.ts';
import { FILTER_COLUMNS, type Filter, type FilterName, type GoalRef, type StatsQuery } from './stats-query.ts';

/** Collects the parameters of one statement. Numbers stand in the text, so that engines can skip blocks by them. */
export class Statement {
  readonly params: StoreValue[] = [];
  /** Of the engine it is for. */
  readonly words: SqlWords;

  constructor({ words }: Pick<EventStore, 'words'>) {
    this.words = words;
  }

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
      `(${statement.words.startsWith('region', `concat(${slot}, '|')`)} OR ` +
      `${statement.words.endsWith('region', `concat('|', ${slot})`)}))`,
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

/** Whether a dimension is one of single pages, not of sessions: runs cannot answer it. */
function isOfPages(by: FilterName): boolean {
  return by === 'page' || by === 'hostname';
}

/**
 * Distinct sessions among rows of traffic, none of them twice: those with one run are counted, which is several times
 * faster than telling them apart; where no runs are kept, all are told apart. Two queries, because a distinct count that
 * sees no rows still costs as much as ten plain ones.
 */
export const LONE_SESSIONS = 'count(*) FILTER (WHERE NOT split AND session IS NOT NULL)';
export const SPLIT_SESSIONS = 'count(DISTINCT session)';

/** The same in one expression, where rows are grouped. */
export const TRAFFIC_SESSIONS = `(${LONE_SESSIONS} + ${SPLIT_SESSIONS} FILTER (WHERE split))`;

/** Traffic of a period. */
export interface TrafficScope {
  query: StatsQuery;
  interval: Interval;
  /** A dimension that is looked at; its column is among the answer's. */
  by?: FilterName;
  /** Whether `visitor` is looked at: events of sessions know it only from there. */
  visitors: boolean;
}

/**
 * The filtered traffic of an interval: rows of `session, visitor, start_ms, end_ms, split` and the dimension asked for. Where
 * pages matter a row is one event, else a run; either way a session is in an interval of half an hour or more exactly when
 * a row overlaps it.
 */
export function trafficSql(statement: Statement, site: number, scope: TrafficScope): string {
  const { query, interval, by, visitors } = scope;
  const dimensions = [...query.filters.map((filter) => filter.by), ...(by === undefined ? [] : [by])];
  const conditions = `${filterSql(statement, query)}${goalFilterSql(site, query, interval)}`;
  const column = by === undefined ? '' : `, ${FILTER_COLUMNS[by]}`;
  const [from, to] = [whole(interval.from_ms), whole(interval.to_ms)];
  const { words } = statement;
  const events = `site = ${whole(site)} AND ts >= ${from} AND ts < ${to}${words.near(interval.from_ms, interval.to_ms)}`;
  const sessions = `site = ${whole(site)} AND end_ms >= ${from} AND start_ms < ${to}`;
  if (words.keepsRuns && !dimensions.some(isOfPages)) {
    return `SELECT session, visitor, start_ms, end_ms, split${column} FROM sessions WHERE ${sessions}${conditions}`;
  }
  // Joining events to their sessions takes four times as long as reading them, so only for what they do not have.
  const source =
    visitors || dimensions.some((name) => !isOfPages(name))
      ? `(${words.wholeTraffic({ events, sessions })}) WHERE ${IS_SOMEBODY}`
      : `events WHERE ${events} AND ${IS_TRAFFIC} AND ${IS_SOMEBODY}`;
  return `SELECT session, visitor, ts AS start_ms, ts AS end_ms, true AS split${column} FROM ${source}${conditions}`;
}

/** Conversions of a period; `goal` absent means all goals. */
export interface ConversionScope {
  query: StatsQuery;
  interval: Interval;
  goal?: GoalRef;
  /** A dimension that is looked at; its column is among the answer's. */
  by?: FilterName;
}

/** The filtered conversions of an interval, refunds among them. */
export function conversionsSql(statement: Statement, site: number, scope: ConversionScope): string {
  const { query, interval, goal, by } = scope;
  return (
    'SELECT goal, generation, key, ts, refund, visitor, session, amount, currency, order_id' +
    `${by === undefined ? '' : `, ${FILTER_COLUMNS[by]}`} FROM conversions WHERE site = ${whole(site)} ` +
    `AND ts >= ${whole(interval.from_ms)} AND ts < ${whole(interval.to_ms)}${goal ? ` AND ${goalSql(goal)}` : ''}` +
    `${filterSql(statement, query)}${goalFilterSql(site, query, interval)}`
  );
}
