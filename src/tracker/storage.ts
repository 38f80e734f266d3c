/** Where things are kept: in the browser, or in the page's memory where that is blocked, not wanted or not permitted yet. */
import type { Seen } from './draft.ts';
import { jsonOf } from './json.ts';
import { options } from './options.ts';
import { safely } from './safely.ts';

/** What the tracker writes, by key; every key of ours begins with `gp`. */
type Kept = Record<string, string>;

/** Undelivered events, the lease on them, visitor and session. */
export let local: Kept = {};
/** Submits that wait for proof. */
export let session: Kept = {};

/** Begins to write in the browser, where options and browser let us. */
export const openStorage = safely((): void => {
  if (options.store === 'none') return;
  // Null in some apps' views.
  local = localStorage ?? local;
  session = sessionStorage ?? session;
});

/** Keeps a value as JSON under a key with an id, where there is room. */
export const keepIn = safely((kept: Kept, id: string, value: unknown): void => {
  kept[`gp:${id}`] = jsonOf(value);
});

/** Removes an event that was taken, or never will be, from the outbox. */
export const forget = ({ i: id }: Seen): void => {
  delete local[`gp:${id}`];
};

/** Our keys with an id, in the order of their ids, or those of another pattern. */
export const keysOf = (kept: Kept, pattern = /^gp:/): string[] =>
  Object.keys(kept)
    .filter((key) => pattern.test(key))
    .sort();

/** Removes everything of ours but the wish not to be counted; what earlier pages wrote too. */
export const forgetAll = (): void => {
  openStorage();
  for (const kept of [local, session]) for (const key of keysOf(kept, /^gp[:_](?!o)/)) delete kept[key];
};
