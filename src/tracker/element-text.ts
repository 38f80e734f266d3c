/** The text of elements as people read it, without asking the browser for a layout. */
import { TEXT_CHARACTERS } from '../core/limits.ts';
import { normalizeText } from '../core/match-text.ts';
import { attribute, is } from './element.ts';

/** NodeFilter: elements, to leave some out; texts; and comments, which separate texts in the tree but not for the eye. */
const NODES = 1 + 4 + 128;
const ACCEPT = 1;
const REJECT = 2;
const SKIP = 3;
/** Text longer than this, with the white space between it, can equal no goal's. */
const READ_CHARACTERS = 4 * TEXT_CHARACTERS;

/**
 * The element's text, normalised: text nodes joined, with a space wherever an element begins or ends between them.
 * Without any: the label of a button that is an input, `aria-label`, `alt` or `title`. What was typed is never read.
 * The walker finds children natively, because those of a form may be shadowed by its fields.
 */
export function readText(element: Element): string {
  const walker = document.createTreeWalker(element, NODES, (node) =>
    node instanceof Element ? (is(node, 'script,style,template,[hidden]') ? REJECT : SKIP) : ACCEPT,
  );
  let text = '';
  let last: Node | null = null;
  for (let node = walker.nextNode(); node && text.length < READ_CHARACTERS; node = walker.nextNode()) {
    if (node.previousSibling !== last) text += ' ';
    if (node.nodeType === Node.TEXT_NODE) text += node.nodeValue;
    last = node;
  }
  return normalizeText(
    text.trim() ||
      (is(element, '[type=submit],[type=button],[type=reset]') && attribute(element, 'value')) ||
      attribute(element, 'aria-label') ||
      attribute(element, 'alt') ||
      attribute(element, 'title'),
  );
}
