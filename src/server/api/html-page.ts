/** A pasted page for dry runs: which of its elements a goal's trigger means. */

import { is as matches, selectAll } from 'css-select';
import { type AnyNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { getAttributeValue } from 'domutils';
import { parseDocument } from 'htmlparser2';
import { CONTROLS } from '../../core/build-plan.ts';
import { compileRule, type GroupLookup } from '../../core/compile-url.ts';
import type { Trigger } from '../../core/goal.ts';
import { matchesText, normalizeText } from '../../core/match-text.ts';
import { matchesRule } from '../../core/match-url.ts';
import { normalizeUrl, urlSubjects } from '../../core/page-url.ts';
import { re2Regex } from '../goals/re2-regex.ts';

/** Links; the parser of these pages knows no namespaces. */
const LINK = 'a[href],area[href]';
const INTERACTIVE = `${LINK},${CONTROLS}`;
/** What a click on it submits its form. */
const SUBMITS = 'button:not([type=button]):not([type=reset]),input[type=submit],input[type=image]';
/** Everything but what stands around the page's content. */
const NOT_TEXT = '*:not(html):not(head):not(head *):not(body)';

/** What a page is looked at with. */
export interface PageScope {
  /** The page's own URL, for relative links; undefined when unknown. */
  url: string | undefined;
  groups: GroupLookup;
}

/** What was found for a trigger. */
export interface Found {
  elements: Element[];
  /** One sentence for the owner. */
  text: string;
}

/** A parsed page. */
export class HtmlPage {
  readonly #document: ParentNode;

  constructor(html: string) {
    this.#document = parseDocument(html);
  }

  /** Elements for a selector; none where this engine does not know it, which a browser may. */
  select(selector: string): Element[] {
    try {
      return selectAll<AnyNode, Element>(selector, this.#document as AnyNode & ParentNode);
    } catch {
      return [];
    }
  }

  /** Text of the first element for a selector, or that attribute of it; undefined when there is none. */
  read(selector: string, attribute: string | undefined): string | undefined {
    const [element] = this.select(selector);
    if (element === undefined) return undefined;
    return attribute === undefined ? textOf(element) : element.attribs[attribute];
  }

  /**
   * Elements that would meet the trigger when used. With `click` only those that a click on its first match would reach:
   * the element itself and those around it.
   */
  find(trigger: Trigger, click: string | undefined, scope: PageScope): Found | undefined {
    const wanted = this.#wanted(trigger, scope);
    if (wanted === undefined) return undefined;
    if (click === undefined) return { elements: wanted, text: `${countOf(wanted.length)} of the page would meet it.` };
    const [target] = this.select(click);
    if (target === undefined) return { elements: [], text: `Nothing on the page matches "${click}".` };
    const elements = this.#reached(trigger, wanted, target);
    return { elements, text: `A click on "${click}" ${elements.length > 0 ? 'reaches' : 'does not reach'} it.` };
  }

  /** undefined for triggers that a page alone does not decide. */
  #wanted(trigger: Trigger, scope: PageScope): Element[] | undefined {
    switch (trigger.type) {
      case 'element_click':
      case 'element_visible':
      case 'form_submit':
        return this.select(trigger.selector);
      case 'engagement':
        return this.select(INTERACTIVE);
      case 'link_click':
        return this.select(trigger.selector ?? LINK).filter((link) => isWantedLink(link, trigger, scope));
      case 'text_click':
        return this.#texts(trigger);
      default:
        return undefined;
    }
  }

  #texts(trigger: TextTrigger): Element[] {
    // A pasted piece of a page has no body, and its outermost element may be the one.
    const candidates = trigger.match === 'equals' ? this.select(NOT_TEXT) : this.select(INTERACTIVE);
    return candidates.filter((element) => isWantedText(element, trigger));
  }

  /** Which of the wanted elements a click on the target means, as browsers decide it. */
  #reached(trigger: Trigger, wanted: readonly Element[], target: Element): Element[] {
    const around = pathOf(target);
    if (around.some((element) => isMatch(element, ':disabled:not(fieldset)'))) return [];
    if (trigger.type === 'text_click' && trigger.match !== 'equals') {
      const nearest = around.find((element) => isMatch(element, INTERACTIVE)) ?? target;
      return isWantedText(nearest, trigger) ? [nearest] : [];
    }
    const hit = around.filter((element) => wanted.includes(element)).slice(0, 1);
    return trigger.type !== 'form_submit' || around.some((element) => isMatch(element, SUBMITS)) ? hit : [];
  }
}

type TextTrigger = Extract<Trigger, { type: 'text_click' }>;

function isWantedText(element: Element, { text, match, case_sensitive, within }: TextTrigger): boolean {
  const fold = (raw: string) => (case_sensitive ? normalizeText(raw) : normalizeText(raw).toLowerCase());
  if (!matchesText(match, fold(text), fold(textOf(element)))) return false;
  return within === undefined || pathOf(element).some((outer) => isMatch(outer, within));
}

type LinkTrigger = Extract<Trigger, { type: 'link_click' }>;

function isWantedLink(link: Element, { href, outbound }: LinkTrigger, { url, groups }: PageScope): boolean {
  const target = normalizeUrl(getAttributeValue(link, 'href') ?? '', url);
  const subjects = target === undefined ? undefined : urlSubjects(target);
  if (subjects === undefined) return href === undefined && !outbound;
  if (href !== undefined && !matchesRule(compileRule(href, groups), subjects, re2Regex)) return false;
  const page = url === undefined ? undefined : normalizeUrl(url);
  return !outbound || (target?.host !== '' && target?.host !== page?.host);
}

function isMatch(element: Element, selector: string): boolean {
  try {
    return matches<AnyNode, Element>(element, selector);
  } catch {
    return false;
  }
}

/** The element and those around it, innermost first. */
function pathOf(element: Element): Element[] {
  const path: Element[] = [];
  for (let node: ParentNode | null = element; node !== null; node = node.parentNode) {
    if ('attribs' in node) path.push(node);
  }
  return path;
}

/** An element's text as the tracker reads it: what it shows, else what labels it. */
function textOf(element: Element): string {
  const label = (name: string) => getAttributeValue(element, name) ?? '';
  const button = isMatch(element, '[type=submit],[type=button],[type=reset]') ? label('value') : '';
  return normalizeText(shownText(element).trim() || button || label('aria-label') || label('alt') || label('title'));
}

/** The texts inside, with a space where an element begins or ends. */
function shownText(node: AnyNode): string {
  if (isText(node)) return node.data;
  if (!isTag(node)) return '';
  return isMatch(node, 'script,style,template,[hidden]') ? ' ' : ` ${node.children.map(shownText).join('')} `;
}

function countOf(count: number): string {
  return count === 1 ? 'One element' : `${count === 0 ? 'No' : count} elements`;
}
