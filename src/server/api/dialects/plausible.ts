/** Plausible's plugins API: goals by numbers, got or created, in lists. Seed 000. */
import type { Goal } from '../../../core/goal.ts';
import { GOALS_PER_SITE } from '../../../core/limits.ts';
import { PROBLEMS, Problem } from '../../../core/problem.ts';
import type { WantedGoal } from '../../goals/goal-ensure.ts';
import type { Asking, Dialect, Refusal, Route } from '../dialect.ts';
import type { Principal } from '../principal.ts';
import { GONE, ok } from '../route.ts';
import {
  basicOf,
  isFields,
  keyOfScheme,
  type LooseCall,
  looseRoute,
  originOf,
  queryText,
  siteOfCall,
} from './dialect-request.ts';
import {
  kindOf,
  type PlausibleDefinition,
  plausibleIdentity,
  readPluginsGoal,
  writePluginsGoal,
} from './plausible-goal.ts';
import { pageOf } from './plausible-page.ts';

const PREFIX = '/api/plugins/v1';
const tag = 'Plausible';
const AT_ONCE = 8;

const invalid = (message: string) => new Problem('invalid_field', message);

/** The goals of the site that Plausible can show, newest first. */
export async function listedGoals(call: LooseCall): Promise<Goal[]> {
  return (await call.backend.goals.all(siteOfCall(call).id)).filter(isListed);
}

/** Whether Plausible can show a goal without loss. */
export const isListed = (goal: Goal) => writePluginsGoal(goal) !== undefined;

/** Identity is event name or path alone: other properties, or a custom event over a revenue goal, find what is there. */
export function findSame(wanted: PlausibleDefinition, existing: readonly Goal[]): Goal | undefined {
  const identity = plausibleIdentity(wanted.trigger);
  const same = existing.filter(isListed).find((goal) => {
    const other = plausibleIdentity(goal.trigger);
    return other !== undefined && other.kind === identity?.kind && other.value === identity.value;
  });
  if (same === undefined || wanted.trigger.type !== 'revenue') return same;
  const currency = same.trigger.type === 'revenue' ? same.trigger.currency : undefined;
  if (currency === wanted.trigger.currency) return same;
  const told = currency === undefined ? '' : ` (with currency: ${currency})`;
  throw invalid(`event_name: '${wanted.trigger.name}'${told} has already been taken`);
}

/** Refuses what the site's plan_limits say hosted plans refuse. */
export function checkPlan(call: LooseCall, wanted: readonly PlausibleDefinition[]): void {
  const { plan_limits } = siteOfCall(call);
  if (plan_limits.revenue_goals && wanted.some(({ trigger }) => trigger.type === 'revenue'))
    throw new Problem('plan_limit', 'Revenue Goals is part of the plan that this site does not have.');
  if (plan_limits.properties && wanted.some(({ properties }) => Object.keys(properties).length > 0))
    throw new Problem('plan_limit', 'Custom Properties is part of the plan that this site does not have.');
}

/** Gets or creates, all or none. */
export async function ensure(call: LooseCall, wanted: readonly PlausibleDefinition[]): Promise<Goal[]> {
  checkPlan(call, wanted);
  const goals: WantedGoal[] = wanted.map((one) => ({ find: (existing) => findSame(one, existing), draft: { ...one } }));
  const limit = { goals: GOALS_PER_SITE, counts: isListed };
  const made = await call.backend.goals.ensureMany(siteOfCall(call).id, goals, { ...originOf(call), limit });
  return made.map(({ goal }) => goal);
}

function wantedOf(body: unknown): PlausibleDefinition[] {
  if (!isFields(body)) throw invalid(`Invalid object. Got: ${kindOf(body)}`);
  if (body.goals === undefined) return [readPluginsGoal(body)];
  if (!Array.isArray(body.goals)) throw invalid(`Invalid array. Got: ${kindOf(body.goals)}`);
  const { length } = body.goals;
  if (length > AT_ONCE) throw invalid(`Array length ${length} is larger than maxItems: ${AT_ONCE}`);
  if (length === 0) throw invalid('Array length 0 is smaller than minItems: 1');
  return body.goals.map(readPluginsGoal);
}

function numberOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw invalid('Invalid integer. Got: string');
  return Number(text);
}

function numbersOf(body: unknown): number[] {
  const ids = isFields(body) ? body.goal_ids : undefined;
  if (!Array.isArray(ids)) throw invalid(`Invalid array. Got: ${kindOf(ids ?? null)}`);
  if (ids.length > AT_ONCE) throw invalid(`Array length ${ids.length} is larger than maxItems: ${AT_ONCE}`);
  if (ids.length === 0) throw invalid('Array length 0 is smaller than minItems: 1');
  return ids.map((id) => {
    if (typeof id === 'number' && Number.isInteger(id)) return id;
    throw invalid(`Invalid integer. Got: ${kindOf(id)}`);
  });
}

/** Deletes those of the numbers that are listed; a number that is not is nobody's. */
export async function removeListed(call: LooseCall, numbers: readonly number[]): Promise<Goal[]> {
  const site = siteOfCall(call).id;
  const gone = (await listedGoals(call)).filter((goal) => numbers.includes(goal.number));
  for (const goal of gone) {
    await call.backend.goals.remove({ site, goal: goal.id }, originOf(call)).catch((error: unknown) => {
      // Somebody deleted it meanwhile, which is what was asked for.
      if (!(error instanceof Problem) || error.code !== 'unknown_goal') throw error;
    });
  }
  return gone;
}

const NO_PAGES = { has_next_page: false, has_prev_page: false, links: {} };

const ROUTES: readonly Route[] = [
  looseRoute({
    method: 'PUT',
    path: `${PREFIX}/goals`,
    scope: 'goals:write',
    tag,
    summary: 'Gets or creates one goal, or up to eight, all or none.',
    status: 201,
    async run(call) {
      const goals = await ensure(call, wantedOf(call.body));
      const location = goals.map((goal) => `${call.base_url}${PREFIX}/goals/${goal.number}`);
      const meta = { pagination: NO_PAGES };
      return { status: 201, headers: { location }, body: { goals: goals.map(writePluginsGoal), meta } };
    },
  }),
  looseRoute({
    method: 'GET',
    path: `${PREFIX}/goals`,
    scope: 'goals:read',
    tag,
    summary: 'Lists goals, newest first.',
    async run(call) {
      const { goals, pagination } = pageOf(call, await listedGoals(call));
      return ok({ goals: goals.map(writePluginsGoal), meta: { pagination } });
    },
  }),
  looseRoute({
    method: 'GET',
    path: `${PREFIX}/goals/:id`,
    scope: 'goals:read',
    tag,
    summary: 'Shows a goal.',
    async run(call) {
      const number = numberOf(call.params.id ?? '');
      const goal = (await listedGoals(call)).find((one) => one.number === number);
      if (goal === undefined) throw new Problem('unknown_goal', 'Plugins API: resource not found');
      return ok(writePluginsGoal(goal));
    },
  }),
  looseRoute({
    method: 'DELETE',
    path: `${PREFIX}/goals/:id`,
    scope: 'goals:write',
    tag,
    summary: 'Deletes a goal; an unknown one is gone already.',
    status: 204,
    body: 'ignored',
    async run(call) {
      await removeListed(call, [numberOf(call.params.id ?? '')]);
      return GONE;
    },
  }),
  looseRoute({
    method: 'DELETE',
    path: `${PREFIX}/goals`,
    scope: 'goals:write',
    tag,
    summary: 'Deletes up to eight goals.',
    status: 204,
    async run(call) {
      await removeListed(call, numbersOf(call.body));
      return GONE;
    },
  }),
];

/** Both schemes are accepted; Basic names the site as user and the key as password. */
function credentials(asking: Asking): string | undefined {
  return keyOfScheme(asking, 'Bearer') ?? basicOf(asking)?.password;
}

/** The Basic user, else `site_id`, else the key's own site. */
function siteRef(asking: Asking, principal: Principal): string | undefined {
  return basicOf(asking)?.user || queryText(asking.query, 'site_id') || (principal.site_id ?? undefined);
}

/** This product has no 403: what a key may not do, and a site it does not name, are both 401. */
function refuse(problem: Problem): Refusal {
  const stranger = ['unauthorized', 'forbidden', 'unknown_site'].includes(problem.code);
  if (stranger)
    return {
      status: 401,
      headers: { 'www-authenticate': 'Basic realm="Plugins API Access"' },
      body: { errors: [{ detail: 'Plugins API: unauthorized' }] },
    };
  return {
    status: PROBLEMS[problem.code].status,
    headers: {},
    body: { errors: detailsOf(problem).map((detail) => ({ detail })) },
  };
}

function detailsOf(problem: Problem): string[] {
  if (problem.code === 'limit_reached')
    return ['event_name: Maximum number of goals reached', 'page_path: Maximum number of goals reached'];
  if (problem.code === 'unknown_goal' || problem.code === 'not_found') return ['Plugins API: resource not found'];
  return problem.message.split('\n');
}

export const plausible: Dialect = {
  name: 'plausible',
  prefixes: [PREFIX],
  routes: ROUTES,
  credentials,
  siteRef,
  refuse,
};
