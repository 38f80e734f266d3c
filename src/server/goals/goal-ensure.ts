/** Many goals at once, made or found, all or none. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Goal } from '../../core/goal.ts';
import { Problem } from '../../core/problem.ts';
import { type GoalAnswer, type GoalDraft, goalAnswer } from './goal-draft.ts';
import { type GoalWrite, insertGoal } from './goal-writing.ts';

/** Goals made between two turns of the event loop: a database that answers at once gives nobody else one. */
const MADE_AT_ONCE = 10;

/** A goal that must exist. */
export interface WantedGoal {
  /** Picks it out of the site's undeleted goals; a Problem it throws is the answer. */
  find: (existing: readonly Goal[]) => Goal | undefined;
  /** What to make when it is not there. */
  draft: GoalDraft;
  /** Where the draft stands in the request; begins the field of a Problem, e.g. `goals.3`. */
  place?: string;
}

/** A goal that exists now. */
export interface EnsuredGoal extends GoalAnswer {
  created: boolean;
}

/** The error with the place of its draft in the request. */
export function placed(error: unknown, place: string | undefined): unknown {
  if (place === undefined || !(error instanceof Problem)) return error;
  const field = error.field === undefined ? place : `${place}.${error.field}`;
  return new Problem(error.code, error.message, { field, cause: error });
}

/** Finds or makes each in turn; one sees those made before it. */
export async function ensureAll(context: GoalWrite, wanted: readonly WantedGoal[]): Promise<EnsuredGoal[]> {
  const answers: EnsuredGoal[] = [];
  for (const [index, { find, draft, place }] of wanted.entries()) {
    if (index % MADE_AT_ONCE === MADE_AT_ONCE - 1) await turn();
    try {
      const found = find(context.others);
      const goal = found ?? (await insertGoal(context, draft));
      if (found === undefined) context.others = [goal, ...context.others];
      answers.push({ ...goalAnswer(goal, context.site, found), created: found === undefined });
    } catch (error) {
      throw placed(error, place);
    }
  }
  return answers;
}
