/** One goal by a dimension: the values with the most conversions and traffic, page by page, the rest as "other" last. */
import { Problem } from '../../core/problem.ts';
import type { EventStore } from '../store/event-store.ts';
import { moneyOf, type PlaceRow, placesText } from './breakdown-at-once.ts';
import { rate } from './ratio.ts';
import { HAS_MONEY, MONEY_COLUMNS, type MoneyRow, type Revenue, revenueOf } from './revenue.ts';
import { FILTER_COLUMNS, type FilterName, type GoalRef, type StatsQuery } from './stats-query.ts';
import { conversionsSql, Statement, TRAFFIC_SESSIONS, trafficSql } from './stats-sql.ts';

/** Rows of a page. */
export const BREAKDOWN_ROWS = 1_000;

/** One value of the dimension. */
export interface BreakdownRow {
  /** '' is unknown or none; a region is `code|name`. null is "other": all values that are on no page up to this one. */
  value: string | null;
  conversions: number;
  converting_sessions: number;
  total_sessions: number;
  conversion_rate: number;
  revenue: Revenue[];
}

export interface Breakdown {
  by: FilterName;
  as_of: string;
  rows: BreakdownRow[];
  /** Offset of the next page; null on the last. */
  next: number | null;
}

interface Row extends MoneyRow {
  part: 'ranked' | 'converted' | 'traffic' | 'money';
  place: number;
  value: string | null;
  n: number;
  sessions: number;
}

/** Reads `by`. Throws `invalid_parameter`. */
export function readDimension(by: string | undefined): FilterName {
  if (by === undefined || !Object.hasOwn(FILTER_COLUMNS, by)) {
    throw new Problem('invalid_parameter', `by must be one of ${Object.keys(FILTER_COLUMNS).join(', ')}.`, {
      field: 'by',
    });
  }
  return by as FilterName;
}

/** What is asked of a dimension. */
export interface BreakdownScope {
  goal: GoalRef;
  query: StatsQuery;
  by: FilterName;
  /** 1-BREAKDOWN_ROWS. */
  limit: number;
  offset: number;
}

/** Traffic and conversions with the dimension's `value`. */
function sourcesOf(statement: Statement, site: number, scope: BreakdownScope): { traffic: string; converted: string } {
  const { query, goal, by } = scope;
  const interval = { from_ms: query.from_ms, to_ms: query.to_ms };
  const value = `coalesce(${FILTER_COLUMNS[by]}, '') AS value`;
  const traffic = trafficSql(statement, site, { query, interval, by, visitors: false });
  return {
    traffic: `(SELECT session, split, ${value} FROM (${traffic}))`,
    converted: `(SELECT *, ${value} FROM (${conversionsSql(statement, site, { query, interval, goal, by })}))`,
  };
}

/** Values ranked by conversions, sessions and name; those past the page share the place after it. */
function statementText(statement: Statement, site: number, scope: BreakdownScope): string {
  const { limit, offset } = scope;
  const end = offset + limit;
  // Traffic is read twice, and named by no WITH: an engine would write it down before it reads it.
  const { traffic, converted } = sourcesOf(statement, site, scope);
  return [
    `WITH converted AS ${converted},`,
    'counted AS (SELECT value, count(*) FILTER (WHERE NOT refund) AS n FROM converted GROUP BY value),',
    `visited AS (SELECT value, ${TRAFFIC_SESSIONS} AS sessions FROM ${traffic} GROUP BY value),`,
    'ranked AS (SELECT value, coalesce(sessions, 0) AS sessions, row_number() OVER',
    '(ORDER BY coalesce(n, 0) DESC, coalesce(sessions, 0) DESC, value) - 1 AS rank',
    'FROM counted FULL JOIN visited USING (value)),',
    `shown AS (SELECT value, least(rank, ${end}) AS place FROM ranked WHERE rank >= ${offset})`,
    `SELECT 'ranked' AS part, rank AS place, value, 0 AS n, sessions, ${NO_MONEY} FROM ranked`,
    `WHERE rank >= ${offset} AND rank < ${end}`,
    // Sessions of "other" cannot be added up: one may have been on several of its pages.
    `UNION ALL SELECT 'traffic', ${end}, NULL, count(*), ${TRAFFIC_SESSIONS}, ${NO_MONEY} FROM ${traffic}`,
    `WHERE value IN (SELECT value FROM shown WHERE place = ${end})`,
    `UNION ALL SELECT 'converted', place, NULL, count(*) FILTER (WHERE NOT refund),`,
    `count(DISTINCT session) FILTER (WHERE NOT refund), ${NO_MONEY} FROM converted JOIN shown USING (value) GROUP BY place`,
    `UNION ALL SELECT 'money', place, NULL, 0, 0, ${MONEY_COLUMNS} FROM converted JOIN shown USING (value)`,
    `WHERE ${HAS_MONEY} GROUP BY place, currency`,
  ].join('\n');
}

const NO_MONEY = 'NULL AS currency, 0 AS paid, NULL AS total, NULL AS refunded';

/** Works out one page. "other" closes every page but the last, and holds what comes after it. */
export function breakdown(store: EventStore, site: number, scope: BreakdownScope): Promise<Breakdown> {
  return store.words.keepsRuns ? breakdownInParts(store, site, scope) : breakdownAtOnce(store, site, scope);
}

async function breakdownAtOnce(store: EventStore, site: number, scope: BreakdownScope): Promise<Breakdown> {
  const { by, query, offset, limit } = scope;
  const end = offset + limit;
  const statement = new Statement(store);
  const text = placesText({ ...sourcesOf(statement, site, scope), offset, end });
  const places = await store.query<PlaceRow>(text, statement.params);
  const rows = places.map((row): BreakdownRow => {
    const { n, converting_sessions, total_sessions } = row;
    return {
      value: row.place === end ? null : row.value,
      conversions: n,
      converting_sessions,
      total_sessions,
      conversion_rate: rate(converting_sessions, total_sessions),
      revenue: revenueOf(moneyOf(row)),
    };
  });
  return { by, as_of: query.as_of, rows, next: rows.at(-1)?.value === null ? end : null };
}

async function breakdownInParts(store: EventStore, site: number, scope: BreakdownScope): Promise<Breakdown> {
  const statement = new Statement(store);
  const rows = await store.query<Row>(statementText(statement, site, scope), statement.params);
  const end = scope.offset + scope.limit;
  const lineOf = (place: number, value: string | null, total_sessions: number): BreakdownRow => {
    const converted = rows.find((row) => row.part === 'converted' && row.place === place);
    const converting_sessions = converted?.sessions ?? 0;
    return {
      value,
      conversions: converted?.n ?? 0,
      converting_sessions,
      total_sessions,
      conversion_rate: rate(converting_sessions, total_sessions),
      revenue: revenueOf(rows.filter((row) => row.part === 'money' && row.place === place)),
    };
  };
  const lines = rows
    .filter((row) => row.part === 'ranked')
    .sort((a, b) => a.place - b.place)
    .map((row) => lineOf(row.place, row.value, row.sessions));
  const rest = rows.find((row) => row.part === 'traffic');
  const more = rest!.n > 0 || rows.some((row) => row.part === 'converted' && row.place === end);
  if (more) lines.push(lineOf(end, null, rest!.sessions));
  return { by: scope.by, as_of: scope.query.as_of, rows: lines, next: more ? end : null };
}
