/** Sees how far down the page its furthest visible edge has been. */
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { on } from './listeners.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { listen } from './safely.ts';

/** Pages are measured unscrolled only after this much visible time: while they load they are short. */
const SETTLE_MS = 750;

/** The furthest visible edge in percent of the page's height. */
export let furthest_percent = 0;
let shown_ms = 0;

function measure(): void {
  const percent = Math.round(((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100);
  furthest_percent = Math.min(100, Math.max(furthest_percent, percent));
  for (const goal of goalsOf(PLAN_TRIGGERS.scroll_depth)) {
    if (furthest_percent >= goal.n!) record({ n: '$scroll' }, () => [goal]);
  }
}

export function observeScroll(): void {
  listen('scroll', measure);
  on('view', () => {
    furthest_percent = shown_ms = 0;
  });
  on('tick', (passed_ms: number) => {
    shown_ms += passed_ms;
    if (shown_ms > SETTLE_MS) measure();
  });
}
