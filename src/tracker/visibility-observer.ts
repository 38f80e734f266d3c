/** Sees elements that appear, or stay on screen long enough, whenever they are added. */
import { PLAN_TRIGGERS, type PlanGoal } from '../core/plan.ts';
import { prove } from './confirm.ts';
import { elements } from './element.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';

/** However often the page changes, it is searched no more often than this. */
const SEARCH_MS = 250;
/** Rounding keeps some elements a hair below the whole. */
const HAIR = 0.01;

/** The goals, and for how long each of their elements has been on screen, ms. */
let watched: [goal: PlanGoal, seen_ms: Map<Element, number>][] = [];
/** How much of each element is on screen, 0-1. */
let ratios = new Map<Element, number>();
let observer: IntersectionObserver | undefined;
let isChanged: unknown;
let searched_ms = 0;

const ratioOf = ({ n: ratio = 0.5 }: PlanGoal): number => ratio;

/** Counts what has been on screen long enough, after some more visible time. */
export function advance(passed_ms = 0): void {
  if (isChanged) search();
  for (const [goal, seen_ms] of watched) {
    for (const [element, before_ms] of seen_ms) {
      const isSeen = element.isConnected && (ratios.get(element) ?? 0) >= ratioOf(goal) - HAIR;
      const total_ms = isSeen ? before_ms + passed_ms : 0;
      seen_ms.set(element, total_ms);
      if (isSeen && total_ms >= (goal.d ?? 0))
        record(
          { n: '$visible' },
          () => [goal],
          () => element,
        );
    }
  }
}

/** Finds the elements of the goals in the page as it is now, and proof that submits wait for. */
function search(): void {
  isChanged = 0;
  searched_ms = performance.now();
  for (const [goal, seen_ms] of watched) {
    for (const element of safely(elements)(goal.s!) ?? []) {
      observer!.observe(element);
      seen_ms.set(element, seen_ms.get(element) ?? 0);
    }
  }
  advance();
  prove();
}

/** Starts over: another view, other goals. */
export function watchElements(): void {
  const goals = goalsOf(PLAN_TRIGGERS.element_visible);
  observer?.disconnect();
  ratios = new Map();
  watched = goals.map((goal) => [goal, new Map()]);
  observer = new IntersectionObserver(
    safely((entries) => {
      for (const { target, intersectionRatio } of entries) ratios.set(target, intersectionRatio);
      advance();
    }),
    { threshold: [0, ...goals.map(ratioOf)] },
  );
  search();
}

/** Begins to see the page change. */
export function observeVisibility(): void {
  const look = safely(() => {
    isChanged = 1;
    if (performance.now() - searched_ms > SEARCH_MS) search();
  });
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });
}
