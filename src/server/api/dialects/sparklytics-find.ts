/** Which goals Sparklytics lists, and finding one of them. */
import type { Goal } from '../../../core/goal.ts';
import { Problem } from '../../../core/problem.ts';
import { type LooseCall, siteOfCall } from './dialect-request.ts';
import { writeSparklyticsGoal } from './sparklytics-goal.ts';

/** Whether Sparklytics can show a goal without loss. */
export const isListed = (goal: Goal) => writeSparklyticsGoal(goal, '') !== undefined;

/** A listed goal of the call's site by its id. Throws `unknown_goal`. */
export async function findListed(call: LooseCall, id: string): Promise<Goal> {
  const goal = await call.backend.goals.get({ site: siteOfCall(call).id, goal: id });
  if (goal.id !== id || !isListed(goal)) throw new Problem('unknown_goal', 'Goal not found');
  return goal;
}
