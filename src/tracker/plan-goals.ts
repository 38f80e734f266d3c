/** The goals in force, filed so that a signal meets only those it may concern: 1,000 goals cost a click what 50 do. */
import { PLAN_SIGNALS, type Plan, type PlanGoal } from '../core/plan.ts';
import { names } from './element.ts';

/** The plan in force; undefined until one has arrived. */
export let plan: Plan | undefined;

/** Goals by their ids and keys, and by what pages wrote into attributes, once it was looked up. */
let filed: Record<string, PlanGoal[]> = Object.create(null);

/** Puts a plan in force. Throws what is no plan, and leaves the last one in force. */
export const armPlan = (arrived: Plan): void => {
  // Attributes may say `constructor`.
  const index: typeof filed = Object.create(null);
  for (const goal of arrived.g) for (const key of [goal.i, ...goal.h]) index[key] = [...(index[key] ?? []), goal];
  filed = index;
  plan = arrived;
};

/** The goals filed under a key, under the id, or under any of the names in an attribute, in whatever case. */
export const goalsOf = (key: string): PlanGoal[] =>
  (filed[key] ??= key
    .toLowerCase()
    .split(/[\s$]+/)
    .flatMap((name) => filed[name] ?? []));

/** Keys of the goals that a click on elements may meet: their tags, ids and classes as they are written. */
export const keysOfElements = (path: Element[]): string[] => {
  const keys: string[] = [PLAN_SIGNALS.click];
  for (const element of path) for (const read of names) keys.push(read.call(element));
  return keys;
};
