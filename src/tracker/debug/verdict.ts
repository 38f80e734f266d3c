/** Why a goal is armed or not, and why a signal met it or not. */
import { matchesRule } from '../../core/match-url.ts';
import { normalizeUrl, urlSubjects } from '../../core/page-url.ts';
import { PLAN_TRIGGERS, type Plan, type PlanGoal } from '../../core/plan.ts';
import { redactUrl } from '../../core/redact.ts';
import type { Signal } from '../draft.ts';
import { describeRule, describeTrigger } from './describe.ts';

/** A judgement with its reason. */
export interface Verdict {
  isMet: boolean;
  why: string;
}

/** Signals by the triggers that look at them. */
const SIGNALS: Record<string, number[]> = {
  $pageview: [PLAN_TRIGGERS.pageview],
  $click: [PLAN_TRIGGERS.link_click, PLAN_TRIGGERS.element_click, PLAN_TRIGGERS.text_click, PLAN_TRIGGERS.engagement],
  $submit: [PLAN_TRIGGERS.form_submit, PLAN_TRIGGERS.engagement],
  $time: [PLAN_TRIGGERS.time_spent],
  $scroll: [PLAN_TRIGGERS.scroll_depth],
  $visible: [PLAN_TRIGGERS.element_visible],
};

/** Whether a signal of this name is of any concern to the goal. */
export function concerns(goal: PlanGoal, name: string): boolean {
  if (name in SIGNALS) return SIGNALS[name]!.includes(goal.t);
  return name[0] !== '$' && goal.t === PLAN_TRIGGERS.event;
}

/** Whether the goal listens on a page, and the words for it. */
function pageVerdict(goal: PlanGoal, url: string, extra: string[] = []): Verdict {
  const parts = normalizeUrl(redactUrl(url, extra));
  const subjects = parts ? urlSubjects(parts) : [];
  const excluding = goal.we?.filter((pattern) => matchesRule([pattern], subjects)) ?? [];
  if (excluding[0]) return { isMet: false, why: `the goal leaves this page out: ${describeRule(excluding)}` };
  if (goal.wi && !matchesRule(goal.wi, subjects)) {
    return { isMet: false, why: `the goal listens only where ${describeRule(goal.wi)}` };
  }
  return { isMet: true, why: 'the goal listens on this page' };
}

/** Whether the goal can be met on the page as it is. */
export function armed(goal: PlanGoal, plan: Plan): Verdict {
  for (const selector of [goal.s, goal.w, typeof goal.c === 'string' ? goal.c : undefined]) {
    try {
      if (selector) document.createDocumentFragment().querySelector(selector);
    } catch {
      return { isMet: false, why: `this browser rejects the selector ${selector}` };
    }
  }
  const page = pageVerdict(goal, location.href, plan.x);
  if (!page.isMet) return page;
  return { isMet: true, why: `armed: met when ${describeTrigger(goal)}` };
}

/** Whether the signal met the goal. */
export function judge(goal: PlanGoal, signal: Signal, plan: Plan): Verdict {
  const [event, test] = signal;
  let met: unknown;
  try {
    met = test(goal);
  } catch {
    return { isMet: false, why: 'this browser rejects its selector' };
  }
  if (!met) return { isMet: false, why: `it asks that ${describeTrigger(goal)}` };
  const page = pageVerdict(goal, event.u ?? '', plan.x);
  if (!page.isMet) return page;
  for (const [key, wanted] of Object.entries(goal.p ?? {})) {
    const attribute = met instanceof Element ? met.getAttribute(`data-prop-${key}`) : null;
    const value = attribute ?? event.p?.[key];
    if (`${value}` !== wanted) return { isMet: false, why: `property ${key} is ${value}, not ${wanted}` };
  }
  const isCounted = event.g?.some((entry) => (typeof entry === 'string' ? entry : entry[0]) === goal.i);
  if (isCounted) return { isMet: true, why: `counted: ${describeTrigger(goal)}` };
  if (goal.c) return { isMet: true, why: 'submitted; it counts when its proof is seen' };
  return { isMet: false, why: 'met, but already counted in this view or action' };
}
