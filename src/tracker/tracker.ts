/** The tracker of a page: its parts put together. Importing does nothing; creating starts it, once a page. */
import { observeClicks } from './click-observer.ts';
import { isRefused, permission, rememberOptOut, setPermission } from './consent.ts';
import { awaitProofs } from './confirm.ts';
import { observeForms } from './form-observer.ts';
import { identify, visitorId } from './identity.ts';
import { emit, on } from './listeners.ts';
import { api, isOn, options, setOptions, type TrackerOptions } from './options.ts';
import { forgetAll, releaseLease, takeLeft } from './outbox.ts';
import { observePages, showView } from './page-observer.ts';
import { fetchPlan, followRevisions } from './plan-source.ts';
import { plan } from './plan-goals.ts';
import type { Tracker } from './public-api.ts';
import { listen, safely } from './safely.ts';
import { recent } from './record.ts';
import { observeScroll } from './scroll-observer.ts';
import { discardQueue, enqueue, flushNow, schedule } from './send.ts';
import { observeTime } from './time-observer.ts';
import { acceptProperties, track } from './track.ts';
import { beginView } from './view.ts';
import { observeVisibility } from './visibility-observer.ts';

/** Whether the observers were started. */
let isObserving = false;
/** What was asked for: 0 to wait for consent, 1 to run, 2 to stop. */
let wanted: 0 | 1 | 2 = 1;
const started_ms = Date.now();

/** The page goes away, perhaps for good. */
function leave(): void {
  emit('leave');
  flushNow();
  releaseLease();
}

function observe(): void {
  isObserving = true;
  beginView(location.href);
  followRevisions();
  awaitProofs();
  observeTime();
  observeScroll();
  observeVisibility();
  observePages();
  observeClicks();
  observeForms();
  listen('pagehide', leave);
  listen('visibilitychange' as 'focus', () => document.hidden && leave());
  listen('online', flushNow);
}

/** Runs as far as is permitted. */
function run(): void {
  setPermission(2);
  if (wanted === 2 || isRefused()) return;
  setPermission(wanted);
  if (!isObserving) observe();
  if (isOn('debug')) explain().catch(() => undefined);
  if (permission === 1) {
    fetchPlan();
    takeLeft(started_ms, enqueue);
    schedule();
  }
}

/** Ends it; nothing that was not delivered remains. */
function halt(): void {
  setPermission(2);
  discardQueue();
}

/**
 * Loads the debugger and hands it what it explains. As a module: a script element with an address would be refused
 * where Trusted Types are enforced, and a nonce is passed on.
 */
async function explain(): Promise<unknown> {
  const debug = await import(/* @vite-ignore */ `${api}/tracker-debug.js`);
  return debug.explain(() => ({ options, plan, permission, isRefused: isRefused(), recent, on }));
}

const tracker: Tracker = {
  track: safely(track),
  page: safely((url, properties) => showView(url, acceptProperties(properties ?? {}))),
  identify: safely(identify),
  visitorId,
  consent: safely((isGranted) => {
    wanted = isGranted ? 1 : 2;
    run();
    if (!isGranted) forgetAll();
  }),
  optOut: safely(() => {
    rememberOptOut(true);
    run();
  }),
  optIn: safely(() => {
    rememberOptOut(false);
    run();
  }),
  on,
  explain,
  flush: flushNow,
  stop: safely(() => { wanted = 2; run(); }),
};

/** Starts the tracker, unless it is running or there is no page to track; gives what the page may call. */
export function createTracker(given: TrackerOptions = {}, script = ''): Tracker {
  if (!isObserving && globalThis.document) {
    setOptions(given, script);
    wanted = options.consent === 'denied' ? 2 : options.consent === 'pending' ? 0 : 1;
    safely(run)();
  }
  return tracker;
}
