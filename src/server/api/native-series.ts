/** Native routes of statistics beyond the counts: over time, by dimension, funnels, attribution, drops. */
import { Type } from '@sinclair/typebox';
import { FUNNEL_STEPS_MAX, FUNNEL_STEPS_MIN } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { Days } from '../collector/drop-counters.ts';
import { attribution } from '../stats/attribution.ts';
import { BREAKDOWN_ROWS, breakdown, readDimension } from '../stats/breakdown.ts';
import { INTERVALS } from '../stats/buckets.ts';
import { funnel } from '../stats/funnel.ts';
import { FILTER_COLUMNS, type FilterName, type Params, readPeriod } from '../stats/stats-query.ts';
import { timeseries } from '../stats/timeseries.ts';
import { answerTable, columnsOf, withCsv } from './csv-answer.ts';
import type { Call, Route } from './dialect.ts';
import { choice } from './goal-schema.ts';
import { goalOf } from './native-goals.ts';
import { siteOf } from './native-sites.ts';
import { askStats, goalsOf, statsQuerySchema } from './native-stats.ts';
import { defineRoute } from './route.ts';
import { AttributionSchema, BreakdownSchema, DropsSchema, FunnelSchema, TimeseriesSchema } from './stats-schema.ts';

const tag = 'Statistics';
const GOAL = '/api/sites/:site/goals/:goal';
const PAGE_ROWS = 100;
const ATTRIBUTION_DAYS = 30;
const FUNNEL_MINUTES = 30;
const YEAR_MINUTES = 525_600;
const MINUTE_MS = 60_000;
const by = choice(Object.keys(FILTER_COLUMNS) as FilterName[]);

async function storedGoal(call: Call) {
  return call.backend.goals.get(goalOf(call as Call<Record<string, string>>));
}

const TIMESERIES = defineRoute({
  method: 'GET',
  path: `${GOAL}/timeseries`,
  scope: 'stats:read',
  shared: true,
  tag,
  summary: 'A goal over time, empty intervals too.',
  query: statsQuerySchema({ interval: Type.Optional(choice(INTERVALS, 'Default day.')) }),
  answers: { 200: TimeseriesSchema },
  async run(call) {
    const goal = await storedGoal(call);
    const query = await askStats(call, ['interval']);
    const { interval = 'day' } = call.query as { interval?: (typeof INTERVALS)[number] };
    const series = await timeseries(call.backend.store, siteOf(call).number, { goal, query, interval });
    return answerTable(call, series, { columns: columnsOf(TimeseriesSchema.properties.points), rows: series.points });
  },
});

const BREAKDOWN = defineRoute({
  method: 'GET',
  path: `${GOAL}/breakdown`,
  scope: 'stats:read',
  shared: true,
  tag,
  summary: 'A goal by a dimension, most conversions first, what is on no page as "other" (null) last.',
  query: statsQuerySchema({
    by,
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: BREAKDOWN_ROWS, description: `Default ${PAGE_ROWS}.` })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  }),
  answers: { 200: BreakdownSchema },
  async run(call) {
    const goal = await storedGoal(call);
    const query = await askStats(call, ['by', 'limit', 'offset']);
    const asked = call.query as { by?: string; limit?: number; offset?: number };
    const { limit = PAGE_ROWS, offset = 0 } = asked;
    const scope = { goal, query, by: readDimension(asked.by), limit, offset };
    const found = await breakdown(call.backend.store, siteOf(call).number, scope);
    return answerTable(call, found, { columns: columnsOf(BreakdownSchema.properties.rows), rows: found.rows });
  },
});

const ATTRIBUTION = defineRoute({
  method: 'GET',
  path: `${GOAL}/attribution`,
  scope: 'stats:read',
  shared: true,
  tag,
  summary: 'What brought the visitors who converted: the first or the last session before.',
  query: statsQuerySchema({
    by: Type.Optional(by),
    model: Type.Optional(choice(['first', 'last'] as const, 'Default last.')),
    window_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 365, description: `Default ${ATTRIBUTION_DAYS}.` })),
  }),
  answers: { 200: AttributionSchema },
  async run(call) {
    const goal = await storedGoal(call);
    const query = await askStats(call, ['by', 'model', 'window_days']);
    const asked = call.query as { by?: FilterName; model?: 'first' | 'last'; window_days?: number };
    const { by: dimension = 'source', model = 'last', window_days = ATTRIBUTION_DAYS } = asked;
    const scope = { goal, query, by: dimension, model, window_days };
    const found = await attribution(call.backend.store, siteOf(call).number, scope);
    return answerTable(call, found, { columns: columnsOf(AttributionSchema.properties.rows), rows: found.rows });
  },
});

const FUNNEL = defineRoute({
  method: 'GET',
  path: '/api/sites/:site/funnels',
  scope: 'stats:read',
  shared: true,
  tag,
  summary: `How many went through ${FUNNEL_STEPS_MIN} to ${FUNNEL_STEPS_MAX} goals in their order.`,
  query: statsQuerySchema({
    goals: Type.Union([Type.String(), Type.Array(Type.String())], {
      description: 'Ids or keys, separated by commas or repeated.',
    }),
    per: Type.Optional(choice(['session', 'visitor'] as const, 'Default session.')),
    window_minutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: YEAR_MINUTES,
        description: `First to last step; default ${FUNNEL_MINUTES}.`,
      }),
    ),
  }),
  answers: { 200: FunnelSchema },
  async run(call) {
    const known = goalsOf(call);
    const query = await askStats(call, ['goals', 'per', 'window_minutes']);
    const asked = call.query as unknown as {
      goals: string | string[];
      per?: 'session' | 'visitor';
      window_minutes?: number;
    };
    const goals = [asked.goals]
      .flat()
      .join(',')
      .split(',')
      .map((ref) => {
        const found = known.find((goal) => goal.id === ref.trim() || goal.key === ref.trim());
        if (found) return found;
        throw new Problem('invalid_parameter', `The site has no goal "${ref.slice(0, 100)}".`, { field: 'goals' });
      });
    const { per = 'session', window_minutes = FUNNEL_MINUTES } = asked;
    const scope = { goals, query, per, window_ms: window_minutes * MINUTE_MS };
    const found = await funnel(call.backend.store, siteOf(call).number, scope);
    const ids = new Map(goals.map((goal) => [goal.number, goal.id]));
    const steps = found.steps.map(({ number, ...step }) => ({ goal_id: ids.get(number) ?? '', ...step }));
    return answerTable(call, { ...found, steps }, { columns: columnsOf(FunnelSchema.properties.steps), rows: steps });
  },
});

/** The days asked for, as the statistics read them; undefined: all. Throws `invalid_parameter`. */
function dropDays(asked: Params, now_ms: number): Days | undefined {
  if (asked.start_date === undefined && asked.end_date === undefined) return undefined;
  return readPeriod(asked, 'UTC', now_ms);
}

const DROPS = defineRoute({
  method: 'GET',
  path: '/api/sites/:site/drops',
  scope: 'stats:read',
  tag,
  summary: 'What was not taken or not counted, by day (UTC) and reason, and the last examples.',
  query: Type.Object(
    {
      start_date: Type.Optional(Type.String({ description: 'A day in UTC, inclusive. Default: as long as is kept.' })),
      end_date: Type.Optional(
        Type.String({ description: 'Inclusive; alone it means the seven days that end with it.' }),
      ),
    },
    { additionalProperties: false },
  ),
  answers: { 200: DropsSchema },
  async run(call) {
    const { collector, clock } = call.backend;
    const { totals, samples } = collector.drops(siteOf(call).number, dropDays(call.query, clock()));
    const shown = samples.map(({ id, reason, at_ms }) => ({ i: id, reason, at: at_ms }));
    return answerTable(
      call,
      { totals, samples: shown },
      { columns: columnsOf(DropsSchema.properties.totals), rows: totals },
    );
  },
});

export const SERIES_ROUTES: readonly Route[] = [TIMESERIES, BREAKDOWN, ATTRIBUTION, FUNNEL, DROPS].flatMap(withCsv);
