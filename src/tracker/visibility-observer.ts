/** Sees elements that appear, or stay on screen long enough, whenever they are added. */
import { PLAN_TRIGGERS, type PlanGoal } from '../core/plan.ts';
import { prove } from './confirm.ts';
import { elements } from './element.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';

/** Rounding keeps some elements a hair below the whole. */
const HAIR = 0.01;

/** For how long each element of each goal has been on screen, ms. */
let seen_ms: Map<PlanGoal, Map<Element, number>>;
/** How much of each element is on screen, 0-1. */
let ratios: Map<Element, number>;
let observer: IntersectionObserver | undefined;
/** Whether the page is to be searched: for elements of goals, and for proof that submits wait for. */
let isChanged: unknown;

const ratioOf = ({ n: ratio = 0.5 }: PlanGoal): number => ratio;

/** Counts what has been on screen long enough, after some more visible time. However often the page changes, it is searched no more often than this is called. */
export function advance(passed_ms = 0): void {
  for (const [goal, times] of seen_ms) {
    if (isChanged) {
      for (const element of safely(elements)(goal.s!) ?? []) {
        observer!.observe(element);
        times.set(element, times.get(element) ?? 0);
      }
    }
    for (const [element, before_ms] of times) {
      const isSeen = element.isConnected && (ratios.get(element) ?? 0) >= ratioOf(goal) - HAIR;
      const total_ms = isSeen ? before_ms + passed_ms : 0;
      times.set(element, total_ms);
      if (isSeen && total_ms >= (goal.d ?? 0))
        record(
          { n: '$visible' },
          () => [goal],
          () => element,
        );
    }
  }
  if (isChanged) prove();
  isChanged = 0;
}

/** Starts over: another view, other goals. */
export function watchElements(): void {
  const goals = goalsOf(PLAN_TRIGGERS.element_visible);
  observer?.disconnect();
  ratios = new Map();
  seen_ms = new Map(goals.map((goal) => [goal, new Map()]));
  isChanged = 1;
  observer = new IntersectionObserver(
    safely((entries) => {
      for (const { target, intersectionRatio } of entries) ratios.set(target, intersectionRatio);
      advance();
    }),
    { threshold: [0, ...goals.map(ratioOf)] },
  );
  advance();
}

/** Begins to see the page change. */
export const observeVisibility = (): void =>
  new MutationObserver(() => {
    isChanged = 1;
  }).observe(document, { childList: true, subtree: true, attributes: true });
