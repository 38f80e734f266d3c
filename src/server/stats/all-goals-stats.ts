/** All goals of a site in one statement: the traffic is counted once, the conversions grouped by goal. */
import type { EventStore } from '../store/event-store.ts';
import { type GoalStats, type PeriodCounts, ratesOf } from './goal-stats.ts';
import { HAS_MONEY, MONEY_COLUMNS, type MoneyRow, revenueOf } from './revenue.ts';
import type { GoalRef, StatsQuery } from './stats-query.ts';
import { conversionsSql, type Interval, LONE_SESSIONS, SPLIT_SESSIONS, Statement, trafficSql } from './stats-sql.ts';

/** The statistics of one goal of the list. */
export interface ListedGoalStats extends GoalStats {
  /** The goal's number. */
  number: number;
}

interface Row extends MoneyRow {
  part: string;
  goal: number | null;
  n: number;
  sessions: number;
  visitors: number;
}

const NO_MONEY = 'NULL AS currency, 0 AS paid, NULL AS total, NULL AS refunded';

/** Rows of the generation that counts, goal by goal. */
function currentGenerations(goals: readonly GoalRef[]): string {
  const usual = goals.filter((goal) => goal.generation === 1).map((goal) => goal.number);
  const others = goals.filter((goal) => goal.generation !== 1);
  const parts = others.map((goal) => `(goal = ${goal.number} AND generation = ${goal.generation})`);
  if (usual.length > 0) parts.push(`(generation = 1 AND goal IN (${usual.join(', ')}))`);
  return `(${parts.join(' OR ')})`;
}

function statementText(
  statement: Statement,
  site: number,
  scope: { goals: readonly GoalRef[]; query: StatsQuery },
): string {
  const { goals, query } = scope;
  const periods: [string, Interval][] = [
    ['now', { from_ms: query.from_ms, to_ms: query.to_ms }],
    ['before', { from_ms: query.previous_from_ms, to_ms: query.from_ms }],
  ];
  // Of the period before, visitors are not shown, and telling them apart takes longest.
  const visitors = (name: string) => `${name === 'now' ? 'count(DISTINCT visitor)' : '0'} AS visitors`;
  const { keepsRuns } = statement.words;
  const current = (interval: Interval) =>
    `(${conversionsSql(statement, site, { query, interval })}) WHERE ${currentGenerations(goals)}`;
  const parts = periods.flatMap(([name, interval]) => {
    const traffic = trafficSql(statement, site, { query, interval, visitors: name === 'now' });
    return [
      `SELECT 'converted_${name}' AS part, goal, count(*) AS n, count(DISTINCT session) AS sessions, ${visitors(name)}, ` +
        `${NO_MONEY} FROM ${current(interval)} AND NOT refund GROUP BY goal`,
      `SELECT 'traffic_${name}' AS part, NULL AS goal, 0 AS n, ${keepsRuns ? LONE_SESSIONS : SPLIT_SESSIONS} AS sessions, ` +
        `${visitors(name)}, ${NO_MONEY} FROM (${traffic})`,
      ...(keepsRuns
        ? [`SELECT 'split_${name}', NULL, 0, ${SPLIT_SESSIONS}, 0, ${NO_MONEY} FROM (${traffic}) WHERE split`]
        : []),
    ];
  });
  parts.push(
    `SELECT 'money', goal, 0, 0, 0, ${MONEY_COLUMNS} FROM ${current(periods[0]![1])} AND ${HAS_MONEY} GROUP BY goal, currency`,
  );
  return parts.join('\nUNION ALL ');
}

/** Works out every goal given, in their order. */
export async function allGoalsStats(
  store: Pick<EventStore, 'query' | 'words'>,
  site: number,
  scope: { goals: readonly GoalRef[]; query: StatsQuery },
): Promise<ListedGoalStats[]> {
  const { goals, query } = scope;
  if (goals.length === 0) return [];
  const statement = new Statement(store);
  const rows = await store.query<Row>(statementText(statement, site, scope), statement.params);
  const byGoal = new Map<string, Row>();
  const money = new Map<number, MoneyRow[]>();
  for (const row of rows) {
    if (row.part === 'money') money.set(row.goal!, [...(money.get(row.goal!) ?? []), row]);
    else byGoal.set(`${row.part} ${row.goal ?? ''}`, row);
  }
  const counts = (name: 'now' | 'before', goal: number): PeriodCounts => {
    const converted = byGoal.get(`converted_${name} ${goal}`);
    const traffic = byGoal.get(`traffic_${name} `);
    const split = byGoal.get(`split_${name} `);
    return {
      conversions: converted?.n ?? 0,
      converting_sessions: converted?.sessions ?? 0,
      converting_visitors: converted?.visitors ?? 0,
      total_sessions: (traffic?.sessions ?? 0) + (split?.sessions ?? 0),
      total_visitors: traffic?.visitors ?? 0,
    };
  };
  const { start_date, end_date, timezone, as_of } = query;
  return goals.map(({ number }) => {
    const now = counts('now', number);
    return {
      number,
      start_date,
      end_date,
      timezone,
      as_of,
      ...now,
      ...ratesOf(now, counts('before', number)),
      revenue: revenueOf(money.get(number) ?? []),
    };
  });
}
