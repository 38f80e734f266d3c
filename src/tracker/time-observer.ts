/** Sees how long the view is looked at: visible and focused. One clock, which the other observers share. */
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { emit, on } from './listeners.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { listen, safely } from './safely.ts';
import { furthest_percent } from './scroll-observer.ts';

const TICK_MS = 250;
/** A longer gap between two ticks was sleep, or a clock that jumped. */
const GAP_MS = 1_000;

/** Less is not worth an event: pages end by several browser events in a row. */
const REPORT_MS = 100;

/** How long the view was looked at, and how much of that was reported. */
let engaged_ms = 0;
let reported_ms = 0;
let last_ms = 0;
let isVisible = false;
let isFocused = false;

/** Adds the time since the last tick, as the page was until now. */
function tick(): void {
  const now_ms = performance.now();
  const passed_ms = now_ms - last_ms < GAP_MS && isVisible ? now_ms - last_ms : 0;
  if (isFocused) engaged_ms += passed_ms;
  last_ms = now_ms;
  isVisible = !document.hidden;
  isFocused = document.hasFocus();
  for (const goal of goalsOf(PLAN_TRIGGERS.time_spent)) {
    if (engaged_ms >= goal.n! * 1_000) record({ n: '$time' }, () => [goal]);
  }
  emit('tick', passed_ms);
}

/** Reports what was not reported yet; the collector adds up. */
function reportEngagement(): void {
  tick();
  const unreported_ms = Math.round(engaged_ms - reported_ms);
  if (unreported_ms < REPORT_MS) return;
  record({ n: '$engagement', en: unreported_ms, sc: furthest_percent });
  reported_ms = engaged_ms;
}

export function observeTime(): void {
  on('leave', reportEngagement);
  on('view', () => {
    engaged_ms = reported_ms = 0;
  });
  for (const type of ['focus', 'blur', 'visibilitychange', 'freeze', 'resume'] as const) listen(type as 'focus', tick);
  setInterval(safely(tick), TICK_MS);
}
