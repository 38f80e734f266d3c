/**
 * The outbox: events that must not be lost, written before they are sent and removed when they are taken. One key of
 * localStorage an event, so that tabs never overwrite one another; the value is the site and the event without its age.
 */
import { OUTBOX_DAYS } from '../core/limits.ts';
import { timeOfId } from './event-id.ts';
import { site } from './options.ts';
import { safely } from './safely.ts';
import { enqueue } from './send.ts';
import { forget, keysOf, local } from './storage.ts';

/** How long a tab that takes what others left keeps the rest from doing so too. */
const LEASE_MS = 5_000;

/** Takes each event that pages before this one left behind, unless another tab has just taken them. */
export const takeLeft = (): void => {
  // Either way: a clock that was days ahead has left a time that is days ahead.
  if (Math.abs(Date.now() - (local.gp_lease as never)) < LEASE_MS) return;
  keysOf(local).forEach(
    // What somebody else wrote under such a key stands in the way of nothing.
    safely((key) => {
      const [owner, event] = JSON.parse(local[key]!);
      if (Date.now() - timeOfId(event.i) > OUTBOX_DAYS * 86_400_000) forget(event);
      else if (owner === site) {
        enqueue(event);
        // Last, because storage may be so full that there is no room for it.
        local.gp_lease = Date.now() as never;
      }
    }),
  );
};

/** Lets other tabs and the next page take what is left. */
export const releaseLease = (): void => {
  delete local.gp_lease;
};
