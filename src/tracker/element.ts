/**
 * Elements, asked through their prototypes: a form's fields shadow its own members (`<input name="matches">`), so
 * `element.matches`, `.id` or `.attributes` may be anything.
 */
const { matches, getAttribute, getAttributeNames } = globalThis.Element?.prototype ?? {};

/** Whether the element matches the selector. Throws when the browser rejects the selector. */
export function is(element: Element, selector: string): boolean {
  return matches.call(element, selector);
}

/** The attribute as written; empty when absent. */
export function attribute(element: Element, name: string): string {
  return getAttribute.call(element, name) ?? '';
}

/** The names of the element's attributes, in lower case in HTML. */
export function attributeNames(element: Element): string[] {
  return getAttributeNames.call(element);
}

/** The element's attributes that begin with the prefix, named without it. */
export function attributesOf(element: Element, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of attributeNames(element)) {
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = attribute(element, name);
  }
  return found;
}

/** The elements of the document that match the selector. Throws when the browser rejects the selector. */
export function elements(selector: string): Element[] {
  return [...document.querySelectorAll(selector)];
}
