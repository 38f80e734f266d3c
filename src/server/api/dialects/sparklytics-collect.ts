/** Sparklytics' events API: one event or up to fifty, of pages of any origin, at its own path and at ours. */
import { BEACON_BYTES, FOREIGN_BATCH_BYTES, LANGUAGE_CHARACTERS } from '../../../core/limits.ts';
import { Problem } from '../../../core/problem.ts';
import type { Site } from '../../../core/site.ts';
import { type Answered, tooLong } from '../../collector/beacon-handler.ts';
import type { Answer, Call, Dialect } from '../dialect.ts';
import { refuseNatively } from '../native-credentials.ts';
import { CROSS_ORIGIN, preflightRoute, refuseAnyone } from './cross-origin.ts';
import { type PageEvent, requesterOf, sendPageEvents } from './dialect-event.ts';
import { type Fields, isFields, looseRoute } from './dialect-request.ts';
import { refuseAsSparklytics } from './sparklytics-refusal.ts';

const PATH = '/api/collect';
const tag = 'Sparklytics';
const EVENTS = 50;
const CAMPAIGN = ['utm_source', 'utm_medium', 'utm_campaign', 'utm_term', 'utm_content'];

const refuse = (field: string, message: string) => new Problem('invalid_body', message, { field });

function text(event: Fields, field: string): string | undefined {
  const value = event[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refuse(field, `${field} must be a string`);
  return value.trim() || undefined;
}

function needed(event: Fields, field: string): string {
  const value = text(event, field);
  if (value === undefined) throw refuse(field, `${field} is required`);
  return value;
}

/** The page's whole URL: a path alone is one of the site's; a campaign that is told apart belongs into it. */
function readUrl(event: Fields, site: Site): string {
  const given = needed(event, 'url');
  const base = `https://${text(event, 'hostname') ?? site.domains[0]}`;
  if (!URL.canParse(given, base)) throw refuse('url', 'url must be a URL or a path');
  const url = new URL(given, base);
  for (const name of CAMPAIGN) {
    const value = text(event, name);
    if (value !== undefined && !url.searchParams.has(name)) url.searchParams.set(name, value);
  }
  return url.href;
}

function readName(event: Fields): string {
  const type = needed(event, 'type');
  if (type === 'pageview' || type === 'page_view') return '$pageview';
  if (type === 'event') return needed(event, 'event_name');
  throw refuse('type', 'type must be one of: pageview, event');
}

function readEvent(event: Fields, site: Site): PageEvent {
  const { event_data } = event;
  if (event_data !== undefined && event_data !== null && !isFields(event_data))
    throw refuse('event_data', 'event_data must be an object');
  const referrer = text(event, 'referrer');
  const visitor_id = text(event, 'visitor_id');
  const language = text(event, 'language')?.slice(0, LANGUAGE_CHARACTERS);
  return {
    event: {
      n: readName(event),
      u: readUrl(event, site),
      p: (event_data ?? {}) as Record<string, string>,
      ...(referrer === undefined ? {} : { f: referrer }),
    },
    kept: visitor_id === undefined ? {} : { visitor_id },
    ...(language === undefined ? {} : { language }),
  };
}

function listOf(body: unknown): Fields[] {
  const list: unknown[] = Array.isArray(body) ? body : [body];
  if (list.length > EVENTS)
    throw new Problem('too_large', `batch must contain at most ${EVENTS} events`, { field: 'events' });
  return list.map((event) => {
    if (!isFields(event)) throw new Problem('invalid_body', 'an event must be a JSON object');
    return event;
  });
}

/** What taking events needs of a request. */
export type Collecting = Pick<Call, 'backend' | 'headers' | 'address' | 'body'>;

/** Takes a body; every event of it is looked at before any is taken. Throws `unknown_site`, `too_large` … */
export async function collect({ body, ...sender }: Collecting): Promise<Answer> {
  const bySite = new Map<string, { site: Site; events: PageEvent[] }>();
  for (const event of listOf(body)) {
    const site = sender.backend.registry.find(needed(event, 'website_id'))?.site;
    if (site === undefined) throw new Problem('unknown_site', 'Website not found');
    const group = bySite.get(site.id) ?? { site, events: [] };
    group.events.push(readEvent(event, site));
    bySite.set(site.id, group);
  }
  for (const { site, events } of bySite.values()) await sendPageEvents({ ...sender, site }, events);
  return { status: 202, body: { ok: true }, headers: CROSS_ORIGIN };
}

/** What came to the product's path: a batch with a version is our script's, and is answered as `/e` answers it. */
function collectEither(sent: Collecting): Promise<Answer> {
  return isFields(sent.body) && 'v' in sent.body ? collectOurs(sent) : collect(sent);
}

function collectOurs(sent: Collecting): Promise<Answer> {
  return new Promise((resolve) => {
    const answered: Answered = (problem, answer) => {
      const { status, body, headers } = problem ? refuseNatively(problem) : { status: 202, body: answer, headers: {} };
      const retry = problem?.retry_after_s === undefined ? {} : { 'retry-after': String(problem.retry_after_s) };
      resolve({ status, body, headers: { ...headers, ...retry, ...CROSS_ORIGIN } });
    };
    if (Number(sent.headers['content-length']) > BEACON_BYTES) answered(tooLong(), undefined);
    else sent.backend.collector.receive(sent.body, requesterOf(sent), answered);
  });
}

export const sparklyticsCollect: Dialect = {
  name: 'sparklytics-collect',
  prefixes: [PATH],
  routes: [
    preflightRoute(PATH, tag),
    looseRoute({
      method: 'POST',
      path: PATH,
      scope: null,
      about: 'account',
      tag,
      summary: 'Takes up to fifty events of pages, or a batch of our script as `/e` does.',
      status: 202,
      body_bytes: FOREIGN_BATCH_BYTES,
      run: collectEither,
    }),
  ],
  credentials: () => undefined,
  siteRef: () => undefined,
  refuse: refuseAnyone(refuseAsSparklytics),
};
