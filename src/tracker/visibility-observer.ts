/** Sees elements that appear, or stay on screen long enough, whenever they are added. */
import { PLAN_TRIGGERS, type PlanGoal } from '../core/plan.ts';
import { prove } from './confirm.ts';
import { elements } from './element.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';

/** However often the page changes, it is searched no more often than this. */
const SEARCH_MS = 250;

/** A goal, for how long each of its elements has been on screen in ms, and what watches them. */
type Watch = [goal: PlanGoal, seen_ms: Map<Element, number>, observer: IntersectionObserver];

let watches: Watch[] = [];
let isChanged: unknown;
let searched_ms = 0;

/** Counts what has been on screen long enough, after some more visible time. */
export function advance(passed_ms = 0): void {
  if (isChanged) search();
  for (const [goal, seen_ms] of watches) {
    for (const [element, before_ms] of seen_ms) {
      if (!element.isConnected) seen_ms.delete(element);
      else {
        seen_ms.set(element, before_ms + passed_ms);
        if (before_ms + passed_ms >= (goal.d ?? 0))
          record(
            { n: '$visible' },
            () => [goal],
            () => element,
          );
      }
    }
  }
}

/** Finds the elements of the goals in the page as it is now, and proof that submits wait for. */
function search(): void {
  isChanged = 0;
  searched_ms = performance.now();
  for (const [goal, seen_ms, observer] of watches) {
    for (const element of safely(elements)(goal.s!) ?? []) {
      if (goal.n !== 0) observer.observe(element);
      else if (!seen_ms.has(element)) seen_ms.set(element, 0);
    }
  }
  advance();
  prove();
}

/** Starts over: another view, other goals. */
export function watchElements(): void {
  for (const [, , observer] of watches) observer.disconnect();
  watches = goalsOf(PLAN_TRIGGERS.element_visible).map((goal) => {
    const { n: threshold = 0.5 } = goal;
    const seen_ms = new Map<Element, number>();
    const look = safely((entries: IntersectionObserverEntry[]) => {
      for (const { target, intersectionRatio } of entries) {
        // Rounding keeps some elements a hair below the whole.
        if (intersectionRatio < threshold - 0.01) seen_ms.delete(target);
        else if (!seen_ms.has(target)) seen_ms.set(target, 0);
      }
      advance();
    });
    return [goal, seen_ms, new IntersectionObserver(look, { threshold })];
  });
  search();
}

export function observeVisibility(): void {
  const look = safely(() => {
    isChanged = 1;
    if (performance.now() - searched_ms > SEARCH_MS) search();
  });
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}
