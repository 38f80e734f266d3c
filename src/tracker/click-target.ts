/** Which element of a click meets a goal. */
import { TEXT_CHARACTERS } from '../core/limits.ts';
import { matchesText } from '../core/match-text.ts';
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS, type PlanGoal, URL_SUBJECTS } from '../core/plan.ts';
import { attribute, is } from './element.ts';
import { readText } from './element-text.ts';
import { subjectsOf } from './page-subjects.ts';
import { viewUrl } from './view.ts';

/** Links, in SVG too, where the attribute may have a namespace. */
export const LINK = 'a[*|href],area[href]';
/** Elements made to be used. */
export const INTERACTIVE = `${LINK},button,input,select,textarea,summary,label,[role=button],[role=link],[onclick],[contenteditable]`;

/**
 * The texts of elements, each inside the next, as far as `body` or the first text that is too long for a goal to ask
 * for. Read at once, because the page may change them while it handles the click.
 */
export function readTexts(path: Element[]): string[] {
  const texts: string[] = [];
  for (const element of path) {
    const text = readText(element);
    if (element === document.body || text.length > TEXT_CHARACTERS) break;
    texts.push(text);
  }
  return texts;
}

/** Whether the element is a link that leads where the goal asks. */
function isWantedLink(element: Element, { u: rule, o: outbound }: PlanGoal): boolean {
  const subjects = subjectsOf(attribute(element, 'href') || attribute(element, 'xlink:href'));
  const host = subjects[URL_SUBJECTS.host];
  return (
    is(element, LINK) &&
    (!rule || matchesRule(rule, subjects)) &&
    (!outbound || (!!host && host !== subjectsOf(viewUrl)[URL_SUBJECTS.host]))
  );
}

/**
 * The element of the click's path (the target first) that meets the goal, the innermost if there are several; of texts,
 * the one that says it, or the nearest interactive one. Throws when the browser rejects a selector.
 */
export function clickedElement(goal: PlanGoal, path: Element[], texts: string[]): Element | undefined {
  const { t: type, s: selector = type < PLAN_TRIGGERS.element_click ? LINK : INTERACTIVE, m: operator = 0 } = goal;
  if (type !== PLAN_TRIGGERS.text_click) {
    return path.find(
      (element) => is(element, selector) && (type > PLAN_TRIGGERS.link_click || isWantedLink(element, goal)),
    );
  }
  const nearest = Math.max(
    0,
    path.findIndex((element) => is(element, INTERACTIVE)),
  );
  const at = texts.findIndex(
    (text, n) => (!operator || n === nearest) && matchesText(operator, goal.x!, goal.cs ? text : text.toLowerCase()),
  );
  const around = at < 0 ? [] : path.slice(at);
  return !goal.s || around.some((element) => is(element, goal.s!)) ? around[0] : undefined;
}
