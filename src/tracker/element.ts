/**
 * Elements, asked through their prototypes: a form's fields shadow its own members (`<input name="matches">`), so
 * `element.matches`, `.id` or `.attributes` may be anything. Taken when the script runs, before a page replaces them.
 */
const { prototype } = globalThis.document ? Element : Object;
const { matches, getAttribute, getAttributeNames } = prototype as Element;

/** Text, tag, id and classes, read by what the prototype reads them with: faster than attributes, by the dozen in a click. */
export const [textContent, ...names] = ['textContent', 'localName', 'id', 'className'].map((member) =>
  (prototype as unknown as { __lookupGetter__(member: string): () => string }).__lookupGetter__(member),
) as [() => string, ...(() => string)[]];

/** Whether the element matches the selector. Throws when the browser rejects the selector. */
export const is = (element: Element, selector: string): boolean => matches.call(element, selector);

/** The attribute as written; null when absent. */
export const attribute = (element: Element, name: string): string | null => getAttribute.call(element, name);

/** The entries whose names begin with the prefix, by the rest of their names. */
export const withPrefix = <V>(prefix: string, entries: [name: string, value: V][]): Record<string, V> =>
  Object.fromEntries(
    entries.filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]),
  );

/** The element's attributes that begin with the prefix, by the rest of their names. */
export const attributesOf = (element: Element, prefix: string): Record<string, string> =>
  withPrefix(
    prefix,
    getAttributeNames.call(element).map((name) => [name, attribute(element, name)!]),
  );

/** The elements of the document that match the selector. Throws when the browser rejects the selector. */
export const elements = (selector: string): Element[] => [...document.querySelectorAll(selector)];
