/** Events that come through a dialect, from servers and from other products' page code, handed to the collector. */
import { randomBytes } from 'node:crypto';
import type { BeaconAnswer, BeaconEvent } from '../../../core/beacon.ts';
import { type CheckedEvent, checkBeaconEvent, checkServerEvent } from '../../../core/check-event.ts';
import { uuid7 } from '../../../core/event-id.ts';
import { Problem } from '../../../core/problem.ts';
import type { Site } from '../../../core/site.ts';
import type { Call } from '../dialect.ts';

/** What a dialect's server event says; the rest has the meaning of `POST …/events`. */
export interface ServerEvent {
  id?: string;
  name: string;
  /** The visitor's id as the browser keeps it, or as the server names it; absent: nobody's. */
  visitor?: string;
  properties: Record<string, unknown>;
  /** Amount as the request has it: a number or a decimal string. */
  amount?: unknown;
  currency?: unknown;
  order?: string;
  /** ms since 1970 or ISO 8601. */
  time?: unknown;
}

/** A page's event in a dialect's words, as the wire would have it; `kept` are ids that its script keeps. */
export interface PageEvent {
  event: Omit<BeaconEvent, 'i' | 'a'>;
  kept: { visitor_id?: string; session_id?: string };
  language?: string;
}

/** Everything that taking an event needs of a call. */
type Sender = Pick<Call, 'backend' | 'headers' | 'address' | 'site'>;

/** Who sends, and when. */
export function requesterOf({ backend, headers, address }: Pick<Call, 'backend' | 'headers' | 'address'>) {
  return { address, user_agent: headers['user-agent'] ?? '', received_ms: backend.clock() };
}

function siteOf({ site }: Sender): Site {
  if (site === undefined) throw new Problem('unknown_site', 'There is no such site.');
  return site;
}

const makeId = (time_ms: number) => uuid7(time_ms, randomBytes(10));

/** Takes one event of a server; resolves when it is on disk. Throws `invalid_body` when it cannot be one. */
export async function sendServerEvent(sender: Sender, event: ServerEvent): Promise<BeaconAnswer> {
  const site = siteOf(sender);
  const requester = requesterOf(sender);
  const { id, name, visitor, properties, amount, currency, order, time } = event;
  const raw = { id, name, visitor_id: visitor, properties, amount, currency, order_id: order, time };
  const context = { received_ms: requester.received_ms, site, makeId: () => makeId(requester.received_ms) };
  const checked = checkServerEvent(raw, context);
  if ('drop' in checked)
    throw new Problem('invalid_body', SENTENCES[checked.drop] ?? `The event is refused: ${checked.drop}.`);
  return sender.backend.collector.acceptEvents(site.id, [checked], requester);
}

const SENTENCES: Partial<Record<string, string>> = {
  bad_name: 'The event name is empty, too long or begins with $.',
  too_old: 'The event is older than 30 days.',
  from_future: 'The event lies in the future.',
};

/** Takes events of a page; resolves when they are on disk, with what was dropped and why. */
export async function sendPageEvents(sender: Sender, events: readonly PageEvent[]): Promise<BeaconAnswer> {
  const site = siteOf(sender);
  const requester = requesterOf(sender);
  const { received_ms } = requester;
  const checked: CheckedEvent[] = events.map(({ event, kept, language }) => {
    const i = makeId(received_ms);
    const raw = { ...event, i, a: 0, ...(event.n === '$pageview' ? { pv: i } : {}) };
    const seen = language === undefined ? {} : { language };
    return checkBeaconEvent(raw, { beacon: { sender: { ...kept, ...seen } }, received_ms, site });
  });
  return sender.backend.collector.acceptEvents(site.id, checked, requester);
}
