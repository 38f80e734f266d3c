/** Sees how far down the page its furthest visible edge has been. */
import { PLAN_SIGNALS } from '../core/plan.ts';
import { record } from './record.ts';
import { listen } from './safely.ts';

/** The furthest visible edge in percent of the page's height, in this view. */
export let furthest_percent = 0;

/** Another view begins at the top. */
export const resetScroll = (): void => {
  furthest_percent = 0;
};

/** Looks how far the page is seen. */
export const measure = (): void => {
  const { body, documentElement: root } = document;
  // Where styles make the body the box that scrolls, the window stands still and the root is as high as the window.
  const seen = innerHeight + Math.max(scrollY, body.scrollTop);
  furthest_percent = Math.max(
    furthest_percent,
    Math.round((100 * seen) / Math.max(root.scrollHeight, body.scrollHeight)),
  );
  record({ n: PLAN_SIGNALS.scroll }, (goal) => furthest_percent >= goal.n!);
};

/** Begins to see scrolling. */
export const observeScroll = (): void => listen('scroll', measure);
