/** Sparklytics: goals of a website, their statistics, and collected events. Seed 002. */
import type { Goal } from '../../../core/goal.ts';
import { PROBLEMS, Problem, type ProblemCode } from '../../../core/problem.ts';
import { goalStats } from '../../stats/goal-stats.ts';
import type { Dialect, Refusal, Route } from '../dialect.ts';
import { askStats } from '../native-stats.ts';
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
import { readSparklyticsGoal, type SparklyticsGoal, writeSparklyticsGoal } from './sparklytics-goal.ts';

const PREFIX = '/api/websites';
const tag = 'Sparklytics';
const GOALS = 50;

const isListed = (goal: Goal) => writeSparklyticsGoal(goal, '') !== undefined;

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

async function find(call: LooseCall): Promise<Goal> {
  const address = { site: siteOfCall(call).id, goal: call.params.goal ?? '' };
  const goal = await call.backend.goals.get(address);
  if (goal.id !== address.goal || !isListed(goal)) throw new Problem('unknown_goal', 'Goal not found');
  return goal;
}

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
      const patch = (goal: Goal) => ({ ...readSparklyticsGoal(mergedWords(goal, body)) });
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
      const goal = await find(call);
      // The product answers at query time, so what it has acknowledged counts.
      const query = await askStats({ ...call, query: { ...call.query, fresh: 'true' } });
      const stats = await goalStats(call.backend.store, siteOfCall(call).number, { goal, query });
      const { conversions, converting_sessions, total_sessions, conversion_rate } = stats;
      const { prev_conversions, prev_conversion_rate, trend_pct } = stats;
      const now = { goal_id: goal.id, conversions, converting_sessions, total_sessions, conversion_rate };
      return ok({ data: { ...now, prev_conversions, prev_conversion_rate, trend_pct } });
    },
  }),
];

/** Its names for problems that a validation of fields gives, whatever code they have here. */
const CODES: Partial<Record<ProblemCode, { status: number; code: string; message?: string; field?: string }>> = {
  invalid_field: { status: 422, code: 'validation_error' },
  invalid_parameter: { status: 400, code: 'validation_error' },
  invalid_body: { status: 400, code: 'validation_error' },
  duplicate_name: {
    status: 422,
    code: 'duplicate_name',
    message: 'goal name already exists for this website',
    field: 'name',
  },
  limit_reached: {
    status: 422,
    code: 'limit_exceeded',
    message: 'maximum of 50 goals per website reached',
    field: 'goals',
  },
  unknown_goal: { status: 404, code: 'not_found', message: 'Goal not found' },
  unknown_site: { status: 404, code: 'not_found', message: 'Website not found' },
  unauthorized: { status: 401, code: 'unauthorized' },
};

/** `{"error":{"code","message","field"}}`, with `field` always present. */
export function refuseAsSparklytics(problem: Problem): Refusal {
  const known = CODES[problem.code];
  const code = known?.code ?? problem.code;
  const message = known?.message ?? problem.message;
  const field = known?.field ?? problem.field ?? null;
  return {
    status: known?.status ?? PROBLEMS[problem.code].status,
    headers: {},
    body: { error: { code, message, field } },
  };
}

export const sparklytics: Dialect = {
  name: 'sparklytics',
  prefixes: [PREFIX, '/api/collect'],
  routes: ROUTES,
  credentials: (asking) => keyOfScheme(asking, 'Bearer'),
  siteRef: ({ params }) => params.website,
  refuse: refuseAsSparklytics,
};
