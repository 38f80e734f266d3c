/** The rule that nothing of ours may ever throw into the page: every way in passes through here. */

/** The same function, which answers undefined instead of throwing; of three arguments at most, which is faster than any number. */
export const safely = <A extends unknown[], R>(task: (...args: A) => R): ((...args: A) => R | undefined) =>
  ((a: never, b: never, c: never) => {
    try {
      return (task as unknown as (...three: never[]) => R)(a, b, c);
    } catch {}
  }) as never;

/**
 * Listens to events of these types, separated by spaces, on the window, where the capture phase begins: no
 * `stopPropagation()` of the page can come before it. Passive, so that scrolling never waits for us.
 */
export const listen = <E extends Event>(types: string, listener: (domEvent: E) => void): void => {
  for (const type of types.split(' ')) {
    addEventListener(type, safely(listener as (domEvent: Event) => void), { capture: true, passive: true });
  }
};
