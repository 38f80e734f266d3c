/** Native routes about the past of a goal: its last conversions, what it would have counted, and how far its counting is. */
import { Type } from '@sinclair/typebox';
import { groupLookup } from '../../core/build-plan.ts';
import { compileGoal } from '../../core/match-goal.ts';
import { PREVIEW_DAYS, previewPast } from '../stats/past-preview.ts';
import { RECENT_ROWS, recentConversions } from '../stats/recent-conversions.ts';
import { answerTable, columnsOf, withCsv } from './csv-answer.ts';
import type { Call, Route } from './dialect.ts';
import { choice, TriedGoalSchema } from './goal-schema.ts';
import { askedGoal } from './native-check.ts';
import { goalOf } from './native-goals.ts';
import { siteOf } from './native-sites.ts';
import { askStats, statsQuerySchema } from './native-stats.ts';
import { defineRoute, ok } from './route.ts';

const GOAL = '/api/sites/:site/goals/:goal';
const PAGE_ROWS = 20;
const maybeText = Type.Union([Type.String(), Type.Null()]);

const RecentSchema = Type.Object({
  as_of: Type.String(),
  conversions: Type.Array(
    Type.Object({
      time: Type.Integer({ description: 'Milliseconds since 1970 UTC.' }),
      refund: Type.Boolean(),
      amount: Type.Union([Type.String(), Type.Null()], { description: 'Decimal string; negative for refunds.' }),
      currency: maybeText,
      order_id: maybeText,
      hostname: Type.String(),
      path: Type.String(),
      source: Type.String(),
      country: Type.String(),
      device: Type.String(),
      browser: Type.String(),
      test: Type.Boolean(),
    }),
  ),
  next: Type.Union([Type.Integer(), Type.Null()], { description: 'Offset of the next page.' }),
});

const RECENT = defineRoute({
  method: 'GET',
  path: `${GOAL}/conversions`,
  scope: 'stats:read',
  tag: 'Statistics',
  summary: 'The conversions of a goal one by one, newest first, refunds among them. Who converted is not told.',
  query: statsQuerySchema({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: RECENT_ROWS, description: `Default ${PAGE_ROWS}.` })),
    offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  }),
  answers: { 200: RecentSchema },
  async run(call) {
    const goal = await call.backend.goals.get(goalOf(call as Call<Record<string, string>>));
    const query = await askStats(call, ['limit', 'offset']);
    const { limit = PAGE_ROWS, offset = 0 } = call.query as { limit?: number; offset?: number };
    const found = await recentConversions(call.backend.store, siteOf(call).number, { goal, query, limit, offset });
    return answerTable(call, found, {
      columns: columnsOf(RecentSchema.properties.conversions),
      rows: found.conversions,
    });
  },
});

const PREVIEW = defineRoute({
  method: 'POST',
  path: '/api/sites/:site/goals/preview',
  scope: 'stats:read',
  tag: 'Goals',
  summary: `What a goal would have counted in the last ${PREVIEW_DAYS} days, as far as the past is known. Nothing is stored.`,
  body: Type.Object(
    { goal: Type.Optional(TriedGoalSchema), goal_id: Type.Optional(Type.String()) },
    { additionalProperties: false },
  ),
  answers: {
    200: Type.Object({
      known: Type.Boolean({ description: 'false: clicks, forms and the like were never recorded.' }),
      days: Type.Array(Type.Object({ start: Type.String(), conversions: Type.Integer() })),
      conversions: Type.Integer(),
      examples: Type.Array(Type.Object({ text: Type.String(), events: Type.Integer() })),
      complete: Type.Boolean({ description: 'false: there was more than a preview looks at.' }),
    }),
  },
  async run(call) {
    const { backend } = call;
    const site = siteOf(call);
    const goal = await askedGoal(call);
    const groups = groupLookup(backend.registry.find(site.id)?.groups ?? []);
    await backend.collector.fresh();
    const found = { compiled: compileGoal(goal, groups), site };
    return ok(await previewPast(backend.store, found, backend.clock()));
  },
});

const BACKFILL = defineRoute({
  method: 'GET',
  path: `${GOAL}/backfill`,
  scope: 'goals:read',
  tag: 'Goals',
  summary: 'How far the counting of what happened before the goal was saved is.',
  answers: {
    200: Type.Object({
      state: choice(['none', 'running', 'done', 'failed'] as const),
      progress: Type.Number({ description: '0 to 1.' }),
    }),
  },
  async run(call) {
    const { backend } = call;
    const goal = await backend.goals.get(goalOf(call as Call<Record<string, string>>));
    const job = (await backend.backfills.of(goal.id)).find(({ state }) => state !== 'replaced');
    if (job === undefined) return ok({ state: 'none', progress: 1 });
    if (job.state !== 'running') return ok({ state: job.state, progress: 1 });
    const [first] = await backend.store.query<{ ts: number | null }>(
      `SELECT min(ts) AS ts FROM events WHERE site = ${siteOf(call).number}`,
      [],
    );
    const start = Math.max(job.from_ms, first?.ts ?? job.until_ms);
    const share = (job.next_day_ms - start) / Math.max(1, job.until_ms - start);
    return ok({ state: 'running', progress: Math.min(1, Math.max(0, share)) });
  },
});

export const PAST_ROUTES: readonly Route[] = [...withCsv(RECENT), PREVIEW, BACKFILL];
