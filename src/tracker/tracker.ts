/** The tracker of a page: its parts put together. Importing does nothing; creating starts it, once a page. */
import { observeClicks } from './click-observer.ts';
import { isRefused, type Permission, permission, setPermission } from './consent.ts';
import { observeForms } from './form-observer.ts';
import { identify, visitorId } from './identity.ts';
import { on } from './listeners.ts';
import { load } from './load.ts';
import { isOn, options, setOptions, site, type TrackerOptions } from './options.ts';
import { releaseLease, takeLeft } from './outbox.ts';
import { begin, follow, observePages, settle, show, showAgain } from './page-observer.ts';
import { plan } from './plan-goals.ts';
import { fetchPlan } from './plan-source.ts';
import type { Tracker } from './public-api.ts';
import { recent, recordWaiting } from './record.ts';
import { listen, safely } from './safely.ts';
import { observeScroll } from './scroll-observer.ts';
import { flushNow, queue, schedule } from './send.ts';
import { forgetAll, openStorage } from './storage.ts';
import { reportEngagement, restartTime, tick } from './time-observer.ts';
import { acceptProperties, track } from './track.ts';
import { setView } from './view.ts';
import { observeVisibility } from './visibility-observer.ts';

/** Whether the observers were started. */
let isStarted: unknown;
/** What the page or the visitor asked for. */
let wanted: Permission;

const TICK_MS = 250;

/** The page goes away, perhaps for good. */
const leave = (): void => {
  settle?.();
  reportEngagement();
  flushNow();
  releaseLease();
};

const observe = (): void => {
  isStarted = 1;
  setView(location);
  observeForms();
  observeClicks();
  observeScroll();
  // What one browser lacks or one page has broken takes nothing else with it.
  safely(observeVisibility)();
  safely(observePages)();
  listen('pagehide', leave);
  listen('visibilitychange', () => (document.hidden === true ? leave() : showAgain()));
  listen('online', flushNow);
  listen('focus blur', tick);
  // The visitor has opted out in another tab.
  listen('storage', () => run(permission));
  // Routes too: a page's frozen history cannot be wrapped.
  setInterval(() => {
    follow({});
    tick();
  }, TICK_MS);
};

/** Runs as far as is asked for and permitted. */
const run = safely((state: Permission): void => {
  const before = permission;
  if (isRefused()) state = -1;
  if (state === before) return;
  // How long it was looked at while that was nobody's business.
  if (before < 0) restartTime();
  setPermission(state);
  if (permission > 0) openStorage();
  if (permission < 0) {
    queue.clear();
    recent.length = 0;
  } else if (!isStarted) observe();
  else if (before < 0) show?.();
  if (permission < 1) return;
  takeLeft();
  if (!before) recordWaiting();
  fetchPlan();
  schedule();
  if (isOn('debug')) explain();
});

/** Loads the debugger and hands it what it explains. */
const explain = (): Promise<unknown> =>
  load('tracker-debug', (debug) => debug.explain?.(() => [options, plan, permission, isRefused(), recent]));

const tracker: Tracker = {
  track: safely(track),
  page: safely((url, properties) => {
    begin(url ?? location, 1, acceptProperties(properties));
    settle?.();
  }),
  identify: safely(identify),
  visitorId,
  consent(isGranted) {
    wanted = isGranted ? 1 : -1;
    run(wanted);
    if (!isGranted) forgetAll();
  },
  optOut() {
    forgetAll();
    // The one thing written whatever `data-store` says.
    safely(() => (localStorage.gp_optout = 1))();
    // Where it cannot be written it holds for this page at least.
    run(-1);
  },
  optIn() {
    safely(() => delete localStorage.gp_optout)();
    run(wanted);
  },
  on,
  explain,
  flush: flushNow,
  stop() {
    run(-1);
  },
};

/**
 * Starts the tracker of a site, unless there is no page to track or one is running, from another copy of the file
 * perhaps; gives what the page may call. Where it is found is on the document, for that is no global.
 */
export const createTracker = (given?: TrackerOptions, script?: string): Tracker => {
  if (!globalThis.document) return tracker;
  if (!isStarted) setOptions(given, script);
  const copies = document as unknown as Record<string, Tracker>;
  const name = `gp:${site}`;
  if (!copies[name]) {
    copies[name] = tracker;
    // Anything but `pending` and `granted` denies.
    wanted = 'pg'.indexOf((options.consent ?? 'g')[0]!) as Permission;
    run(wanted);
  }
  return copies[name];
};
