/** The goals in force, filed so that a click meets only those it may concern: 1,000 goals cost it what 50 do. */
import { PLAN_TRIGGERS, type Plan, type PlanGoal } from '../core/plan.ts';
import { attribute, hasAttribute } from './element.ts';

/** The plan in force; undefined until one has arrived. */
export let plan: Plan | undefined;

/**
 * Goals by the number of their trigger; those of clicks also by the id, class or tag that their selector needs, or by
 * the attribute, after `[`. Under '' those that any element may meet. In lower case, as some documents ignore case.
 */
let index: Record<string, PlanGoal[]> = Object.create(null);
/** Attribute names that selectors need. */
let attributes = new Set<string>();
/** What was found for an element's tag, id or list of classes, as they are written. */
let found = new Map<string, PlanGoal[]>();

/**
 * What an element must have for the selector to match it: the last id, class, tag or attribute of the last compound.
 * Empty, which is any element, for lists, functions and escapes.
 */
export function neededBy(selector: string): string {
  const bare = selector.replace(/\[([\w-]+)[^\]]*\]/g, '[$1');
  return /[,\\()"'|\]]/.test(bare) ? '' : (/(\[?[^\s>+~#.:[*]+)(:[\w-]+)*$/.exec(bare)?.[1] ?? '').toLowerCase();
}

/** Puts a plan in force. Throws what is no plan, and leaves the last one in force. */
export function armPlan(arrived: Plan): void {
  const filed: typeof index = Object.create(null);
  const file = (key: string, goal: PlanGoal): void => {
    filed[key] ??= [];
    filed[key].push(goal);
  };
  attributes = new Set();
  for (const goal of arrived.g) {
    const { t: type, s: selector = '' } = goal;
    const key =
      type === PLAN_TRIGGERS.link_click ? 'a' : type === PLAN_TRIGGERS.element_click ? neededBy(selector) : '';
    file(`${type} `, goal);
    if (/[1238]/.test(`${type}`)) file(key, goal);
    if (key[0] === '[') attributes.add(key.slice(1));
  }
  index = filed;
  found = new Map();
  plan = arrived;
}

/** Goals of the trigger type. */
export const goalsOf = (type: number): PlanGoal[] => index[`${type} `] ?? [];

/** Goals that need one of these names, which white space separates. */
function goalsNamed(names: string): PlanGoal[] {
  let goals = found.get(names);
  if (!goals) {
    goals = names
      .toLowerCase()
      .split(/\s+/)
      .flatMap((name) => index[name] ?? []);
    found.set(names, goals);
  }
  return goals;
}

/** Goals that a click on the first of these elements, which is inside all the others, may meet. */
export function goalsNear(path: Element[]): PlanGoal[] {
  const goals = new Set(goalsNamed(''));
  const add = (names: string): void => {
    for (const goal of goalsNamed(names)) goals.add(goal);
  };
  for (const element of path) {
    // A form's field may be named `localName`; then the form has no tag here, and nothing throws.
    add(`${element.localName}`);
    add(attribute(element, 'id'));
    add(attribute(element, 'class'));
    for (const name of attributes) if (hasAttribute(element, name)) add(`[${name}`);
  }
  return [...goals];
}
