/** Delivery: events wait here, travel in batches, and come back when the collector could not take them. */
import { WIRE_VERSION } from '../core/beacon.ts';
import { BEACON_EVENTS, TRACKER_BODY_BYTES } from '../core/limits.ts';
import { permission } from './consent.ts';
import { timeOfId } from './event-id.ts';
import { api, site } from './options.ts';
import { forget } from './outbox.ts';
import { plan } from './plan-goals.ts';
import { safely } from './safely.ts';

const BATCH_MS = 1_000;
/** So long a batch waits for a plan that is late: what pages say of values is read when it arrives. */
const PLANLESS_BATCH_MS = 4_000;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 300_000;
/** What a body has besides its events, and an event besides its JSON, at most. */
const HEAD_BYTES = 500;
const AGE_BYTES = 20;

/** Events to be sent, as JSON without their age, by id. */
export const queue = new Map<string, string>();
/** The revision of the plan that the collector told of last. */
export let revision = 0;

let timer = 0;
/** Failures since the last success. */
let failures = 0;
/** Nothing is sent before this time, ms since 1970. */
let notBefore_ms = 0;

/** Has a batch made after BATCH_MS, later while there is no plan. */
export function schedule(): void {
  clearTimeout(timer);
  timer = setTimeout(flush, Math.max(plan ? BATCH_MS : PLANLESS_BATCH_MS, notBefore_ms - Date.now()));
}

/** Puts an event in line. */
export function enqueue(id: string, event: string): void {
  if (!queue.size) schedule();
  queue.set(id, event);
}

/** Sends what is in line, unless the collector asked to wait. Settles when every batch has its answer or failed. */
export async function flush(): Promise<void> {
  if (notBefore_ms > Date.now()) return schedule();
  const posts: Promise<void>[] = [];
  while (permission === 1 && queue.size) posts.push(post(nextBatch()));
  await Promise.all(posts);
}

/** Sends what is in line now: the page goes away, the network came back, or the page asks for it. */
export function flushNow(): Promise<void> {
  notBefore_ms = 0;
  return flush();
}

/** Takes as many events from the line as fit into one body; one that fits into none goes alone. */
function nextBatch(): [id: string, event: string][] {
  const batch: [string, string][] = [];
  let bytes = HEAD_BYTES;
  for (const entry of queue) {
    bytes += new Blob([entry[1]]).size + AGE_BYTES;
    if (batch[0] && (bytes > TRACKER_BODY_BYTES || batch.length === BEACON_EVENTS)) break;
    batch.push(entry);
    queue.delete(entry[0]);
  }
  return batch;
}

/** Sends one batch. Never rejects. */
async function post(batch: [id: string, event: string][]): Promise<void> {
  const now = Date.now();
  const head = JSON.stringify({
    v: WIRE_VERSION,
    s: site,
    t: now,
    r: plan?.r ?? 0,
    l: navigator.language,
    w: innerWidth,
    z: Intl.DateTimeFormat().resolvedOptions().timeZone,
  });
  // Written by hand because some pages give arrays a `toJSON` that spoils `JSON.stringify`.
  const events = batch.map(([id, event]) => `{"a":${Math.min(0, timeOfId(id) - now)},${event.slice(1)}`);
  const body = `${head.slice(0, -1)},"e":[${events}]}`;
  let status = 0;
  let wait_ms = 0;
  let answer: Promise<Response> | undefined;
  try {
    answer = fetch(`${api}/e`, { method: 'POST', body, keepalive: true });
    const response = await answer;
    status = response.status;
    wait_ms = +response.headers.get('retry-after')! * 1_000;
    revision = (await response.json()).r;
  } catch {
    // The network failed, or the answer cannot be read; the status tells which. Where nothing could be sent, a beacon
    // says true for what it loses, so the outbox keeps its copies for the next page.
    if (!answer) return safely(() => void navigator.sendBeacon(`${api}/e`, body))();
  }
  if (!status || status === 408 || status === 429 || status > 499) {
    // Exponentially, spread by chance, and no sooner than the collector asked.
    notBefore_ms =
      now + Math.max(wait_ms || 0, Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++ * (1 + Math.random())));
    if (permission === 1) for (const entry of batch) enqueue(...entry);
  } else {
    failures = 0;
    for (const [id] of batch) forget(id);
  }
}
