/** Sparklytics: goals of a website and their statistics. Seed 002. */
import type { Goal } from '../../../core/goal.ts';
import { goalStats } from '../../stats/goal-stats.ts';
import type { Dialect, Route } from '../dialect.ts';
import { askStats, pastHeaders } from '../native-stats.ts';
import { GONE, ok } from '../route.ts';
import {
  type Fields,
  fieldsOf,
  keyOfScheme,
  type LooseCall,
  looseRoute,
  originOf,
  siteOfCall,
} from './dialect-request.ts';
import { ATTRIBUTION_ROUTES } from './sparklytics-attribution.ts';
import { findListed, isListed } from './sparklytics-find.ts';
import { readSparklyticsGoal, type SparklyticsGoal, writeSparklyticsGoal } from './sparklytics-goal.ts';
import { refuseAsSparklytics } from './sparklytics-refusal.ts';

const PREFIX = '/api/websites';
const tag = 'Sparklytics';
const GOALS = 50;

/** Names are unique, fifty goals, and currencies of any 1-8 characters: the product's policies. */
const policyOf = (call: LooseCall) => ({
  ...originOf(call),
  unique_name: true,
  limit: { goals: GOALS, counts: isListed },
  check: { freeCurrency: true },
});

const write = (goal: Goal, call: LooseCall) => ({ data: writeSparklyticsGoal(goal, siteOfCall(call).id) });

/** The fields a request may send, and nothing else of it. */
function wordsOf(body: Fields): SparklyticsGoal {
  const { name, goal_type, match_value, match_operator, value_mode, fixed_value, value_property_key, currency } = body;
  return { name, goal_type, match_value, match_operator, value_mode, fixed_value, value_property_key, currency };
}

/** PUT merges what is sent into what is stored, ignores `goal_type`, then checks the whole. */
function mergedWords(goal: Goal, body: Fields): SparklyticsGoal {
  const stored = wordsOf({ ...writeSparklyticsGoal(goal, '') });
  const sent = Object.entries(wordsOf(body)).filter(([, value]) => value !== undefined);
  return { ...stored, ...Object.fromEntries(sent), goal_type: stored.goal_type };
}

const find = (call: LooseCall) => findListed(call, call.params.goal ?? '');

const ROUTES: readonly Route[] = [
  looseRoute({
    method: 'GET',
    path: `${PREFIX}/:website/goals`,
    scope: 'goals:read',
    tag,
    summary: 'Lists goals, newest first.',
    async run(call) {
      const goals = await call.backend.goals.all(siteOfCall(call).id);
      const website = siteOfCall(call).id;
      return ok({ data: goals.flatMap((goal) => writeSparklyticsGoal(goal, website) ?? []) });
    },
  }),
  looseRoute({
    method: 'POST',
    path: `${PREFIX}/:website/goals`,
    scope: 'goals:write',
    tag,
    summary: 'Creates a goal; its name must be new.',
    status: 201,
    async run(call) {
      const draft = { ...readSparklyticsGoal(wordsOf(fieldsOf(call.body))) };
      const { goal } = await call.backend.goals.create(siteOfCall(call).id, draft, policyOf(call));
      return { status: 201, body: write(goal, call) };
    },
  }),
  looseRoute({
    method: 'PUT',
    path: `${PREFIX}/:website/goals/:goal`,
    scope: 'goals:write',
    tag,
    summary: 'Changes what is sent.',
    async run(call) {
      const body = fieldsOf(call.body);
      const address = { site: siteOfCall(call).id, goal: (await find(call)).id };
      // Fields that only other products have stay theirs.
      const patch = (goal: Goal) => {
        const changed = readSparklyticsGoal(mergedWords(goal, body));
        return { ...changed, foreign: { ...goal.foreign, ...changed.foreign } };
      };
      const { goal } = await call.backend.goals.update(address, patch, policyOf(call));
      return ok(write(goal, call));
    },
  }),
  looseRoute({
    method: 'DELETE',
    path: `${PREFIX}/:website/goals/:goal`,
    scope: 'goals:write',
    tag,
    summary: 'Deletes a goal.',
    status: 204,
    body: 'ignored',
    async run(call) {
      const { id } = await find(call);
      await call.backend.goals.remove({ site: siteOfCall(call).id, goal: id }, originOf(call));
      return GONE;
    },
  }),
  looseRoute({
    method: 'GET',
    path: `${PREFIX}/:website/goals/:goal/stats`,
    scope: 'stats:read',
    tag,
    summary: 'The eight statistics of a goal.',
    async run(call) {
      const headers = pastHeaders(call, call.params.goal ?? '');
      const goal = await find(call);
      // The product answers at query time, so what it has acknowledged counts.
      const query = await askStats({ ...call, query: { ...call.query, fresh: 'true' } });
      const stats = await goalStats(call.backend.store, siteOfCall(call).number, { goal, query });
      const { conversions, converting_sessions, total_sessions, conversion_rate } = stats;
      const { prev_conversions, prev_conversion_rate, trend_pct } = stats;
      const now = { goal_id: goal.id, conversions, converting_sessions, total_sessions, conversion_rate };
      return { ...ok({ data: { ...now, prev_conversions, prev_conversion_rate, trend_pct } }), headers };
    },
  }),
  ...ATTRIBUTION_ROUTES,
];

export const sparklytics: Dialect = {
  name: 'sparklytics',
  prefixes: [PREFIX],
  routes: ROUTES,
  credentials: (asking) => keyOfScheme(asking, 'Bearer'),
  siteRef: ({ params }) => params.website,
  refuse: refuseAsSparklytics,
};
