/** The goals in force, filed so that a signal meets only those it may concern: 1,000 goals cost a click what 50 do. */
import type { Plan, PlanGoal } from '../core/plan.ts';
import { attribute } from './element.ts';

/** The plan in force; undefined until one has arrived. */
export let plan: Plan | undefined;

let filed = new Map<string, PlanGoal[]>();

/** Puts a plan in force. Throws what is no plan, and leaves the last one in force. */
export const armPlan = (arrived: Plan): void => {
  const index: typeof filed = new Map();
  for (const goal of arrived.g)
    for (const key of [goal.i, ...goal.h]) index.set(key, [...(index.get(key) ?? []), goal]);
  filed = index;
  plan = arrived;
};

/** The goals filed under a key, or the one of this id. */
export const goalsOf = (key: string): PlanGoal[] => filed.get(key) ?? [];

/** Keys of the goals that elements may meet: their tags, ids and classes, in lower case, as some documents ignore case. */
export const keysOfElements = (path: Element[]): string[] =>
  path
    .flatMap((element) => [element.localName, attribute(element, 'id'), attribute(element, 'class')])
    .join(' ')
    .toLowerCase()
    .split(/\s+/);
