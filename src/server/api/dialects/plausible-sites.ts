/** Plausible's sites API for goals, in flat objects, and its events API. Seed 000. */
import type { Goal } from '../../../core/goal.ts';
import { PROBLEMS, Problem } from '../../../core/problem.ts';
import type { Asking, Dialect, Refusal, Route } from '../dialect.ts';
import type { Principal } from '../principal.ts';
import { ok } from '../route.ts';
import { CROSS_ORIGIN, preflightRoute, refuseAnyone } from './cross-origin.ts';
import { type PageEvent, sendPageEvents } from './dialect-event.ts';
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
import { ensure, listedGoals, removeListed } from './plausible.ts';
import { readSitesGoal, writeSitesGoal } from './plausible-goal.ts';

const tag = 'Plausible';

/** The site stands in the query, in the body, or is the key's only one. */
function siteNamed({ query, body }: Pick<Asking, 'query' | 'body'>): string | undefined {
  const inBody = isFields(body) ? body.site_id : undefined;
  return queryText(query, 'site_id') || (typeof inBody === 'string' ? inBody : undefined);
}

async function goalOfPath(call: LooseCall): Promise<Goal> {
  const id = call.params.id ?? '';
  const goal = (await listedGoals(call)).find((one) => String(one.number) === id);
  if (goal === undefined) throw new Problem('unknown_goal', `Goal could not be found`);
  return goal;
}

/** A form says its properties as JSON or member by member: `custom_props[plan]=pro`. */
function withProperties(body: Fields): Fields {
  const said = Object.entries(body).flatMap(([name, value]) => {
    const [, member] = /^custom_props\[([^\]]+)\]$/.exec(name) ?? [];
    return member === undefined ? [] : [[member, value] as const];
  });
  if (said.length > 0) return { ...body, custom_props: Object.fromEntries(said) };
  if (typeof body.custom_props !== 'string') return body;
  try {
    return { ...body, custom_props: JSON.parse(body.custom_props) };
  } catch {
    return body;
  }
}

const SITE_ROUTES: readonly Route[] = [
  looseRoute({
    method: 'GET',
    path: '/api/v1/sites/goals',
    scope: 'goals:read',
    tag,
    summary: 'Lists goals as flat objects, newest first.',
    async run(call) {
      const goals = (await listedGoals(call)).flatMap((goal) => writeSitesGoal(goal) ?? []);
      return ok({ goals, meta: { after: null, before: null, limit: Math.max(100, goals.length) } });
    },
  }),
  looseRoute({
    method: 'PUT',
    path: '/api/v1/sites/goals',
    scope: 'goals:write',
    forms: true,
    tag,
    summary: 'Gets or creates a goal.',
    async run(call) {
      const { display_name: _, ...wanted } = readSitesGoal(withProperties(fieldsOf(call.body)));
      const [goal] = await ensure(call, [wanted]);
      const flat = goal && writeSitesGoal(goal);
      return ok({ domain: siteOfCall(call).domains[0], ...flat });
    },
  }),
  looseRoute({
    method: 'DELETE',
    path: '/api/v1/sites/goals/:id',
    scope: 'goals:write',
    forms: true,
    tag,
    summary: 'Deletes a goal.',
    async run(call) {
      await removeListed(call, [(await goalOfPath(call)).number]);
      return ok({ deleted: 'true' });
    },
  }),
];

/** `{"error":"…"}`; this product has no 403. */
function refuseSites(problem: Problem): Refusal {
  const { code, message } = problem;
  const error = message.split('\n')[0] ?? message;
  if (code === 'forbidden' || code === 'unauthorized')
    return {
      status: 401,
      headers: {},
      body: { error: 'Invalid API key. Please make sure you are using a valid API key.' },
    };
  const status = code === 'invalid_field' || code === 'limit_reached' ? 400 : PROBLEMS[code].status;
  return { status, headers: {}, body: { error } };
}

/** `site_id`, else the key's own site. Throws `unauthorized` when nothing says it. */
function siteRef(asking: Asking, principal: Principal): string {
  const ref = siteNamed(asking) || principal.site_id;
  if (!ref) throw new Problem('unauthorized', 'The key is of no single site, and site_id names none.');
  return ref;
}

export const plausibleSites: Dialect = {
  name: 'plausible-sites',
  prefixes: ['/api/v1/sites'],
  routes: SITE_ROUTES,
  credentials: (asking) => keyOfScheme(asking, 'Bearer'),
  siteRef,
  refuse: refuseSites,
};

const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

/** Props come as an object or as its JSON text. */
function readProps(raw: unknown): Fields {
  if (isFields(raw)) return raw;
  if (typeof raw !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(raw);
    return isFields(parsed) ? parsed : {};
  } catch {
    throw new Problem('invalid_field', 'props: must be a map', { field: 'props' });
  }
}

/** Revenue is `{currency, amount}`, or that as JSON text. */
function readRevenue(raw: unknown): { m?: string | number; c?: string } {
  const { amount, currency } = readProps(raw);
  const m = typeof amount === 'number' || typeof amount === 'string' ? { m: amount } : {};
  return typeof currency === 'string' ? { ...m, c: currency } : m;
}

const required = (value: string | undefined, field: string): string => {
  if (value === undefined) throw new Problem('invalid_field', `${field}: is required`, { field });
  return value;
};

function readEvent(body: Fields): PageEvent {
  const name = required(text(body.name ?? body.n), 'event_name');
  const referrer = text(body.referrer ?? body.r);
  const event: PageEvent['event'] = {
    n: name === 'pageview' ? '$pageview' : name,
    u: required(text(body.url ?? body.u), 'url'),
    p: readProps(body.props ?? body.p ?? body.m) as Record<string, string>,
    ...readRevenue(body.revenue ?? body.$),
  };
  return { event: referrer === undefined ? event : { ...event, f: referrer }, kept: {} };
}

/** Every domain of `domain`, which may be a list by commas. Throws `invalid_field` when there is none. */
function domainsOf(body: Fields): string[] {
  const listed = required(text(body.domain ?? body.d), 'domain').split(',');
  return [...new Set(listed.map((domain) => domain.trim()).filter((domain) => domain !== ''))];
}

/** Sends the event to each domain's site; answers how many did not take it. */
async function sendToEach(call: LooseCall, event: PageEvent, domains: readonly string[]): Promise<number> {
  let dropped = 0;
  for (const domain of domains) {
    const site = call.backend.registry.find(domain)?.site;
    const { accepted } = site ? await sendPageEvents({ ...call, site }, [event]) : { accepted: 0 };
    if (accepted === 0) dropped += 1;
  }
  return dropped;
}

const EVENT_ROUTES: readonly Route[] = [
  preflightRoute('/api/event', tag),
  looseRoute({
    method: 'POST',
    path: '/api/event',
    scope: null,
    about: 'account',
    tag,
    summary: 'Takes one event of a page, for each domain that it names.',
    status: 202,
    async run(call) {
      const body = fieldsOf(call.body);
      const dropped = await sendToEach(call, readEvent(body), domainsOf(body));
      const told = dropped > 0 ? { 'x-plausible-dropped': String(dropped) } : {};
      return {
        status: 202,
        body: 'ok',
        headers: { ...CROSS_ORIGIN, 'content-type': 'text/plain; charset=utf-8', ...told },
      };
    },
  }),
];

/** The events API tells faults by field. */
function refuseEvent(problem: Problem): Refusal {
  const { code, message, field } = problem;
  const status = code === 'invalid_field' ? 400 : PROBLEMS[code].status;
  return { status, headers: {}, body: { errors: { [field ?? 'request']: [message] } } };
}

export const plausibleEvents: Dialect = {
  name: 'plausible-events',
  prefixes: ['/api/event'],
  routes: EVENT_ROUTES,
  credentials: () => undefined,
  siteRef: () => undefined,
  refuse: refuseAnyone(refuseEvent),
};
