/** The goals in force, filed so that a click meets only those it may concern: 1,000 goals cost it what 50 do. */
import type { Plan, PlanGoal } from '../core/plan.ts';
import { attribute } from './element.ts';

/** The plan in force; undefined until one has arrived. */
export let plan: Plan | undefined;

/** Goals by the number of their trigger; those of `element_click` that need an id, class or tag by that instead. */
let index = new Map<string | number, PlanGoal[]>();
/** What was found for an element's tag, id or list of classes, as they are written. */
let found = new Map<string | null, PlanGoal[]>();

/** Puts a plan in force. Throws what is no plan, and leaves the last one in force. */
export function armPlan(arrived: Plan): void {
  const filed: typeof index = new Map();
  for (const goal of arrived.g) {
    const key = goal.h ?? goal.t;
    filed.set(key, [...(filed.get(key) ?? []), goal]);
  }
  index = filed;
  found = new Map();
  plan = arrived;
}

/** Goals of the trigger type, or that need the name. */
export const goalsOf = (key: string | number): PlanGoal[] => index.get(key) ?? [];

/** Goals that need one of these names, which white space separates. */
function goalsNamed(names: string | null): PlanGoal[] {
  const goals = found.get(names) ?? `${names}`.toLowerCase().split(/\s+/).flatMap(goalsOf);
  found.set(names, goals);
  return goals;
}

/** Goals of elements that a click on the first of these, which is inside all the others, may meet. */
export const goalsNear = (path: Element[]): PlanGoal[] => [
  ...new Set(
    path
      .flatMap((element) => [element.localName, attribute(element, 'id'), attribute(element, 'class')])
      .flatMap(goalsNamed),
  ),
];
