/** Elements that name an event in their markup, as other products have them. */

/** An event as markup names it. */
export interface MarkedEvent {
  name: string;
  properties: Record<string, string>;
}

/** Tells of each element in a click's or submit's path that `read` finds an event on, the innermost first, once each. */
export function observeMarkup(
  read: (element: Element) => MarkedEvent | undefined,
  tell: (event: MarkedEvent) => void,
): void {
  const look = (domEvent: Event): void => {
    for (const target of domEvent.composedPath()) {
      if (!(target instanceof Element)) continue;
      // A form's event is its submit, not a click somewhere in it.
      if (target instanceof HTMLFormElement !== (domEvent.type === 'submit')) continue;
      const event = read(target);
      if (!event) continue;
      tell(event);
      return;
    }
  };
  const click = (domEvent: MouseEvent): void => {
    if (domEvent.button < 2) look(domEvent);
  };
  addEventListener('click', click, true);
  addEventListener('auxclick', click, true);
  addEventListener('submit', look, true);
}

/** The element's attributes that begin with the prefix, by the rest of their names, `-` as `_`. */
export function prefixed(element: Element, prefix: string): Record<string, string> {
  const names = Element.prototype.getAttributeNames.call(element).filter((name) => name.startsWith(prefix));
  return Object.fromEntries(
    names.map((name) => [
      name.slice(prefix.length).replace(/-/g, '_'),
      Element.prototype.getAttribute.call(element, name) ?? '',
    ]),
  );
}

/** One attribute, asked for natively because form fields may shadow an element's members. */
export function attribute(element: Element, name: string): string | null {
  return Element.prototype.getAttribute.call(element, name);
}
