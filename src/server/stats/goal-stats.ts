/** The statistics of one goal: conversions, rate, trend, revenue. One statement, so one snapshot of the store. */
import type { EventStore } from '../store/event-store.ts';
import { rate, trend } from './ratio.ts';
import { HAS_MONEY, MONEY_COLUMNS, type MoneyRow, type Revenue, revenueOf } from './revenue.ts';
import type { GoalRef, StatsQuery } from './stats-query.ts';
import { conversionsSql, type Interval, LONE_SESSIONS, SPLIT_SESSIONS, Statement, trafficSql } from './stats-sql.ts';

/** As `GET …/goals/:goal/stats` shows them, but for the goal's id. */
export interface GoalStats {
  start_date: string;
  end_date: string;
  timezone: string;
  /** Everything acknowledged before this moment is counted. */
  as_of: string;
  conversions: number;
  converting_sessions: number;
  converting_visitors: number;
  total_sessions: number;
  total_visitors: number;
  /** Fraction to 4 decimals; 0 without traffic. */
  conversion_rate: number;
  /** null when the period before has no traffic; what servers report counts without sessions. */
  prev_conversions: number | null;
  /** null when the period before has no sessions. */
  prev_conversion_rate: number | null;
  /** Percent to 2 decimals, from the unrounded rates; null without anything to compare with. */
  trend_pct: number | null;
  revenue: Revenue[];
}

/** Counts of one period. */
export interface PeriodCounts {
  conversions: number;
  converting_sessions: number;
  converting_visitors: number;
  total_sessions: number;
  total_visitors: number;
}

/** One row of the statement: the counts of a part, or the money of a currency. */
interface Row extends MoneyRow {
  part: string;
  n: number;
  sessions: number;
  visitors: number;
}

const NO_MONEY = 'NULL AS currency, 0 AS paid, NULL AS total, NULL AS refunded';

/** Conversions and traffic of one period. */
interface PeriodSources {
  converted: string;
  traffic: string;
}

/**
 * Five parts with the same columns. What two of them read stands in both: named once in a WITH, an engine would write it
 * down before it reads it.
 */
function statementText(statement: Statement, site: number, scope: { goal: GoalRef; query: StatsQuery }): string {
  const { query } = scope;
  const sourcesOf = (interval: Interval, visitors: 'with visitors' | 'without'): PeriodSources => ({
    converted: conversionsSql(statement, site, { ...scope, interval }),
    traffic: trafficSql(statement, site, { query, interval, visitors: visitors === 'with visitors' }),
  });
  const now = sourcesOf({ from_ms: query.from_ms, to_ms: query.to_ms }, 'with visitors');
  const before = sourcesOf({ from_ms: query.previous_from_ms, to_ms: query.from_ms }, 'without');
  // Of the period before, visitors are not shown, and telling them apart takes longest.
  const visitors = (name: string) => `${name === 'now' ? 'count(DISTINCT visitor)' : '0'} AS visitors`;
  const converted = (name: string, source: string) =>
    `SELECT 'converted_${name}' AS part, count(*) AS n, count(DISTINCT session) AS sessions, ${visitors(name)}, ` +
    `${NO_MONEY} FROM (${source}) WHERE NOT refund`;
  const { keepsRuns } = statement.words;
  const traffic = (name: string, source: string) =>
    `SELECT 'traffic_${name}' AS part, 0 AS n, ${keepsRuns ? LONE_SESSIONS : SPLIT_SESSIONS} AS sessions, ` +
    `${visitors(name)}, ${NO_MONEY} FROM (${source})` +
    (keepsRuns
      ? ` UNION ALL SELECT 'split_${name}', 0, ${SPLIT_SESSIONS}, 0, ${NO_MONEY} FROM (${source}) WHERE split`
      : '');
  return [
    converted('now', now.converted),
    `UNION ALL ${converted('before', before.converted)}`,
    `UNION ALL ${traffic('now', now.traffic)}`,
    `UNION ALL ${traffic('before', before.traffic)}`,
    `UNION ALL SELECT 'money', 0, 0, 0, ${MONEY_COLUMNS} FROM (${now.converted}) WHERE ${HAS_MONEY} GROUP BY currency`,
  ].join('\n');
}

/** Counts of a period from the statement's rows. */
function countsOf(rows: readonly Row[], name: 'now' | 'before'): PeriodCounts {
  const converted = rows.find((row) => row.part === `converted_${name}`);
  const traffic = rows.find((row) => row.part === `traffic_${name}`);
  const split = rows.find((row) => row.part === `split_${name}`);
  return {
    conversions: converted?.n ?? 0,
    converting_sessions: converted?.sessions ?? 0,
    converting_visitors: converted?.visitors ?? 0,
    total_sessions: (traffic?.sessions ?? 0) + (split?.sessions ?? 0),
    total_visitors: traffic?.visitors ?? 0,
  };
}

/** The rates of a period and of the one before, rounded once from whole numbers. */
export function ratesOf(
  now: PeriodCounts,
  before: PeriodCounts,
): Pick<GoalStats, 'conversion_rate' | 'prev_conversions' | 'prev_conversion_rate' | 'trend_pct'> {
  const quiet = before.total_sessions === 0;
  return {
    conversion_rate: rate(now.converting_sessions, now.total_sessions),
    prev_conversions: quiet && before.conversions === 0 ? null : before.conversions,
    prev_conversion_rate: quiet ? null : rate(before.converting_sessions, before.total_sessions),
    trend_pct: trend(
      { part: now.converting_sessions, whole: now.total_sessions },
      { part: before.converting_sessions, whole: before.total_sessions },
    ),
  };
}

/** Works out one goal. */
export async function goalStats(
  store: Pick<EventStore, 'query' | 'words'>,
  site: number,
  scope: { goal: GoalRef; query: StatsQuery },
): Promise<GoalStats> {
  const statement = new Statement(store);
  const rows = await store.query<Row>(statementText(statement, site, scope), statement.params);
  const now = countsOf(rows, 'now');
  const { start_date, end_date, timezone, as_of } = scope.query;
  return {
    start_date,
    end_date,
    timezone,
    as_of,
    ...now,
    ...ratesOf(now, countsOf(rows, 'before')),
    revenue: revenueOf(rows.filter((row) => row.part === 'money')),
  };
}
