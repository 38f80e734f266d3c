/** Delivery: events wait here, travel in batches, and come back when the collector could not take them. */
import { BEACON_EVENTS, TRACKER_BODY_BYTES } from '../core/limits.ts';
import { WIRE_VERSION } from '../core/beacon.ts';
import { permission } from './consent.ts';
import { timeOfId } from './event-id.ts';
import { emit } from './listeners.ts';
import { api, site } from './options.ts';
import { forget } from './outbox.ts';
import { plan } from './plan-goals.ts';

const BATCH_MS = 1_000;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 300_000;

/** Events to be sent, as JSON without their age, by id. */
const queue = new Map<string, string>();
let timer = 0;
/** Failures since the last success. */
let failures = 0;
/** Nothing is sent before this time, ms since 1970. */
let notBefore_ms = 0;

/** Puts an event in line. A batch is made at most BATCH_MS later, by whichever event came first. */
export function enqueue(id: string, event: string): void {
  queue.set(id, event);
  schedule();
}

/** Has a batch made after BATCH_MS, unless one is to be made before. */
export function schedule(): void {
  timer ||= setTimeout(flush, BATCH_MS);
}

/** Whether the event is still in line. */
export function isQueued(id: string): boolean {
  return queue.has(id);
}

/** Empties the line without sending. */
export function discardQueue(): void {
  queue.clear();
}

/** Sends what is in line, unless the collector asked to wait. Settles when every batch has its answer or failed. */
export function flush(): Promise<unknown> {
  clearTimeout(timer);
  timer = 0;
  const wait_ms = notBefore_ms - Date.now();
  if (permission !== 1 || !queue.size) return Promise.resolve();
  if (wait_ms > 0) {
    timer = setTimeout(flush, wait_ms);
    return Promise.resolve();
  }
  const posts: Promise<void>[] = [];
  while (queue.size) posts.push(post(nextBatch()));
  return Promise.all(posts);
}

/** Sends what is in line now: the page goes away, the network came back, or the page asks for it. */
export function flushNow(): Promise<unknown> {
  notBefore_ms = 0;
  return flush();
}

/** Takes as many events from the line as fit into one body. */
function nextBatch(): Map<string, string> {
  const batch = new Map<string, string>();
  let bytes = 500;
  for (const [id, event] of queue) {
    bytes += new Blob([event]).size + 20;
    if (batch.size && (bytes > TRACKER_BODY_BYTES || batch.size >= BEACON_EVENTS)) break;
    batch.set(id, event);
    queue.delete(id);
  }
  return batch;
}

/** The body of a batch. Written by hand because some pages give arrays a `toJSON` that spoils `JSON.stringify`. */
function bodyOf(batch: Map<string, string>): string {
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
  const events = [...batch].map(([id, event]) => `{"a":${Math.min(0, timeOfId(id) - now)},${event.slice(1)}`);
  return `${head.slice(0, -1)},"e":[${events}]}`;
}

/** Sends one batch. Never rejects. */
async function post(batch: Map<string, string>): Promise<void> {
  const body = bodyOf(batch);
  let request: Promise<Response>;
  try {
    request = fetch(`${api}/e`, { method: 'POST', body, keepalive: true });
  } catch {
    // No usable fetch. A beacon says true for what it loses, so the outbox keeps its copies for the next page.
    navigator.sendBeacon(`${api}/e`, body);
    return;
  }
  let status = 0;
  let wait_ms = 0;
  try {
    const response = await request;
    status = response.status;
    wait_ms = Number(response.headers.get('retry-after')) * 1_000 || 0;
    if (response.ok) emit('answer', await response.json());
  } catch {
    // The network failed, or a success came without a readable answer; `status` tells which.
  }
  if (!status || status === 408 || status === 429 || status > 499) retry(batch, wait_ms);
  else {
    failures = 0;
    for (const id of batch.keys()) forget(id);
  }
}

/** Puts a batch back in line and waits: exponentially, spread by chance, and no less than the collector asked for. */
function retry(batch: Map<string, string>, wait_ms: number): void {
  const backoff_ms = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** failures++ * (1 + Math.random()));
  notBefore_ms = Date.now() + Math.max(wait_ms, backoff_ms);
  if (permission === 1) for (const [id, event] of batch) enqueue(id, event);
}
