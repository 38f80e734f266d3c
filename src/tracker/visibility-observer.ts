/** Sees elements that appear, or stay on screen long enough, whenever they are added. */
import { PLAN_SIGNALS, type PlanGoal } from '../core/plan.ts';
import { prove } from './confirm.ts';
import { elements } from './element.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';

/** Each goal with what it watches, and for how long each element has been on screen, ms: NaN while it is not, or was counted. */
let watches: [goal: PlanGoal, observer: IntersectionObserver, times: Map<Element, number>][] = [];
/** Whether the page is to be searched: for elements of goals, and for proof that submits wait for. */
let isChanged: 0 | 1 | undefined;

/** Counts what has been on screen long enough, after some more visible time. However often the page changes, it is searched no more often than this is called. */
export const advance = (passed_ms = 0): void => {
  for (const [goal, observer, times] of watches) {
    // Not met by this, but what the browser rejects is reported as of any other goal.
    if (isChanged) {
      record(
        { n: PLAN_SIGNALS.visible },
        () =>
          elements(goal.s!).forEach((element) => {
            if (!times.has(element)) {
              // To be in the document is enough where nothing of it need be seen.
              times.set(element, goal.n! > 0 ? Number.NaN : 0);
              observer.observe(element);
            }
          }),
        [goal.i],
      );
    }
    for (const [element, before_ms] of times) {
      const total_ms = before_ms + passed_ms;
      times.set(element, total_ms);
      if (!element.isConnected) {
        times.delete(element);
        observer.unobserve(element);
      } else if (total_ms >= goal.d!) {
        times.set(element, Number.NaN);
        record({ n: PLAN_SIGNALS.visible }, () => element, [goal.i]);
      }
    }
  }
  if (isChanged) prove();
  isChanged = 0;
};

/** Starts over: another view, other goals. */
export const watchElements = (): void => {
  for (const [, observer] of watches) observer.disconnect();
  watches = goalsOf(PLAN_SIGNALS.visible).map((goal) => {
    const times = new Map<Element, number>();
    const look: IntersectionObserverCallback = (entries) => {
      for (const { target, intersectionRatio } of entries)
        times.set(target, intersectionRatio < goal.n! ? Number.NaN : 0);
      advance();
    };
    return [goal, new IntersectionObserver(safely(look), { threshold: goal.n! }), times];
  });
  isChanged = 1;
  prove(1);
  advance();
};

/** Begins to see the page change. */
export const observeVisibility = (): void =>
  new MutationObserver(() => (isChanged = 1)).observe(document, { childList: true, subtree: true, attributes: true });
