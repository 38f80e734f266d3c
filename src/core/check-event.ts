/** Checks single events, from browsers and from servers: what comes out can be trusted, what cannot is named. */
import type { DropReason } from './beacon.ts';
import { type DecodedBeacon, membersOf, readCount, readId, readSender } from './decode-beacon.ts';
import { EVENT_NAMES, type GoalpostEvent } from './event.ts';
import {
  BROWSER_EVENT_AGE_MS,
  ENGAGED_MS,
  EVENT_ID_CHARACTERS,
  FUTURE_TOLERANCE_MS,
  ORDER_ID_CHARACTERS,
  SERVER_EVENT_AGE_MS,
  TITLE_CHARACTERS,
  URL_CHARACTERS,
  VISITOR_ID_CHARACTERS,
} from './limits.ts';
import {
  readCut,
  readMetGoals,
  readName,
  readProperties,
  readSentMoney,
  readUrl,
  redactAgain,
  type SentMoney,
} from './read-event.ts';
import { redactText } from './redact.ts';
import type { Site } from './site.ts';

/** A checked event, perhaps with something to report of it; or why there is none. */
export type CheckedEvent =
  | { event: GoalpostEvent; noted?: DropReason }
  | {
      /** Its id, for the answer; '' when it has none that can be used. */
      id: string;
      drop: DropReason;
    };

/** What a check looks at of the site: its own parameters to redact, and the currency that `$` means there. */
export type EventSite = Pick<Site, 'redact' | 'currency'>;

/** What a check depends on besides the event. */
export interface BeaconContext {
  beacon: Pick<DecodedBeacon, 'sender'>;
  /** The collector's clock when the batch arrived, ms since 1970 UTC. */
  received_ms: number;
  site: EventSite;
  /** `readUrl` for this site; a caller that sees the same pages again and again may remember its answers. */
  readUrl?: (raw: unknown) => string | undefined;
}

const OWN_NAMES: ReadonlySet<string> = new Set(EVENT_NAMES);
/** Said of a view that was shown: the collector knows its URL already. */
const URLLESS_NAMES: ReadonlySet<string> = new Set(['$engagement', '$diagnostic']);

/**
 * Checks one event of a batch. Its time is the time of receipt less its age: the age is a difference on the sender's
 * own clock, so a wrong clock does not matter, and the way through the network is neglected. Never throws.
 */
export function checkBeaconEvent(raw: unknown, context: BeaconContext): CheckedEvent {
  const { beacon, received_ms, site } = context;
  const sent = membersOf(raw);
  const id = sent && readId(sent.i, EVENT_ID_CHARACTERS);
  if (sent === undefined || id === undefined) return { id: '', drop: 'bad_event' };
  const name = readName(sent.n);
  if (name === undefined || (name.startsWith('$') && !OWN_NAMES.has(name))) return { id, drop: 'bad_name' };
  const age = typeof sent.a === 'number' && Number.isFinite(sent.a) ? sent.a : 0;
  if (age < -BROWSER_EVENT_AGE_MS) return { id, drop: 'too_old' };
  if (age > FUTURE_TOLERANCE_MS) return { id, drop: 'from_future' };
  const url = context.readUrl ? context.readUrl(sent.u) : readUrl(sent.u, site.redact);
  if (url === undefined && (sent.u !== undefined || !URLLESS_NAMES.has(name))) return { id, drop: 'bad_url' };

  const event: GoalpostEvent = {
    id,
    name,
    time_ms: received_ms + Math.min(0, Math.round(age)),
    source: 'browser',
    goals: readMetGoals(sent.g),
    properties: readProperties(sent.p),
    ...beacon.sender,
    ...readSender(sent),
  };
  if (url !== undefined) event.url = url;
  addPage(event, sent, site.redact);
  const money = readSentMoney(sent.m, sent.c, { lenient: true, expected: site.currency });
  addMoney(event, money, sent.o);
  return money.bad ? { event, noted: 'bad_amount' } : { event };
}

/** What only events of pages have. */
function addPage(event: GoalpostEvent, sent: Record<string, unknown>, redact: readonly string[]): void {
  const view = readId(sent.pv, EVENT_ID_CHARACTERS);
  const action = readId(sent.ac, EVENT_ID_CHARACTERS);
  const referrer = readCut(sent.f, 2 * URL_CHARACTERS);
  const title = readCut(sent.d, 2 * TITLE_CHARACTERS);
  if (view !== undefined) event.view_id = view;
  if (action !== undefined) event.action_id = action;
  if (referrer !== undefined) {
    const safe = readCut(redactAgain(referrer, redact), URL_CHARACTERS);
    if (safe !== undefined) event.referrer = safe;
  }
  if (title !== undefined) {
    const safe = readCut(redactText(title), TITLE_CHARACTERS);
    if (safe !== undefined) event.title = safe;
  }
  if (event.name === '$pageview') event.view_kind = sent.vk === 1 ? 'virtual' : 'load';
  if (event.name !== '$engagement') return;
  const engaged = readCount(sent.en, ENGAGED_MS);
  const scroll = readCount(sent.sc, 100);
  if (engaged !== undefined) event.engaged_ms = engaged;
  if (scroll !== undefined) event.scroll_percent = scroll;
}

function addMoney(event: GoalpostEvent, money: SentMoney, order: unknown): void {
  if (money.amount_micros !== undefined) event.amount_micros = money.amount_micros;
  if (money.currency !== undefined) event.currency = money.currency;
  const id = readId(typeof order === 'number' ? String(order) : order, ORDER_ID_CHARACTERS);
  if (id !== undefined) event.order_id = id;
}

/** What checking an event from a server depends on besides it. */
export interface ServerContext {
  received_ms: number;
  site: EventSite;
  /** Makes the id of an event that gave none, e.g. from an Idempotency-Key; at most EVENT_ID_CHARACTERS long. */
  makeId: () => string;
}

/**
 * Checks `{id?, name, time?, visitor_id?, order_id?, amount?, currency?, url?, properties?}`. `time` is ms since 1970 or an
 * ISO 8601 text, UTC when it names no offset; by default the time of receipt. Never throws.
 */
export function checkServerEvent(raw: unknown, { received_ms, site, makeId }: ServerContext): CheckedEvent {
  const sent = membersOf(raw);
  if (sent === undefined) return { id: '', drop: 'bad_event' };
  const id = sent.id === undefined || sent.id === null ? makeId() : readId(sent.id, EVENT_ID_CHARACTERS);
  if (id === undefined) return { id: '', drop: 'bad_event' };
  const name = readName(sent.name);
  if (name === undefined || name.startsWith('$')) return { id, drop: 'bad_name' };
  const time = readTime(sent.time, received_ms);
  if (time === undefined) return { id, drop: 'bad_event' };
  if (time < received_ms - SERVER_EVENT_AGE_MS) return { id, drop: 'too_old' };
  if (time > received_ms + FUTURE_TOLERANCE_MS) return { id, drop: 'from_future' };
  const named = sent.url !== undefined && sent.url !== null;
  const url = named ? readUrl(sent.url, site.redact) : undefined;
  if (named && url === undefined) return { id, drop: 'bad_url' };

  const event: GoalpostEvent = {
    id,
    name,
    time_ms: Math.min(time, received_ms),
    source: 'server',
    goals: [],
    properties: readProperties(sent.properties),
  };
  const visitor = readId(
    typeof sent.visitor_id === 'number' ? String(sent.visitor_id) : sent.visitor_id,
    VISITOR_ID_CHARACTERS,
  );
  if (visitor !== undefined) event.visitor_id = visitor;
  if (url !== undefined) event.url = url;
  const money = readSentMoney(sent.amount, sent.currency, { lenient: false, expected: site.currency });
  addMoney(event, money, sent.order_id);
  return money.bad ? { event, noted: 'bad_amount' } : { event };
}

/** ISO 8601: a date, perhaps a time, perhaps an offset. */
const ISO_TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i;

/** Whole ms since 1970; undefined for what is no time. Without an offset engines would take the machine's own zone. */
function readTime(raw: unknown, now_ms: number): number | undefined {
  if (raw === undefined || raw === null) return now_ms;
  if (typeof raw === 'number') return Number.isFinite(raw) ? Math.round(raw) : undefined;
  const found = typeof raw === 'string' ? ISO_TIME.exec(raw.trim()) : null;
  if (found === null) return undefined;
  const [, day = '', clock = '00:00', offset = 'Z'] = found;
  const time = Date.parse(`${day}T${clock}${offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(time) ? undefined : time;
}
