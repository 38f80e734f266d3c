/** Delivery: events wait here, travel in batches, and come back when the collector could not take them. */
import { WIRE_VERSION } from '../core/beacon.ts';
import { BEACON_EVENTS, TRACKER_BODY_BYTES } from '../core/limits.ts';
import { permission } from './consent.ts';
import type { Seen } from './draft.ts';
import { timeOfId } from './event-id.ts';
import { jsonOf } from './json.ts';
import { api, site } from './options.ts';
import { plan } from './plan-goals.ts';
import { safely } from './safely.ts';
import { forget } from './storage.ts';

const BATCH_MS = 1_000;
/** So long a batch waits for a plan that is late: what pages say of values is read when it arrives. */
const PLANLESS_BATCH_MS = 4_000;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 300_000;

/** Events to be sent, by id. */
export const queue = new Map<string, Seen>();
/** The revision of the plan that the collector told of last. */
export let revision: number | undefined;

let timer: number;
/** Settles when everything sent so far has its answer or failed. */
let underway: Promise<unknown> | undefined;
/** Failures since the last success. */
let failures = 0;
/** Nothing is sent before this time, ms since 1970. */
let notBefore_ms = 0;

/** Has a batch made after BATCH_MS, later while there is no plan. */
export const schedule = (): void => {
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(plan ? BATCH_MS : PLANLESS_BATCH_MS, Math.min(1e9, notBefore_ms - Date.now())));
};

/** Puts an event in line. */
export const enqueue = (event: Seen): void => {
  if (!queue.size) schedule();
  queue.set(event.i, event);
};

/** Sends what is in line, unless the collector asked to wait. Settles when all that is under way has its answer or failed. */
export const flush = async (): Promise<unknown> => {
  if (notBefore_ms > Date.now()) return schedule();
  const events = [...queue.values()];
  const earlier = underway;
  queue.clear();
  if (events[0]) {
    const settled = () => earlier;
    underway = post(events).then(settled, settled);
  }
  return underway;
};

/** Sends what is in line now: the page goes away, the network came back, or the page asks for it. */
export const flushNow = (): Promise<unknown> => {
  notBefore_ms = 0;
  return flush();
};

/** Sends events, in halves if they are too many or too long for one body. Never rejects. */
const post = async (batch: Seen[]): Promise<unknown> => {
  const now = Date.now();
  const body = jsonOf({
    v: WIRE_VERSION,
    s: site,
    t: now,
    r: plan?.r ?? 0,
    l: navigator.language,
    w: innerWidth,
    e: batch.map((event) => ({ ...event, a: Math.min(0, timeOfId(event.i) - now) })),
  });
  // JSON has no zero byte, so there is something at this place if the body is longer.
  const isLong = new TextEncoder().encode(body)[TRACKER_BODY_BYTES];
  // One after the other: what browsers let a page have on its way at once is hardly more than one body.
  if (batch[BEACON_EVENTS] || (batch[1] && isLong))
    return post(batch.splice(0, batch.length / 2)).then(() => permission > 0 && post(batch));
  let status = 0;
  let wait_ms = 0;
  let answer: Promise<Response> | undefined;
  try {
    answer = fetch(`${api}/e`, { method: 'POST', body, keepalive: !isLong });
    const response = await answer;
    status = response.status;
    // Seconds or a date.
    const wait = response.headers.get('retry-after') as never;
    wait_ms = wait * 1_000 || Date.parse(wait) - now || 0;
    revision = (await response.json()).r;
  } catch {
    // The network failed, or the answer cannot be read; the status tells which. Where nothing could be sent, a beacon
    // says true for what it loses, so the outbox keeps its copies for the next page.
    if (!answer) return safely(() => navigator.sendBeacon(`${api}/e`, body))();
  }
  if (/^(0|408|429|5)/.test(status as never)) {
    // Exponentially, spread by chance, and no sooner than the collector asked. What was under way together fails once.
    if (notBefore_ms < now)
      wait_ms = Math.max(wait_ms, Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++ * (1 + Math.random())));
    notBefore_ms = Math.max(notBefore_ms, now + wait_ms);
    if (permission > 0) batch.forEach(enqueue);
  } else {
    failures = 0;
    batch.forEach(forget);
  }
};
