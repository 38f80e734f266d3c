/** The text of elements as people read it, without asking the browser for a layout. */
import { TEXT_CHARACTERS } from '../core/limits.ts';
import { normalizeText } from '../core/match-text.ts';
import { attribute, is } from './element.ts';

/** An element's text longer than this can equal no goal's, nor can that of the elements around it. */
const READ_CHARACTERS = 4 * TEXT_CHARACTERS;

/**
 * Text nodes joined, with a space wherever an element begins or ends between them; what is never shown is skipped.
 * The walker finds children natively, because those of a form may be shadowed by its fields.
 */
function joinText(element: Element): string {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT, (node) => {
    if (!(node instanceof Element)) return NodeFilter.FILTER_ACCEPT;
    return is(node, 'script,style,template,[hidden]') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  let text = '';
  let last: Node | null = null;
  for (let node = walker.nextNode(); node && text.length < READ_CHARACTERS; node = walker.nextNode()) {
    // Comments separate texts in the tree (frameworks write them) but not for the eye.
    if (node.previousSibling !== last) text += ' ';
    if (node instanceof Text) text += node.data;
    last = node;
  }
  return text;
}

/**
 * The element's text, normalised. Without any: the label of a button that is an input, `aria-label`, `alt` or `title`.
 * Of other inputs nothing is read, whatever was typed there.
 */
export function readText(element: Element): string {
  const button = is(element, '[type=submit],[type=button],[type=reset]') && attribute(element, 'value');
  return normalizeText(
    joinText(element).trim() || button || attribute(element, 'aria-label') || attribute(element, 'alt') || attribute(element, 'title'),
  );
}

/** The texts of elements, each inside the next, up to `body` or the first that is too long to be asked for. */
export function readTexts(path: Element[]): string[] {
  const texts: string[] = [];
  for (const element of path) {
    const text = readText(element);
    if (element === document.body || text.length > TEXT_CHARACTERS) break;
    texts.push(text);
  }
  return texts;
}
