/** Who listens to what the tracker does, by `tracker.on`. */
import { safely } from './safely.ts';

const listeners = new Set<[kind: string, listener: (notice: never) => void]>();

/** Calls the listener at each notice of the kind until the function returned is called. */
export const on = (kind: string, listener: (notice: never) => void): (() => unknown) => {
  const entry: [string, (notice: never) => void] = [kind, safely(listener)];
  listeners.add(entry);
  return () => listeners.delete(entry);
};

/** Tells everyone who listens to the kind, in the order they came. */
export const emit = (kind: 'conversion' | 'event' | 'drop', notice: object): void => {
  for (const [wanted, listener] of listeners) if (wanted === kind) listener(notice as never);
};
