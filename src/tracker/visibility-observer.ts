/** Sees elements that appear, or stay on screen long enough, whenever they are added. */
import { PLAN_TRIGGERS, type PlanGoal } from '../core/plan.ts';
import { prove } from './confirm.ts';
import { elements } from './element.ts';
import { on } from './listeners.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';

/** However often the page changes, it is searched no more often than this. */
const SEARCH_MS = 250;

/** A goal, and for how long each element of its selector has been on screen, ms. */
interface Watch {
  goal: PlanGoal;
  seen_ms: Map<Element, number>;
  observer: IntersectionObserver;
}

let watches: Watch[] = [];
let isChanged = false;
let searched_ms = 0;

/** Counts what has been on screen long enough. */
function advance(passed_ms: number): void {
  for (const { goal, seen_ms } of watches) {
    for (const [element, before_ms] of seen_ms) {
      const total_ms = before_ms + passed_ms;
      seen_ms.set(element, total_ms);
      if (!element.isConnected) seen_ms.delete(element);
      else if (total_ms >= (goal.d ?? 0)) record({ n: '$visible' }, () => [goal], () => element);
    }
  }
}

function watch(goal: PlanGoal): Watch {
  const seen_ms = new Map<Element, number>();
  const ratio = goal.n ?? 0.5;
  const observer = new IntersectionObserver(
    safely((entries) => {
      for (const { target, intersectionRatio } of entries) {
        // Rounding keeps some elements a hair below the whole.
        if (intersectionRatio < ratio - 0.01) seen_ms.delete(target);
        else seen_ms.set(target, seen_ms.get(target) ?? 0);
      }
      advance(0);
    }),
    { threshold: ratio },
  );
  return { goal, seen_ms, observer };
}

/** Finds the elements of the goals in the page as it is now. */
function search(): void {
  isChanged = false;
  searched_ms = performance.now();
  for (const { goal, seen_ms, observer } of watches) {
    const found = safely(elements)(goal.s!) ?? [];
    for (const element of found) {
      if (goal.n !== 0) observer.observe(element);
      else if (!seen_ms.has(element)) seen_ms.set(element, 0);
    }
  }
  advance(0);
  prove(false);
}

/** Starts over: another view, other goals. */
function restart(): void {
  for (const { observer } of watches) observer.disconnect();
  watches = goalsOf(PLAN_TRIGGERS.element_visible).map(watch);
  search();
}

export function observeVisibility(): void {
  on('plan', restart);
  on('shown', restart);
  on('tick', (passed_ms: number) => {
    if (isChanged) search();
    advance(passed_ms);
  });
  new MutationObserver(
    safely(() => {
      isChanged = true;
      if (performance.now() - searched_ms > SEARCH_MS) search();
    }),
  ).observe(document, { childList: true, subtree: true, attributes: true });
}
