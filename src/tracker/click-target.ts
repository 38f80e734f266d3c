/** Which element of a click meets a goal. */
import { TEXT_CHARACTERS } from '../core/limits.ts';
import { matchesText } from '../core/match-text.ts';
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS, type PlanGoal } from '../core/plan.ts';
import { attribute, is } from './element.ts';
import { readText } from './element-text.ts';
import { partsOf } from './page-subjects.ts';
import { viewUrl } from './view.ts';

/** Links, in SVG too, where the attribute may have a namespace. */
export const LINK = 'a[*|href],area[href]';
/** Elements made to be used. */
export const INTERACTIVE = `${LINK},button,input,select,textarea,summary,label,[role=button],[role=link],[onclick],[contenteditable]`;

/** Where the host is among the parts of a URL. */
const HOST = 1;

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
  const parts = partsOf(attribute(element, 'href') ?? attribute(element, 'xlink:href')!);
  const host = parts[HOST];
  return (
    is(element, LINK) &&
    (!rule || matchesRule(rule, parts)) &&
    (!outbound || (!!host && host !== partsOf(viewUrl)[HOST]))
  );
}

/**
 * The element of the click's path (the target first) that meets the goal, the innermost if there are several; of texts,
 * the one that says it, or the nearest interactive one. Throws when the browser rejects a selector.
 */
export function clickedElement(goal: PlanGoal, path: Element[], texts: string[]): Element | undefined {
  const { t: type, s: selector, m: operator = 0 } = goal;
  const at =
    type === PLAN_TRIGGERS.text_click
      ? texts.findIndex(
          (text, n) =>
            (!operator || path[n] === (path.find((element) => is(element, INTERACTIVE)) ?? path[0])) &&
            matchesText(operator, goal.x!, goal.cs ? text : text.toLowerCase()),
        )
      : path.findIndex(
          (element) =>
            is(element, selector ?? (type === PLAN_TRIGGERS.engagement ? INTERACTIVE : LINK)) &&
            (type !== PLAN_TRIGGERS.link_click || isWantedLink(element, goal)),
        );
  return type !== PLAN_TRIGGERS.text_click || !selector || path.slice(at).some((element) => is(element, selector))
    ? path[at]
    : undefined;
}
