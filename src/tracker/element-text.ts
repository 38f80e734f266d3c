/** The text of elements as people read it, without asking the browser for a layout. */
import { TEXT_CHARACTERS } from '../core/limits.ts';
import { normalizeText } from '../core/match-text.ts';
import { attribute, is, textContent } from './element.ts';

/** Text longer than this, with all that is hidden in it, can equal no goal's. */
const READ_CHARACTERS = 4 * TEXT_CHARACTERS;

/** The text nodes joined, with a space where an element begins or ends; comments separate texts in the tree only. */
const textOf = (node: Node): string =>
  node instanceof Element
    ? is(node, 'script,style,template,[hidden]')
      ? ' '
      : // Borrowed, because a form's field may be named `childNodes`. A slot shows what the page gave its component.
        ` ${[].map.call(is(node, 'slot') ? (node as HTMLSlotElement).assignedNodes({ flatten: true }) : node.childNodes, textOf).join('')} `
    : node instanceof Text
      ? node.data
      : '';

/** What is said of an element that has no text, or else of what is in it; what was typed is never read. */
const labelOf = (element: Element): string =>
  (is(element, '[type=submit],[type=button],[type=reset]') && attribute(element, 'value')) ||
  attribute(element, 'aria-label') ||
  attribute(element, 'alt') ||
  attribute(element, 'title') ||
  [].map.call(element.children, labelOf).join(' ');

/**
 * The texts of elements, each inside the next, normalised, as far as `body` or the first that is too long for a goal to
 * ask for. Of an element without text: the label of a button that is an input, `aria-label`, `alt` or `title`.
 */
export const readTexts = (path: Element[]): string[] => {
  const texts: string[] = [];
  let content: string | undefined;
  let text = '';
  for (const element of path) {
    const whole = textContent.call(element).trim();
    if (element === document.body || whole[READ_CHARACTERS]) break;
    // Most of what is around an element says the same, and is not read again.
    if (!text || whole !== content) text = normalizeText(textOf(element));
    texts.push(text || normalizeText(labelOf(element)));
    content = whole;
  }
  return texts;
};
