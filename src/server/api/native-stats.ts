/** Native routes of statistics. */
import { type TSchema, Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import { allGoalsStats } from '../stats/all-goals-stats.ts';
import { goalStats } from '../stats/goal-stats.ts';
import { FILTER_COLUMNS, type GoalRef, type Params, parseStatsQuery, type StatsQuery } from '../stats/stats-query.ts';
import { answerTable, withCsv } from './csv-answer.ts';
import type { Call, Route } from './dialect.ts';
import { choice } from './goal-schema.ts';
import { goalOf } from './native-goals.ts';
import { siteOf } from './native-sites.ts';
import { defineRoute } from './route.ts';
import { GoalStatsSchema } from './stats-schema.ts';

const tag = 'Statistics';
const many = Type.Union([Type.String(), Type.Array(Type.String())]);
const filterNames = [...Object.keys(FILTER_COLUMNS), 'goal'];

/** Query parameters of every statistic, and what a route has besides. */
export function statsQuerySchema(more: Record<string, TSchema> = {}) {
  const day = Type.Optional(Type.String({ description: 'A day of the time zone, e.g. 2026-01-31; inclusive.' }));
  const filters = Object.fromEntries(filterNames.map((name) => [`filter_${name}`, Type.Optional(many)]));
  return Type.Object(
    {
      start_date: day,
      end_date: day,
      timezone: Type.Optional(Type.String({ description: "IANA name; default the site's." })),
      include_bots: Type.Optional(choice(['true', 'false'] as const)),
      fresh: Type.Optional(choice(['true', 'false'] as const, 'true waits for what is acknowledged already.')),
      ...filters,
      ...more,
    },
    { additionalProperties: false },
  );
}

/** Reads a question after waiting, where asked, until what was acknowledged before is in the store. */
export async function askStats(call: Call, also: readonly string[] = []): Promise<StatsQuery> {
  const { fresh, ...params } = call.query as Params;
  const { collector, registry, clock } = call.backend;
  const site = siteOf(call);
  if (fresh === 'true') await collector.fresh();
  const findGoal = (ref: string): GoalRef | undefined =>
    registry
      .find(site.id)
      ?.goals.map((compiled) => compiled.goal)
      .find((goal) => goal.id === ref || goal.key === ref || goal.name === ref);
  return parseStatsQuery(params, site, { now_ms: clock(), as_of_ms: collector.asOf(), findGoal, also });
}

/** The undeleted goals of the call's site as the registry has them, newest first. */
export function goalsOf(call: Call) {
  const entry = call.backend.registry.find(siteOf(call).id);
  if (entry === undefined) throw new Problem('unknown_site', 'There is no such site.');
  return entry.goals.map((compiled) => compiled.goal);
}

/** Whether the past of any of the goals is still being counted. Asked before the numbers: then "no" holds for them. */
function isPastPending(call: Call, ...goalIds: readonly string[]): boolean {
  const entry = call.backend.registry.find(siteOf(call).id);
  return goalIds.some((id) => entry?.isPastPending(id));
}

/** The header that says so where the numbers of a product have no room for it. */
export function pastHeaders(call: Call, ...goalIds: readonly string[]): Record<string, string> {
  return isPastPending(call, ...goalIds) ? { 'x-goalpost-past': 'pending' } : {};
}

/** A goal's statistics as a line of a table, which people read: with its name, and without what will have passed. */
const COLUMNS = ['goal', ...Object.keys(GoalStatsSchema.properties).filter((name) => name !== 'past_pending')];

const EVERY_GOAL = defineRoute({
  method: 'GET',
  path: '/api/sites/:site/goals/stats',
  scope: 'stats:read',
  shared: true,
  tag,
  summary: 'The statistics of every goal, those without conversions too.',
  query: statsQuerySchema(),
  answers: { 200: Type.Object({ goals: Type.Array(GoalStatsSchema) }) },
  async run(call) {
    const goals = goalsOf(call);
    const pending = new Set(goals.filter(({ id }) => isPastPending(call, id)));
    const query = await askStats(call);
    const found = await allGoalsStats(call.backend.store, siteOf(call).number, { goals, query });
    const byNumber = new Map(found.map((line) => [line.number, line]));
    const lines = goals.flatMap((goal) => {
      const line = byNumber.get(goal.number);
      if (line === undefined) return [];
      const { number: _, ...stats } = line;
      return [{ goal_id: goal.id, ...stats, past_pending: pending.has(goal) }];
    });
    const names = new Map(goals.map(({ id, name }) => [id, name]));
    const rows = lines.map((line) => ({ goal: names.get(line.goal_id) ?? '', ...line }));
    return answerTable(call, { goals: lines }, { columns: COLUMNS, rows });
  },
});

const ONE_GOAL = defineRoute({
  method: 'GET',
  path: '/api/sites/:site/goals/:goal/stats',
  scope: 'stats:read',
  shared: true,
  tag,
  summary: 'The statistics of a goal, with the period before, trend and revenue.',
  query: statsQuerySchema(),
  answers: { 200: GoalStatsSchema },
  async run(call) {
    const address = goalOf(call);
    const past_pending = isPastPending(call, address.goal);
    const goal = await call.backend.goals.get(address);
    const query = await askStats(call);
    const stats = await goalStats(call.backend.store, siteOf(call).number, { goal, query });
    const line = { goal_id: goal.id, ...stats, past_pending };
    return answerTable(call, line, { columns: COLUMNS, rows: [{ goal: goal.name, ...line }] });
  },
});

export const STATS_ROUTES: readonly Route[] = [...withCsv(ONE_GOAL), ...withCsv(EVERY_GOAL)];
