/** Which element of a click meets a goal. */
import { matchesText } from '../core/match-text.ts';
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS, type PlanGoal, URL_SUBJECTS } from '../core/plan.ts';
import { attribute, is } from './element.ts';
import { subjectsOf } from './page-subjects.ts';

/** Elements made to be used; `[*|href]` finds links in SVG too. */
export const INTERACTIVE =
  'a[*|href],area[href],button,input,select,textarea,summary,label,[role=button],[role=link],[onclick],[contenteditable]';
const LINK = 'a[*|href],area[href]';

/** What was clicked, as it was before any handler of the page could change it. */
export interface ClickTarget {
  /** The target, then the elements around it, out of open shadow roots too. */
  path: Element[];
  /** Their texts from the target outwards, as far as any was read. */
  texts: string[];
}

/** Whether the element is a link that the goal asks for. */
function isWantedLink(element: Element, goal: PlanGoal): boolean {
  if (!is(element, LINK)) return false;
  const href = new URL(attribute(element, 'href') || attribute(element, 'xlink:href'), document.baseURI).href;
  const subjects = subjectsOf(href);
  const host = subjects[URL_SUBJECTS.host];
  return (
    (!goal.u || matchesRule(goal.u, subjects)) &&
    (!goal.o || (!!host && host !== subjectsOf(location.href)[URL_SUBJECTS.host]))
  );
}

/** The element whose text the goal asks for. */
function textTarget(goal: PlanGoal, { path, texts }: ClickTarget): Element | undefined {
  const operator = goal.m ?? 0;
  const says = (text = ''): boolean => matchesText(operator, goal.x ?? '', goal.cs ? text : text.toLowerCase());
  const nearest = Math.max(0, path.findIndex((element) => is(element, INTERACTIVE)));
  const at = operator ? nearest : texts.findIndex(says);
  const around = path.slice(at);
  return says(texts[at]) && (!goal.s || around.some((element) => is(element, goal.s!))) ? around[0] : undefined;
}

/** The element that meets the goal, the innermost if there are several. Throws when the browser rejects a selector. */
export function clickedElement(goal: PlanGoal, target: ClickTarget): Element | undefined {
  if (goal.t === PLAN_TRIGGERS.text_click) return textTarget(goal, target);
  const selector = goal.t === PLAN_TRIGGERS.engagement ? INTERACTIVE : goal.s;
  return target.path.find(
    (element) =>
      (!selector || is(element, selector)) && (goal.t !== PLAN_TRIGGERS.link_click || isWantedLink(element, goal)),
  );
}
