/** CSS selectors of goals, checked when saved so that no browser has to refuse them later. Server only. */
import parse, { type CssNode } from 'css-tree/selector-parser';
import { isLonger, isUnsafe } from './characters.ts';
import { SELECTOR_CHARACTERS, SELECTOR_NESTING } from './limits.ts';
import { Problem } from './problem.ts';

/** Pseudo-classes that every current browser knows and that can match an element of a page. */
const PLAIN_CLASSES = new Set(
  (
    'active any-link autofill checked default defined disabled empty enabled first-child first-of-type focus ' +
    'focus-visible focus-within fullscreen hover in-range indeterminate invalid last-child last-of-type link modal ' +
    'only-child only-of-type optional out-of-range placeholder-shown popover-open read-only read-write required root ' +
    'scope target user-invalid user-valid valid visited'
  ).split(' '),
);
/** Those that take selectors, and those that take something else. */
const SELECTOR_CLASSES = new Set(['has', 'is', 'not', 'where']);
const ARGUMENT_CLASSES = new Set(['dir', 'lang', 'nth-child', 'nth-last-child', 'nth-last-of-type', 'nth-of-type']);
/** Pseudo-elements that may be written like pseudo-classes. */
const OLD_ELEMENTS = new Set(['after', 'before', 'first-letter', 'first-line']);

/** A fault and where it is, in UTF-16 units from 0. */
class Fault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** What surrounds a selector. */
interface Surroundings {
  /** Parentheses around it. */
  depth: number;
  /** Somewhere inside `:has()`, which may not hold another. */
  relative: boolean;
  /** Directly inside `:has()`, where a combinator may come first. */
  leads: boolean;
}

function nodesOf(node: CssNode | null | undefined): CssNode[] {
  return node?.children?.toArray() ?? [];
}

function checkArgument(node: CssNode, name: string, { depth, relative }: Surroundings): void {
  const { offset } = node.loc.start;
  const given = nodesOf(node);
  const argument = given[0];
  if (argument?.type === 'Nth' && name.startsWith('nth-')) {
    if (argument.selector && !name.endsWith('-child')) throw new Fault(`":${name}()" takes no "of"`, offset);
    if (argument.selector) checkList(argument.selector, { depth: depth + 1, relative, leads: false });
    return;
  }
  // Lists of languages are newer than browsers in use.
  const word = given.length === 1 && argument?.type === 'Identifier' ? String(argument.name) : '';
  if (!(name === 'lang' ? word : /^(?:ltr|rtl)$/i.test(word))) {
    throw new Fault(`":${name}()" does not know this argument`, offset);
  }
}

function checkPseudoClass(node: CssNode, { depth, relative }: Surroundings): void {
  const { offset } = node.loc.start;
  const name = String(node.name).toLowerCase();
  if (OLD_ELEMENTS.has(name)) throw new Fault(`"::${name}" is no element of the page`, offset);
  if (!node.children) {
    if (PLAIN_CLASSES.has(name)) return;
    const bare = SELECTOR_CLASSES.has(name) || ARGUMENT_CLASSES.has(name);
    throw new Fault(
      bare ? `":${name}" needs parentheses` : `":${name}" is unknown to browsers or matches nothing`,
      offset,
    );
  }
  if (ARGUMENT_CLASSES.has(name)) {
    checkArgument(node, name, { depth, relative, leads: false });
    return;
  }
  if (!SELECTOR_CLASSES.has(name)) throw new Fault(`":${name}()" is unknown to browsers or matches nothing`, offset);
  const leads = name === 'has';
  if (leads && relative) throw new Fault('":has()" cannot stand inside another', offset);
  const list = nodesOf(node)[0];
  if (!list) throw new Fault(`":${name}()" is empty`, offset);
  checkList(list, { depth: depth + 1, relative: relative || leads, leads });
}

/** Namespaces are declared in style sheets only; `*|` and `|` need none. */
function checkName(name: string, offset: number): void {
  if (/^[^|*][^|]*\|/.test(name)) throw new Fault('namespaces are unknown in pages', offset);
}

function checkSimple(node: CssNode, surroundings: Surroundings): void {
  const { offset } = node.loc.start;
  const name = typeof node.name === 'object' ? String(node.name.name) : node.name;
  switch (node.type) {
    case 'TypeSelector':
      checkName(name, offset);
      break;
    case 'AttributeSelector':
      if (node.flags && node.flags.toLowerCase() !== 'i')
        throw new Fault(`the flag "${node.flags}" is unknown`, offset);
      checkName(name, offset);
      break;
    case 'IdSelector':
      if (/^-?(?:\d|$)/.test(name)) throw new Fault('an id that begins with a digit is written [id="…"]', offset);
      break;
    case 'ClassSelector':
      break;
    case 'PseudoClassSelector':
      checkPseudoClass(node, surroundings);
      break;
    case 'PseudoElementSelector':
      throw new Fault(`"::${name}" is no element of the page`, offset);
    default:
      throw new Fault('browsers do not read this here', offset);
  }
}

/** One selector between commas: compounds with combinators between them. */
function checkComplex(selector: CssNode, surroundings: Surroundings): void {
  const nodes = nodesOf(selector);
  let first = true;
  nodes.forEach((node, index) => {
    if (node.type !== 'Combinator') {
      if (node.type === 'TypeSelector' && !first) {
        throw new Fault('a tag name must come before classes, ids and attributes', node.loc.start.offset);
      }
      checkSimple(node, surroundings);
      first = false;
      return;
    }
    // A descendant's white space has no place of its own in the tree.
    const offset = node.loc?.start.offset ?? selector.loc.start.offset;
    if (!/^[ >+~]$/.test(String(node.name)))
      throw new Fault(`browsers do not know the combinator "${node.name}"`, offset);
    if (first && !(index === 0 && surroundings.leads))
      throw new Fault('a combinator needs an element before it', offset);
    if (index === nodes.length - 1) throw new Fault('a combinator needs an element after it', offset);
    first = true;
  });
}

function checkList(list: CssNode, surroundings: Surroundings): void {
  const { start } = list.loc;
  if (surroundings.depth > SELECTOR_NESTING) {
    throw new Fault(`parentheses may be nested ${SELECTOR_NESTING} times`, start.offset);
  }
  const selectors = nodesOf(list);
  if (selectors.length === 0) throw new Fault('a selector is missing', start.offset);
  for (const selector of selectors) checkComplex(selector, surroundings);
}

/** Throws a Fault, or the parser's own error with an `offset`. */
function parseSelector(text: string): void {
  const list = parse(text, { context: 'selectorList', positions: true });
  checkList(list, { depth: 0, relative: false, leads: false });
  const end = list.loc.end.offset;
  const rest = text.slice(end).replace(/\/\*.*?\*\//gs, '');
  if (rest.trim()) throw new Fault('a selector is missing at the end', end);
}

/**
 * Reads a selector of a request, trimmed. Throws `invalid_field` with the place of the fault when some browser's
 * `querySelector` would refuse it, or when it could match no element of a page.
 */
export function checkSelector(input: unknown, field: string): string {
  const refuse = (sentence: string) => new Problem('invalid_field', sentence, { field });
  const text = typeof input === 'string' ? input.trim() : '';
  if (!text) throw refuse('Write a CSS selector such as #buy or .signup button.');
  if (isLonger(text, SELECTOR_CHARACTERS)) throw refuse(`A selector has at most ${SELECTOR_CHARACTERS} characters.`);
  try {
    parseSelector(text);
  } catch (error) {
    const { message, offset = 0 } = error as Error & { offset?: number };
    const place = [...text.slice(0, offset)].length + 1;
    throw refuse(`The selector is wrong at character ${place}: ${message.charAt(0).toLowerCase() + message.slice(1)}.`);
  }
  if (isUnsafe(text)) throw refuse('Leave out halves of surrogate pairs; no page has them.');
  return text;
}
