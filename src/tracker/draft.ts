/** Events on their way from an observer to the wire. */
import type { BeaconEvent } from '../core/beacon.ts';
import type { PlanGoal } from '../core/plan.ts';

/**
 * What an observer knows of an event; the rest is added when it is recorded. `ac` marks a user action until it
 * has its id. Events that concern no goal and are not sent get none.
 */
export type Draft = { [member in keyof BeaconEvent]?: BeaconEvent[member] | undefined } & {
  n: string;
  i?: string;
};

/** A draft with its id; ready to be sent but for its age. */
export type Seen = Draft & { i: string };

/**
 * Something an observer saw: the event it may become; whether a goal's trigger is met, or by which element (which
 * throws when the browser rejects the goal's selector); and the keys of the goals it may concern.
 */
export type Signal = [event: Draft, test: (goal: PlanGoal) => unknown, keys: readonly string[]];
