/** DataFast's API: goal events of visitors, their analytics, payments and identities. Seed 003. */
import { createHash, randomBytes } from 'node:crypto';
import { PROBLEMS, Problem } from '../../../core/problem.ts';
import { identifiedVisitor } from '../../collector/identity.ts';
import type { Asking, Dialect, Refusal, Route } from '../dialect.ts';
import type { Principal } from '../principal.ts';
import { analyticsOfGoals } from './datafast-analytics.ts';
import { ensureGoal, requireSeen, succeed } from './datafast-goal.ts';
import { PAYMENT, PAYMENT_ROUTES } from './datafast-payments.ts';
import { readDetails, readGoalName, readMoment, readVisitor, visitorIn } from './datafast-request.ts';
import { sendServerEvent } from './dialect-event.ts';
import {
  type Fields,
  fieldsOf,
  isFields,
  keyOfScheme,
  type LooseCall,
  looseRoute,
  queryText,
  siteOfCall,
} from './dialect-request.ts';

const tag = 'DataFast';
/** Name of the event that says who a visitor is. */
const IDENTITY = 'identify';
/** 96 bits, as the ids of the product's own events have. */
const EVENT_ID_BYTES = 12;

async function recordGoal(call: LooseCall) {
  const fields = fieldsOf(call.body);
  const visitor = readVisitor(fields);
  const name = readGoalName(fields.name);
  const properties = readDetails(fields);
  if (siteOfCall(call).suspended) throw new Problem('suspended', 'Tracking is suspended for this website');
  await requireSeen(call, visitor);
  await ensureGoal(call, name, 'event');
  const id = randomBytes(EVENT_ID_BYTES).toString('hex');
  await sendServerEvent(call, { id, name, visitor, properties });
  return succeed({ message: 'Custom event created successfully', eventId: id });
}

/** Every name an event was recorded under, whether a goal counts it or not; payments go by their transaction. */
async function goalEventNames(call: LooseCall): Promise<string[]> {
  const rows = await call.backend.store.query<{ name: string }>(
    `SELECT DISTINCT name FROM events WHERE site = ${siteOfCall(call).number} AND substr(name, 1, 1) <> '$'`,
    [],
  );
  return rows.map((row) => row.name).filter((name) => name !== PAYMENT && name !== IDENTITY);
}

/** What says which goal events go stands in the query or in the body. */
async function deleteGoals(call: LooseCall) {
  const fields: Fields = { ...(isFields(call.body) ? call.body : {}), ...call.query };
  const visitor = visitorIn(fields);
  const name = fields.name === undefined || fields.name === '' ? undefined : readGoalName(fields.name);
  const from_ms = readMoment(fields, ['startAt', 'start']);
  const to_ms = readMoment(fields, ['endAt', 'end']);
  if (visitor === undefined && name === undefined && from_ms === undefined && to_ms === undefined)
    throw new Problem('invalid_body', 'At least one of datafast_visitor_id, name, startAt or endAt is required');
  const { number } = siteOfCall(call);
  await call.backend.collector.fresh();
  const names = name === undefined ? await goalEventNames(call) : [name];
  for (const each of names) {
    await call.backend.store.eraseEvents({
      site: number,
      name: each,
      ...(visitor === undefined ? {} : { visitor: identifiedVisitor(number, visitor) }),
      ...(from_ms === undefined ? {} : { from_ms }),
      ...(to_ms === undefined ? {} : { to_ms }),
    });
  }
  const range = { startAt: iso(from_ms), endAt: iso(to_ms) };
  return succeed({
    message: 'Goal events deleted successfully',
    ...(name === undefined ? {} : { goal_name: name }),
    ...(from_ms === undefined && to_ms === undefined ? {} : { timeRange: range }),
  });
}

const iso = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());

async function identify(call: LooseCall) {
  const fields = fieldsOf(call.body);
  const visitor = readVisitor(fields);
  await requireSeen(call, visitor);
  const given = fields.user_id ?? fields.userId ?? fields.profileId ?? fields.email;
  // Whatever names a person is kept as a digest only.
  const profileId = createHash('sha256')
    .update(`${siteOfCall(call).id}\n${given ?? visitor}`)
    .digest('hex')
    .slice(0, 24);
  await sendServerEvent(call, { name: IDENTITY, visitor, properties: { profile_id: profileId } });
  return succeed({ message: 'Visitor identified successfully', profileId });
}

const ROUTES: readonly Route[] = [
  looseRoute({
    method: 'POST',
    path: '/api/v1/goals',
    scope: 'goals:write',
    tag,
    summary: 'Records a goal event of a visitor.',
    run: recordGoal,
  }),
  looseRoute({
    method: 'DELETE',
    path: '/api/v1/goals',
    scope: 'goals:write',
    tag,
    summary: 'Deletes goal events by visitor, name or time.',
    run: deleteGoals,
  }),
  looseRoute({
    method: 'GET',
    path: '/api/v1/analytics/goals',
    scope: 'stats:read',
    tag,
    summary: 'Completions and visitors per goal.',
    run: analyticsOfGoals,
  }),
  looseRoute({
    method: 'POST',
    path: '/api/v1/identify',
    scope: 'events:write',
    tag,
    summary: 'Says who a visitor is.',
    run: identify,
  }),
  ...PAYMENT_ROUTES,
];

/** `websiteId`, else the website the key carries. An account key must name one. */
function siteRef({ query }: Asking, principal: Principal): string {
  const ref = queryText(query, 'websiteId') || principal.site_id;
  if (!ref) throw new Problem('invalid_body', 'websiteId is required with an account token', { field: 'websiteId' });
  return ref;
}

/** The statuses of the product's table, and those of faults of ours. */
const STATUSES = [400, 401, 403, 404, 429, 500, 503];

/** `{"status":"error","error":{"code","message"}}`; whatever the table lacks is a bad request. */
function refuse(problem: Problem): Refusal {
  const own = PROBLEMS[problem.code].status;
  const status = STATUSES.includes(own) ? own : 400;
  return { status, headers: {}, body: { status: 'error', error: { code: status, message: problem.message } } };
}

export const datafast: Dialect = {
  name: 'datafast',
  prefixes: ['/api/v1/goals', '/api/v1/analytics', '/api/v1/payments', '/api/v1/identify'],
  routes: ROUTES,
  credentials: (asking) => keyOfScheme(asking, 'Bearer'),
  siteRef,
  refuse,
};
