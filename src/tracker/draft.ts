/** Events on their way from an observer to the wire. */
import type { BeaconEvent } from '../core/beacon.ts';
import type { PlanGoal } from '../core/plan.ts';

/** What an observer knows of an event; the rest is added when it is recorded. `ac` marks a user action. */
export type Draft = Partial<BeaconEvent> & { n: string };

/** Something an observer saw, kept until it has met the goals. */
export interface Signal {
  event: Draft;
  /** The goals it may concern, of the plan in force. */
  candidates: () => PlanGoal[];
  /** Whether the goal's trigger is met, or by which element. Throws when the browser rejects a selector. */
  test: (goal: PlanGoal) => unknown;
}
