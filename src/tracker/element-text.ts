/** The text of elements as people read it, without asking the browser for a layout. */
import { TEXT_CHARACTERS } from '../core/limits.ts';
import { normalizeText } from '../core/match-text.ts';
import { attribute, is } from './element.ts';

/** Text longer than this, with all that is hidden in it, can equal no goal's. */
const READ_CHARACTERS = 4 * TEXT_CHARACTERS;

/** The text nodes joined, with a space where an element begins or ends; comments separate texts in the tree only. */
const textOf = (node: Node): string =>
  node instanceof Element
    ? is(node, 'script,style,template,[hidden]')
      ? ' '
      : // Borrowed, because a form's field may be named `childNodes`.
        ` ${[].map.call(node.childNodes, textOf).join('')} `
    : node.nodeType === Node.TEXT_NODE
      ? node.nodeValue!
      : '';

/**
 * The element's text, normalised; nothing if it is too long. Without any: the label of a button that is an input,
 * `aria-label`, `alt` or `title`. What was typed is never read.
 */
export const readText = (element: Element): string | undefined =>
  element.textContent!.length < READ_CHARACTERS
    ? normalizeText(
        textOf(element).trim() ||
          (is(element, '[type=submit],[type=button],[type=reset]') && attribute(element, 'value')) ||
          attribute(element, 'aria-label') ||
          attribute(element, 'alt') ||
          attribute(element, 'title') ||
          '',
      )
    : undefined;

/** The texts of elements, each inside the next, as far as `body` or the first that is too long for a goal to ask for. */
export const readTexts = (path: Element[]): string[] => {
  const texts: string[] = [];
  for (const element of path) {
    const text = element === document.body ? undefined : readText(element);
    if (text === undefined) break;
    texts.push(text);
  }
  return texts;
};
