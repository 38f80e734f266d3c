/**
 * Selectors that will still find an element after the next release of its page: what people named comes first, then
 * where it stands. Names that tools make, and classes that say how something looks, are left out.
 */

/** A selector and how many elements it finds on this page. */
export interface Proposal {
  selector: string;
  count: number;
}

/** Attributes that people write so that something can be found again, the most telling first. */
const NAMING = ['data-testid', 'data-test', 'data-test-id', 'data-cy', 'data-qa', 'data-action', 'data-goal', 'name'];
/** Attributes that tell elements of one kind apart, by the kind. */
const OF_KIND: Readonly<Record<string, string>> = { a: 'href', form: 'action' };

/** Prefixes of classes that say how something looks or is laid out, in the usual frameworks. */
const LOOKS =
  /^-?(m|p|mx|my|mt|mb|ml|mr|px|py|pt|pb|pl|pr|w|h|min|max|text|bg|font|flex|grid|col|row|gap|space|items|justify|self|place|content|order|rounded|border|ring|shadow|opacity|z|top|left|right|bottom|inset|overflow|cursor|transition|duration|ease|animate|scale|rotate|translate|leading|tracking|align|whitespace|break|d|position|float|fs|fw|lh|sr|object|aspect|basis|grow|shrink|hover|focus|active|is|has|css|sc|jsx|svelte|ng|v)-/;
const LOOKS_WHOLE =
  /^(flex|grid|block|inline|hidden|container|row|col|active|open|selected|disabled|visible|relative|absolute|fixed|sticky|static|truncate|uppercase|lowercase|underline|italic|rounded|border|shadow|clearfix|wrapper|antialiased|group|peer|transition)$/;

/** Whether a tool made the name: numbers in a row, a hash, marks that nobody types. */
function isMade(name: string): boolean {
  if (!/^[A-Za-z][\w-]*$/.test(name)) return true;
  if (/\d{3,}/.test(name) || /^(ember|react|radix|headlessui|mui|ext|yui|gen)[-_]?/i.test(name)) return true;
  return name.split(/[-_]+/).some((part) => part.length >= 5 && /\d/.test(part) && /[a-z]/i.test(part));
}

/** Classes that name a thing, in their order. */
function namingClasses(element: Element): string[] {
  return [...element.classList].filter((name) => !isMade(name) && !LOOKS.test(name) && !LOOKS_WHOLE.test(name));
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** What the element itself says of itself, the most lasting first. */
function ownSelectors(element: Element): string[] {
  const tag = element.localName;
  const found: string[] = [];
  if (element.id !== '' && !isMade(element.id)) found.push(`#${element.id}`);
  for (const name of NAMING) {
    const value = element.getAttribute(name);
    if (value) found.push(`${name === 'name' ? tag : ''}[${name}=${quoted(value)}]`);
  }
  const kind = OF_KIND[tag];
  const value = kind === undefined ? null : element.getAttribute(kind);
  if (kind !== undefined && value && value !== '#') found.push(`${tag}[${kind}=${quoted(value)}]`);
  const classes = namingClasses(element);
  for (const name of classes) found.push(`${tag}.${name}`);
  if (classes.length > 1) found.push(`${tag}${classes.map((name) => `.${name}`).join('')}`);
  return found;
}

/** The element's place among its like: `li:nth-of-type(2)`, or the tag alone where there is one only. */
function placeAmongSiblings(element: Element): string {
  const tag = element.localName;
  const like = [...(element.parentElement?.children ?? [])].filter((sibling) => sibling.localName === tag);
  return like.length > 1 ? `${tag}:nth-of-type(${like.indexOf(element) + 1})` : tag;
}

/** The way to the element from the nearest thing that can be found by what it says of itself. */
function byPlace(element: Element): string {
  const steps: string[] = [];
  for (let at: Element | null = element; at !== null && at.localName !== 'html'; at = at.parentElement) {
    if (at !== element) {
      const anchor = ownSelectors(at).find((selector) => countOf(selector, at.ownerDocument) === 1);
      if (anchor !== undefined) return [anchor, ...steps].join(' > ');
    }
    steps.unshift(at.localName === 'body' ? 'body' : placeAmongSiblings(at));
  }
  return steps.join(' > ');
}

/** How many elements a selector finds; 0 where it is none. */
export function countOf(selector: string, document: Document): number {
  try {
    return document.querySelectorAll(selector).length;
  } catch {
    return 0;
  }
}

/** Selectors that find the element, the one to be taken first; the last is its place on this page. */
export function proposeSelectors(element: Element): Proposal[] {
  const { ownerDocument } = element;
  const own = [...new Set(ownSelectors(element))].map((selector) => ({
    selector,
    count: countOf(selector, ownerDocument),
  }));
  const found = own.filter(({ selector, count }) => count > 0 && element.matches(selector));
  const lone = found.filter(({ count }) => count === 1);
  const shared = found.filter(({ count }) => count > 1);
  const place = byPlace(element);
  const all = [...lone, ...shared, { selector: place, count: countOf(place, ownerDocument) }];
  return all.filter((proposal, index) => all.findIndex(({ selector }) => selector === proposal.selector) === index);
}

/** What a click on an element is meant for: a picture inside a button is the button. */
export function meantElement(target: Element): Element {
  return (
    target.closest('a[href], button, summary, label, input, select, textarea, [role="button"], [role="link"]') ?? target
  );
}
