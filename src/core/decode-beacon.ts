/** Reads the batch that travels: its header, and its events still unread, so that a bad event is dropped alone. */
import type { Beacon } from './beacon.ts';
import { WIRE_VERSION } from './beacon.ts';
import { cleanText, isLonger } from './characters.ts';
import {
  BEACON_EVENTS,
  LANGUAGE_CHARACTERS,
  TIMEZONE_CHARACTERS,
  VIEWPORT_PX,
  VISITOR_ID_CHARACTERS,
} from './limits.ts';
import { normalizeUrl } from './page-url.ts';
import { Problem } from './problem.ts';

/** What both a batch and a single event may say of who sent it; anything unusable is left out. */
export interface SenderFacts {
  visitor_id?: string;
  session_id?: string;
  language?: string;
  viewport_px?: number;
  timezone?: string;
}

/** A decoded batch. */
export interface DecodedBeacon {
  /** Key, id or domain of the site as sent; else the host of the first event's URL, without `www.`. */
  site: string;
  /** Sending time by the sender's clock, ms; undefined when it said none. */
  sent_ms: number | undefined;
  /** Plan revision the browser decided with; 0 when it had none. */
  revision: number;
  sender: SenderFacts;
  /** At most BEACON_EVENTS, each for `checkBeaconEvent`. */
  events: readonly unknown[];
}

/** The members of what JSON made, if it is an object. Only ever read, and only members of its own. */
export function membersOf(raw: unknown): Record<string, unknown> | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as Record<string, unknown>) : undefined;
}

/** A trimmed, clean text of 1 to `most` characters; undefined otherwise. For ids: cutting one would make it another's. */
export function readId(raw: unknown, most: number): string | undefined {
  if (typeof raw !== 'string' || isLonger(raw, 2 * most)) return undefined;
  const text = cleanText(raw).trim();
  return text === '' || isLonger(text, most) ? undefined : text;
}

/** A whole number from 0 to `most`; beyond it `most`; undefined for anything that is no number. */
export function readCount(raw: unknown, most: number): number | undefined {
  return typeof raw === 'number' && raw >= 0 ? Math.min(Math.round(raw), most) : undefined;
}

/** The sender's facts in the members `vi si l w z`. */
export function readSender(raw: Record<string, unknown>): SenderFacts {
  const facts: SenderFacts = {};
  const visitor = readId(raw.vi, VISITOR_ID_CHARACTERS);
  const session = readId(raw.si, VISITOR_ID_CHARACTERS);
  const language = readId(raw.l, LANGUAGE_CHARACTERS);
  const viewport = readCount(raw.w, VIEWPORT_PX);
  const timezone = readId(raw.z, TIMEZONE_CHARACTERS);
  if (visitor !== undefined) facts.visitor_id = visitor;
  if (session !== undefined) facts.session_id = session;
  if (language !== undefined) facts.language = language;
  if (viewport !== undefined) facts.viewport_px = viewport;
  if (timezone !== undefined) facts.timezone = timezone;
  return facts;
}

/**
 * Decodes a body that JSON was parsed from. Unknown members are ignored. Throws `invalid_body` when it is no batch
 * of version 1 or names no site, `too_large` when it has more than BEACON_EVENTS events.
 */
export function decodeBeacon(body: unknown): DecodedBeacon {
  const batch = membersOf(body);
  if (batch === undefined)
    throw new Problem('invalid_body', 'A batch is one JSON object: {"v":1,"s":"SITE","t":0,"r":0,"e":[]}.');
  const { v, s, t, r, e } = batch as { [K in keyof Beacon]: unknown };
  if (v !== WIRE_VERSION) throw new Problem('invalid_body', `The version "v" must be ${WIRE_VERSION}.`, { field: 'v' });
  if (!Array.isArray(e)) throw new Problem('invalid_body', 'The events "e" must be a list.', { field: 'e' });
  if (e.length > BEACON_EVENTS)
    throw new Problem('too_large', `One batch carries at most ${BEACON_EVENTS} events.`, { field: 'e' });
  return {
    site: readSite(s, e),
    sent_ms: typeof t === 'number' && Number.isFinite(t) ? t : undefined,
    revision: readCount(r, Number.MAX_SAFE_INTEGER) ?? 0,
    sender: readSender(batch),
    events: e,
  };
}

function readSite(named: unknown, events: readonly unknown[]): string {
  const site = typeof named === 'string' ? cleanText(named).trim() : '';
  if (site !== '' && site.length <= 255) return site;
  const url = membersOf(events[0])?.u;
  const host = site === '' && typeof url === 'string' ? normalizeUrl(url)?.host : undefined;
  if (host) return host;
  throw new Problem('invalid_body', 'Name the site in "s": its public key, id or domain.', { field: 's' });
}
