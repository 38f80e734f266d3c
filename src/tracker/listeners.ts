/** Who listens to what the tracker does: the page by `tracker.on`, and the tracker's own parts among themselves. */
import { safely } from './safely.ts';

/**
 * Kinds of notice. The page's own: `conversion`, `event`, `drop`. Between parts: `leave` (the view or the page ends),
 * `view` (another began), `shown` (its URL is settled), `tick` (milliseconds of visible time passed), `plan` (one is in
 * force), `unproven` (a submit waits for its proof), `answer` (the collector's), `signal` (for the debugger).
 */
export type NoticeKind =
  | 'conversion'
  | 'event'
  | 'drop'
  | 'leave'
  | 'view'
  | 'shown'
  | 'tick'
  | 'plan'
  | 'unproven'
  | 'answer'
  | 'signal';

const listeners = new Set<[kind: NoticeKind, listener: (notice: never) => void]>();

/** Calls the listener at each notice of the kind until the function returned is called. */
export function on(kind: NoticeKind, listener: (notice: never) => void): () => void {
  const entry: [NoticeKind, (notice: never) => void] = [kind, safely(listener)];
  listeners.add(entry);
  return () => {
    listeners.delete(entry);
  };
}

/** Tells everyone who listens to the kind, in the order they came. */
export function emit(kind: NoticeKind, notice?: unknown): void {
  for (const [wanted, listener] of listeners) if (wanted === kind) listener(notice as never);
}
