/** Mida's project API: goals with one value each, and events. Seed 004. */
import type { Goal } from '../../../core/goal.ts';
import { PROBLEMS, Problem } from '../../../core/problem.ts';
import type { Asking, Dialect, Refusal, Route } from '../dialect.ts';
import { ok } from '../route.ts';
import { sendServerEvent } from './dialect-event.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  keyOfHeader,
  keyOfScheme,
  type LooseCall,
  looseRoute,
  originOf,
  queryCount,
  siteOfCall,
} from './dialect-request.ts';
import { type MidaDefinition, readMidaGoal, writeMidaGoal } from './mida-goal.ts';

const PREFIX = '/v2/project';
const tag = 'Mida';
const PAGE_GOALS = 50;
const PAGE_GOALS_MOST = 500;
/** Its numbers for a goal that lives and one that was deleted. */
const ALIVE = 1;
const DELETED = 2;

/** The product's company is the account that its projects belong to; an installation is one account. */
const COMPANY = 1;

/** A name may repeat; only the key is unique, and a made one that is taken is refused. */
const policy = { taken_key: 'refuse' } as const;

async function listed(call: LooseCall): Promise<Goal[]> {
  return (await call.backend.goals.all(siteOfCall(call).id)).filter((goal) => writeMidaGoal(goal) !== undefined);
}

/** A goal of the path by its number, deleted or not; what Mida cannot show is unknown to it. */
async function find(call: LooseCall): Promise<Goal> {
  const id = call.params.id ?? '';
  const goal = /^\d{1,15}$/.test(id)
    ? await call.backend.goals.get({ site: siteOfCall(call).id, goal: Number(id) }, 'too')
    : undefined;
  if (goal === undefined || writeMidaGoal(goal) === undefined) throw new Problem('unknown_goal', 'Goal not found');
  return goal;
}

async function findAlive(call: LooseCall): Promise<Goal> {
  const goal = await find(call);
  if (goal.deleted_at !== null) throw new Problem('unknown_goal', 'Goal not found');
  return goal;
}

/** What a PATCH leaves out stays as it was; together they must be a whole goal again. */
function merged(goal: Goal, body: Fields): MidaDefinition {
  const row: Fields = { ...writeMidaGoal(goal) };
  const { key, ...definition } = readMidaGoal({ ...row, ...body });
  return key === undefined || key === goal.key ? { ...definition, key: goal.key } : { ...definition, key };
}

const ROUTES: readonly Route[] = [
  looseRoute({
    method: 'POST',
    path: `${PREFIX}/:project/goal`,
    scope: 'goals:write',
    tag,
    summary: 'Creates a goal; its key must be new.',
    async run(call) {
      const draft = { ...readMidaGoal(fieldsOf(call.body)) };
      const { goal } = await call.backend.goals.create(siteOfCall(call).id, draft, { ...originOf(call), ...policy });
      return ok({ success: true, goal_profile_id: goal.number, goal_key: goal.key, company_id: COMPANY });
    },
  }),
  looseRoute({
    method: 'GET',
    path: `${PREFIX}/:project/goals`,
    scope: 'goals:read',
    tag,
    summary: 'Lists goals, newest first.',
    async run(call) {
      const limit = queryCount(call.query, 'limit', { min: 1, max: PAGE_GOALS_MOST, otherwise: PAGE_GOALS });
      const offset = queryCount(call.query, 'offset', { min: 0, max: Number.MAX_SAFE_INTEGER, otherwise: 0 });
      const goals = (await listed(call)).slice(offset, offset + limit).map(writeMidaGoal);
      return ok({ success: true, company_id: COMPANY, count: goals.length, goals });
    },
  }),
  looseRoute({
    method: 'GET',
    path: `${PREFIX}/:project/goal/:id`,
    scope: 'goals:read',
    tag,
    summary: 'Shows a goal, a deleted one too.',
    async run(call) {
      const goal = await find(call);
      const status = goal.deleted_at === null ? ALIVE : DELETED;
      const created_at = new Date(goal.created_at).toISOString();
      return ok({ success: true, goal: { ...writeMidaGoal(goal), status, created_at } });
    },
  }),
  looseRoute({
    method: 'PATCH',
    path: `${PREFIX}/:project/goal/:id`,
    scope: 'goals:write',
    tag,
    summary: 'Changes what is sent.',
    async run(call) {
      const body = fieldsOf(call.body);
      const address = { site: siteOfCall(call).id, goal: (await findAlive(call)).id };
      // Fields that only other products have stay theirs.
      const patch = (goal: Goal) => {
        const changed = merged(goal, body);
        return { ...changed, foreign: { ...goal.foreign, ...changed.foreign } };
      };
      const { goal } = await call.backend.goals.update(address, patch, { ...originOf(call), ...policy });
      return ok({ success: true, goal_profile_id: goal.number });
    },
  }),
  looseRoute({
    method: 'DELETE',
    path: `${PREFIX}/:project/goal/:id`,
    scope: 'goals:write',
    tag,
    summary: 'Deletes a goal; it can still be read.',
    body: 'ignored',
    async run(call) {
      const { id, number } = await findAlive(call);
      await call.backend.goals.remove({ site: siteOfCall(call).id, goal: id }, originOf(call));
      return ok({ success: true, goal_profile_id: number, deleted: true });
    },
  }),
  looseRoute({
    method: 'POST',
    path: `${PREFIX}/:project/event`,
    scope: 'events:write',
    tag,
    summary: 'Records an event of a visitor.',
    async run(call) {
      await sendServerEvent(call, readEvent(fieldsOf(call.body)));
      return ok({ success: true, message: 'Event recorded successfully' });
    },
  }),
];

/** The visitor is whichever of the three ids is given. */
function readEvent(body: Fields) {
  const name = body.event_name;
  if (typeof name !== 'string' || name.trim() === '')
    throw new Problem('invalid_body', 'Missing required field: event_name', { field: 'event_name' });
  const visitor = [body.mida_uuid, body.id, body.email].find((id) => id !== undefined && id !== null && id !== '');
  if (typeof visitor !== 'string' && typeof visitor !== 'number')
    throw new Problem('invalid_body', 'Missing required field: mida_uuid, email or id', { field: 'mida_uuid' });
  const { properties } = body;
  if (properties !== undefined && properties !== null && !isFields(properties))
    throw new Problem('invalid_body', 'properties must be an object', { field: 'properties' });
  return { name: name.trim(), visitor: String(visitor), properties: properties ?? {} };
}

function credentials(asking: Asking): string | undefined {
  return keyOfScheme(asking, 'Bearer') ?? keyOfHeader(asking, 'x-api-key') ?? keyOfHeader(asking, 'api-key');
}

/** 400 for whatever is wrong with a request, 406 for a key that is taken, as the product's table has it. */
function refuse(problem: Problem): Refusal {
  const statuses: Partial<Record<Problem['code'], number>> = {
    duplicate_key: 406,
    invalid_field: 400,
    limit_reached: 400,
    too_large: 400,
  };
  const taken = problem.code === 'duplicate_key';
  const error = taken ? 'A goal with the same goal_key already exists for this project' : problem.message;
  return { status: statuses[problem.code] ?? PROBLEMS[problem.code].status, headers: {}, body: { error } };
}

export const mida: Dialect = {
  name: 'mida',
  prefixes: [PREFIX],
  routes: ROUTES,
  credentials,
  siteRef: ({ params }) => params.project,
  refuse,
};
