/** The rule that nothing of ours may ever throw into the page: every way in passes through here. */

/** The same function, which answers undefined instead of throwing. */
export function safely<A extends unknown[], R>(task: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return task(...args);
    } catch {
      return undefined;
    }
  };
}

/**
 * Listens on the window, where the capture phase begins: no `stopPropagation()` of the page can come before it.
 * Passive, so that scrolling never waits for us.
 */
export function listen<K extends keyof WindowEventMap>(type: K, listener: (domEvent: WindowEventMap[K]) => void): void {
  addEventListener(type, safely(listener), { capture: true, passive: true });
}
