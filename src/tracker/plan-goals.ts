/** The goals in force, filed so that a click meets only those it may concern: 1,000 goals cost it what 50 do. */
import { PLAN_TRIGGERS, type Plan, type PlanGoal } from '../core/plan.ts';
import { attribute, attributesOf } from './element.ts';

/** The plan in force; undefined until one has arrived. */
export let plan: Plan | undefined;

/** Goals of clicks by the id, class, tag or attribute name that their selector needs, in lower case; '' for others. */
let index: Record<string, PlanGoal[]>;
/** Whether any selector names an attribute: only then elements are asked for theirs. */
let needsAttributes: boolean;

/**
 * What an element must have for the selector to match it: the last id, class, tag or attribute name of the last
 * compound. Empty, which is any element, for lists, functions and escapes.
 */
export function neededBy(selector: string): string {
  const bare = selector.replace(/\[([\w-]+)[^\]]*\]/g, '[$1');
  return /[,\\()"'|\]]/.test(bare) ? '' : (/([^\s>+~#.:[*]+)(:[\w-]+)*$/.exec(bare)?.[1] ?? '').toLowerCase();
}

/** Puts a plan in force. Throws what is no plan. */
export function armPlan(arrived: Plan): void {
  index = Object.create(null);
  needsAttributes = false;
  for (const goal of arrived.g) {
    const { t: type, s: selector = '' } = goal;
    const key =
      type === PLAN_TRIGGERS.link_click ? 'a' : type === PLAN_TRIGGERS.element_click ? neededBy(selector) : '';
    needsAttributes ||= selector.includes('[');
    if (/[1238]/.test(`${type}`)) index[key] = [...(index[key] ?? []), goal];
  }
  plan = arrived;
}

/** Goals of the trigger type. */
export const goalsOf = (type: number): PlanGoal[] => plan?.g.filter((goal) => goal.t === type) ?? [];

/** Goals that a click on the first of these elements, which is inside all the others, may meet. */
export function goalsNear(path: Element[]): PlanGoal[] {
  const names = path.map(
    (element) =>
      ` ${element.localName} ${attribute(element, 'id')} ${attribute(element, 'class')} ${needsAttributes ? Object.keys(attributesOf(element, '')).join(' ') : ''}`,
  );
  return [...new Set(names.join('').toLowerCase().split(/\s+/))].flatMap((name) => index?.[name] ?? []);
}
