/** How many sessions or visitors met goals one after another, within a window from the first. */
import { FUNNEL_STEPS_MAX, FUNNEL_STEPS_MIN } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { EventStore } from '../store/event-store.ts';
import { rate } from './ratio.ts';
import type { GoalRef, StatsQuery } from './stats-query.ts';
import { conversionsSql, Statement, whole } from './stats-sql.ts';

/** What is asked. */
export interface FunnelScope {
  /** 2-8 different goals in their order. */
  goals: readonly GoalRef[];
  query: StatsQuery;
  /** The whole way must be gone by one session, or by one visitor. */
  per: 'session' | 'visitor';
  /** From the first step to the last, ms. */
  window_ms: number;
}

/** One step. */
export interface FunnelStep {
  /** The goal's number. */
  number: number;
  /** Sessions or visitors that came this far. */
  reached: number;
  /** reached ÷ the first step's. */
  rate: number;
  /** reached ÷ the step's before; 1 for the first with anybody in it. */
  step_rate: number;
}

export interface Funnel {
  per: FunnelScope['per'];
  as_of: string;
  steps: FunnelStep[];
}

/** Throws `invalid_parameter` unless there are 2-8 different goals. */
function checkGoals(goals: readonly GoalRef[]): void {
  if (goals.length < FUNNEL_STEPS_MIN || goals.length > FUNNEL_STEPS_MAX) {
    const message = `A funnel has ${FUNNEL_STEPS_MIN} to ${FUNNEL_STEPS_MAX} goals.`;
    throw new Problem('invalid_parameter', message, { field: 'goals' });
  }
  if (new Set(goals.map((goal) => goal.number)).size < goals.length) {
    throw new Problem('invalid_parameter', 'A goal may stand in a funnel once.', { field: 'goals' });
  }
}

/**
 * From each first step the earliest next one follows, and so on: who reaches a step from any start has reached it.
 * Goals met at the same moment follow one another in the order asked.
 */
function statementText(statement: Statement, site: number, scope: FunnelScope): string {
  const { goals, query, per, window_ms } = scope;
  const interval = { from_ms: query.from_ms, to_ms: query.to_ms };
  const parts = goals.flatMap((goal, index) => {
    const met =
      `met_${index} AS (SELECT ${per} AS who, ts FROM (${conversionsSql(statement, site, { query, interval, goal })}) ` +
      `WHERE NOT refund AND ${per} IS NOT NULL)`;
    const step =
      index === 0
        ? 'step_0 AS (SELECT DISTINCT who, ts AS start_ms, ts AS at_ms FROM met_0)'
        : `step_${index} AS (SELECT s.who AS who, s.start_ms AS start_ms, min(m.ts) AS at_ms FROM step_${index - 1} s ` +
          `JOIN met_${index} m ON m.who = s.who WHERE m.ts >= s.at_ms AND m.ts <= s.start_ms + ${whole(window_ms)} ` +
          'GROUP BY s.who, s.start_ms)';
    return [met, step];
  });
  const counts = goals.map((_, index) => `SELECT ${index} AS step, count(DISTINCT who) AS reached FROM step_${index}`);
  return `WITH ${parts.join(',\n')}\n${counts.join('\nUNION ALL ')}`;
}

/** Works out a funnel. Throws `invalid_parameter`. */
export async function funnel(store: EventStore, site: number, scope: FunnelScope): Promise<Funnel> {
  checkGoals(scope.goals);
  const statement = new Statement(store);
  const rows = await store.query<{ step: number; reached: number }>(
    statementText(statement, site, scope),
    statement.params,
  );
  const reached = scope.goals.map((_, index) => rows.find((row) => row.step === index)?.reached ?? 0);
  const steps = scope.goals.map(
    ({ number }, index): FunnelStep => ({
      number,
      reached: reached[index]!,
      rate: rate(reached[index]!, reached[0]!),
      step_rate: rate(reached[index]!, reached[index === 0 ? 0 : index - 1]!),
    }),
  );
  return { per: scope.per, as_of: scope.query.as_of, steps };
}
