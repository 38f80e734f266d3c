/**
 * The outbox: events that must not be lost, written before they are sent and removed when they are taken. One key of
 * localStorage an event, so that tabs never overwrite one another; the value is the site, then the event without its age.
 */
import { OUTBOX_DAYS, OUTBOX_EVENTS } from '../core/limits.ts';
import { timeOfId } from './event-id.ts';
import { options, site } from './options.ts';
import { safely } from './safely.ts';

/** How long a tab that takes what others left keeps the rest from doing so too. */
const LEASE_MS = 5_000;

/** Ids of the events in the outbox, oldest first. */
const storedIds = (): string[] =>
  Object.keys(localStorage)
    .flatMap((key) => (key.startsWith('gp:') ? key.slice(3) : []))
    .sort();

/** Removes an event that was taken, or never will be. */
export const forget = safely((id: string): void => {
  delete localStorage[`gp:${id}`];
});

/** Removes everything of ours but the wish not to be counted. */
export const forgetAll = safely((): void => {
  for (const key of Object.keys(localStorage)) if (/^gp(:|_[^o])/.test(key)) delete localStorage[key];
  delete sessionStorage.gp_confirm;
});

/** Writes an event. When there are too many, the oldest goes. */
export const keep = safely((id: string, event: string): void => {
  if (options.store === 'none') return;
  localStorage[`gp:${id}`] = site + event;
  storedIds().slice(0, -OUTBOX_EVENTS).forEach(forget);
});

/** Gives each event that pages before this one left behind, unless another tab has just taken them. */
export const takeLeft = safely((before_ms: number, take: (id: string, event: string) => void): void => {
  const now = Date.now();
  const ids = storedIds();
  if (localStorage.gp_lease > now || !ids[0]) return;
  localStorage.gp_lease = now + LEASE_MS;
  for (const id of ids) {
    const value = localStorage[`gp:${id}`];
    const made_ms = timeOfId(id);
    if (now - made_ms > OUTBOX_DAYS * 86_400_000) forget(id);
    else if (made_ms < before_ms && value.startsWith(`${site}{`)) take(id, value.slice(site.length));
  }
});

/** Lets other tabs and the next page take what is left. */
export const releaseLease = safely((): void => {
  delete localStorage.gp_lease;
});
