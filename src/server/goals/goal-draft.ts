/** What callers of the goal service pass: drafts and the policies of the API they come through. */
import { checkGoal, checkGoalPatch, checkGoalReplacement, type GoalContext } from '../../core/check-goal.ts';
import { COLLECTOR_TRIGGERS, type Goal, type GoalDefinition } from '../../core/goal.ts';
import { goalKeyFromName } from '../../core/goal-key.ts';
import { GOALS_PER_SITE } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { ruleNeedsRedacted } from '../../core/redact.ts';
import type { Site } from '../../core/site.ts';
import { goalRules } from './goal-patterns.ts';
import { goalDefinition } from './goal-rows.ts';
import type { Origin } from './site-service.ts';

/**
 * A goal as a request describes it, or a function that makes it from the site's goals. The function may be called
 * more than once and sees the goals under the lock the last time; a Problem it throws is the answer.
 */
export type GoalDraft = Record<string, unknown> | ((existing: readonly Goal[]) => Record<string, unknown>);

/** How a patch is made from the stored goal and the site's other goals; as with drafts, perhaps more than once. */
export type GoalPatch = Record<string, unknown> | ((goal: Goal, others: readonly Goal[]) => Record<string, unknown>);

/** The policies in which the APIs differ. */
export interface GoalPolicy {
  /** Refuse a name that another undeleted goal of the site has, with `duplicate_name`. Default false. */
  unique_name?: boolean;
  /** When a key made from the name is taken: append `_2`, `_3` … (default), or `duplicate_key`. */
  taken_key?: 'number' | 'refuse';
  /** A dialect's own limit, on the goals that it lists. The site's limit holds besides. */
  limit?: { goals: number; counts: (goal: Goal) => boolean };
  /** What a dialect permits beyond the native checks. */
  check?: Pick<GoalContext, 'freeCurrency'>;
}

/** Who writes, by which policies. */
export interface GoalWriteOptions extends Origin, GoalPolicy {}

/** Options of a change to a stored goal. */
export interface GoalUpdateOptions extends GoalWriteOptions {
  /** Versions one of which it must be, `any`: that there is a goal, or `none`. Anything else is `precondition_failed`. */
  if_match?: readonly number[] | 'any' | 'none';
}

/** A stored goal, with what its owner should be told. */
export interface GoalAnswer {
  goal: Goal;
  /** Sentences; empty mostly. */
  warnings: string[];
  /** Whether the write changed what the goal counts in a way that can be applied to the past. */
  retroactive: boolean;
}

/** Where a draft is read. */
export interface DraftContext {
  site: Site;
  /** The site's undeleted goals, without the one that is changed. */
  others: readonly Goal[];
  policy: GoalPolicy;
}

/** The key of a new goal that gave none. Throws `duplicate_key` where policy says so. */
function makeKey(name: string, number: number, { others, policy }: DraftContext): string {
  const taken = new Set(others.map((goal) => goal.key));
  const free = goalKeyFromName(name, { number, taken: (key) => policy.taken_key !== 'refuse' && taken.has(key) });
  if (taken.has(free)) throw new Problem('duplicate_key', `The key "${free}" is taken.`, { field: 'key' });
  return free;
}

/** What checking a goal of the site depends on. */
function checkContext({ site, policy }: DraftContext, keyFor: (name: string) => string): GoalContext {
  return { ...policy.check, siteCurrency: site.currency, makeKey: keyFor };
}

/** Reads a draft. Throws `invalid_field`. `number` is the goal's, for a name that makes no key. */
export function readDraft(draft: GoalDraft, number: number, context: DraftContext): GoalDefinition {
  const input = typeof draft === 'function' ? draft(context.others) : draft;
  return checkGoal(
    input,
    checkContext(context, (name) => makeKey(name, number, context)),
  );
}

/** Reads a patch over a stored goal, whose key stays unless the patch has another. Throws `invalid_field`. */
export function readPatch(goal: Goal, patch: GoalPatch, context: DraftContext): GoalDefinition {
  const input = typeof patch === 'function' ? patch(goal, context.others) : patch;
  return checkGoalPatch(
    goalDefinition(goal),
    input,
    checkContext(context, () => goal.key),
  );
}

/** Reads what takes a stored goal's place. Throws `invalid_field`. */
export function readReplacement(goal: Goal, input: Record<string, unknown>, context: DraftContext): GoalDefinition {
  return checkGoalReplacement(
    goalDefinition(goal),
    input,
    checkContext(context, () => goal.key),
  );
}

/** Throws `limit_reached` when one more goal would be too many. */
export function checkRoom({ others, policy }: DraftContext): void {
  const refuse = (goals: number): never => {
    throw new Problem('limit_reached', `The site has ${goals} goals, which is the most it may have.`);
  };
  if (others.length >= GOALS_PER_SITE) refuse(GOALS_PER_SITE);
  if (policy.limit && others.filter(policy.limit.counts).length >= policy.limit.goals) refuse(policy.limit.goals);
}

/** Throws `duplicate_key` and, where policy says so, `duplicate_name`. */
export function checkUnique(goal: GoalDefinition, { others, policy }: DraftContext): void {
  if (policy.unique_name && others.some((other) => other.name === goal.name)) {
    throw new Problem('duplicate_name', `A goal named "${goal.name.slice(0, 100)}" exists already.`, { field: 'name' });
  }
  if (others.some((other) => other.key === goal.key)) {
    throw new Problem('duplicate_key', `A goal with the key "${goal.key}" exists already.`, { field: 'key' });
  }
}

/** Whether the collector alone can decide for the past, and decides otherwise than `before`. */
export function isRetroactive(goal: Goal, before: Goal | undefined): boolean {
  if (!COLLECTOR_TRIGGERS.includes(goal.trigger.type)) return false;
  const counted = ({ trigger, value, where, properties, count }: Goal): string =>
    JSON.stringify([trigger, value, where, properties, count]);
  return before === undefined || counted(before) !== counted(goal);
}

/** The answer to a write; `before` is the goal it found, if any. */
export function goalAnswer(goal: Goal, site: Site, before?: Goal): GoalAnswer {
  return { goal, warnings: goalWarnings(goal, site), retroactive: isRetroactive(goal, before) };
}

/** What a goal that is legal may still miss. */
function goalWarnings(goal: GoalDefinition, site: Site): string[] {
  return goalRules(goal)
    .filter(({ rule }) => ruleNeedsRedacted(rule, site.redact))
    .map(({ field }) => `${field} needs a value that is removed from URLs for privacy; the rule may never match.`);
}
