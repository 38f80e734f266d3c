/** The goals in force, filed so that a click meets only those it may concern: 1,000 goals cost it what 50 do. */
import { PLAN_TRIGGERS, type Plan, type PlanGoal } from '../core/plan.ts';
import { attribute, attributeNames } from './element.ts';

const CLICK_TRIGGERS: number[] = [
  PLAN_TRIGGERS.link_click,
  PLAN_TRIGGERS.element_click,
  PLAN_TRIGGERS.text_click,
  PLAN_TRIGGERS.engagement,
];

/** The plan in force; undefined until one has arrived. */
export let plan: Plan | undefined;

/** Goals of clicks by the id, class, tag or attribute name that their selector needs, in lower case. */
let index: Map<string, PlanGoal[]>;
/** Whether any selector needs an attribute: only then elements are asked for theirs. */
let needsAttributes: boolean;

/**
 * What an element must have for the selector to match it: the last id, class, tag or attribute name of the last
 * compound. Empty, which is any element, for lists, functions and escapes.
 */
export function neededBy(selector: string): string {
  const bare = selector.replace(/\[([\w-]+)[^\]]*\]/g, '[$1');
  const name = /[,\\()"'|\]]/.test(bare) ? null : /([^\s>+~#.:[*]+)(:[\w-]+)*$/.exec(bare);
  return name?.[1]?.toLowerCase() ?? '';
}

/** Puts a plan in force. */
export function armPlan(arrived: Plan): void {
  plan = arrived;
  index = new Map();
  needsAttributes = false;
  for (const goal of arrived.g) {
    const { t: type, s: selector = '' } = goal;
    if (!CLICK_TRIGGERS.includes(type)) continue;
    const key = type === PLAN_TRIGGERS.link_click ? 'a' : type === PLAN_TRIGGERS.element_click ? neededBy(selector) : '';
    needsAttributes ||= selector.includes('[');
    const filed = index.get(key) ?? [];
    index.set(key, filed);
    filed.push(goal);
  }
}

/** Goals of the trigger type. */
export function goalsOf(type: number): PlanGoal[] {
  return plan?.g.filter((goal) => goal.t === type) ?? [];
}

/** Goals that a click on the first of these elements, which is inside all the others, may meet. */
export function goalsNear(path: Element[]): PlanGoal[] {
  const names = path.map(
    (element) =>
      `${element.localName} ${attribute(element, 'id')} ${attribute(element, 'class')} ${needsAttributes ? attributeNames(element).join(' ') : ''}`,
  );
  return [...new Set(['', ...names.join(' ').toLowerCase().split(/\s+/)])].flatMap((name) => index.get(name) ?? []);
}
