/**
 * Elements, asked through their prototypes: a form's fields shadow its own members (`<input name="matches">`), so
 * `element.matches`, `.id` or `.attributes` may be anything. Taken when the script runs, before a page replaces them.
 */
const { matches, closest, getAttribute, getAttributeNames } = (globalThis.Element ?? Object).prototype;

/** Whether the element matches the selector. Throws when the browser rejects the selector. */
export const is = (element: Element, selector: string): boolean => matches.call(element, selector);

/** The attribute as written; empty when absent. */
export const attribute = (element: Element, name: string): string => getAttribute.call(element, name) ?? '';

/** Whether the attribute is there, if only empty. */
export const hasAttribute = (element: Element, name: string): boolean => getAttribute.call(element, name) != null;

/** Whether the element is part of a control that is disabled. */
export const isDisabled = (element: Element): boolean => !!closest.call(element, ':disabled:not(fieldset)');

/** The element's attributes that begin with the prefix, by the rest of their names. */
export function attributesOf(element: Element, prefix: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of getAttributeNames.call(element)) {
    if (name.startsWith(prefix)) found[name.slice(prefix.length)] = attribute(element, name);
  }
  return found;
}

/** The elements of the document that match the selector. Throws when the browser rejects the selector. */
export const elements = (selector: string): Element[] => [...document.querySelectorAll(selector)];
