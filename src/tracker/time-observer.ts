/** Sees how long the view is looked at: visible and focused. Its clock drives the other observers. */
import { PLAN_SIGNALS } from '../core/plan.ts';
import { followRevision } from './plan-source.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';
import { furthest_percent, measure, resetScroll } from './scroll-observer.ts';
import { advance } from './visibility-observer.ts';

/** A longer gap between two ticks was sleep, or a clock that jumped. */
const GAP_MS = 1_000;
/** Pages are measured unscrolled only after this time: while they load they are short. */
const SETTLE_MS = 750;
/** Less is not worth an event: pages end by several browser events in a row. */
const REPORT_MS = 100;

/** How long the view was looked at, and how much of that was reported. */
let engaged_ms = 0;
let reported_ms = 0;
let last_ms = 0;
let isVisible: unknown;
let isFocused: unknown;

/** Adds the time since the last tick, as the page was until now. */
export const tick = safely((): void => {
  const now_ms = performance.now();
  const passed_ms = isVisible && now_ms - last_ms < GAP_MS ? now_ms - last_ms : 0;
  last_ms = now_ms;
  if (isFocused) engaged_ms += passed_ms;
  isVisible = document.hidden !== true;
  isFocused = document.hasFocus();
  record({ n: PLAN_SIGNALS.time }, (goal) => engaged_ms >= goal.n! * 1_000);
  if (engaged_ms > SETTLE_MS) measure();
  advance(passed_ms);
  followRevision();
});

/** Reports what was not reported yet; the collector adds up. */
export const reportEngagement = (): void => {
  tick();
  const en = Math.round(engaged_ms - reported_ms);
  if (en < REPORT_MS) return;
  record({ n: '$engagement', en, sc: furthest_percent });
  reported_ms = engaged_ms;
};

/** Ends the view's time and begins the next one's. */
export const restartTime = (): void => {
  reportEngagement();
  engaged_ms = reported_ms = 0;
  resetScroll();
};
