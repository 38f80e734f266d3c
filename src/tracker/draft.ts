/** Events on their way from an observer to the wire. */
import type { BeaconEvent } from '../core/beacon.ts';
import type { PlanGoal } from '../core/plan.ts';

/** What an observer knows of an event; the rest is added when it is recorded. `ac` marks a user action. */
export type Draft = Partial<BeaconEvent> & { n: string };

/**
 * Something an observer saw: the event it may become; the goals it may concern, of the plan in force; and whether a
 * goal's trigger is met, or by which element (which throws when the browser rejects the goal's selector).
 */
export type Signal = [event: Draft, candidates: () => PlanGoal[], test: (goal: PlanGoal) => unknown];
