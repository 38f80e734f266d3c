/** How goals change inside a transaction: every change a version, every version a revision of the site. */

import type { Insertable } from 'kysely';
import type { Goal, GoalDefinition } from '../../core/goal.ts';
import { Problem } from '../../core/problem.ts';
import { type AuditEntry, recordAudits } from './audit-log.ts';
import type { PastGoal } from './begin-backfills.ts';
import type { GoalTable, GoalVersionTable } from './config-schema.ts';
import { nextNumber, type Write } from './config-store.ts';
import {
  checkRoom,
  checkUnique,
  type DraftContext,
  type GoalDraft,
  type GoalUpdateOptions,
  isRetroactive,
  readDraft,
} from './goal-draft.ts';
import { type Judgements, mapRules, markSlow } from './goal-patterns.ts';
import { goalDefinition } from './goal-rows.ts';
import { newId } from './random-text.ts';
import { raiseRevision } from './site-rows.ts';
import { checkGroup } from './url-group-rows.ts';

/** What a change of goals is done with. */
export interface GoalWrite extends DraftContext {
  write: Write;
  judgements: Judgements;
  origin: string;
  /** Keys of the site's URL groups. */
  groups: ReadonlySet<string>;
  /** The revision that this write begins, once it has changed something. */
  revision: number | undefined;
  /** Goals that this write made or changed so that their past is to be counted anew. */
  past: PastGoal[];
  /** Rows that are written together when all is decided: many goals would take a statement each of every table. */
  rows: { goals: Insertable<GoalTable>[]; versions: Insertable<GoalVersionTable>[]; audit: AuditEntry[] };
}

/** Rows of one statement. */
const ROWS_AT_ONCE = 500;

/** Writes what has gathered in `rows`. */
export async function writeRows({ write, rows }: GoalWrite): Promise<void> {
  for (let from = 0; from < rows.goals.length; from += ROWS_AT_ONCE) {
    const some = rows.goals.slice(from, from + ROWS_AT_ONCE);
    await write.tx.insertInto('goals').values(some).execute();
  }
  for (let from = 0; from < rows.versions.length; from += ROWS_AT_ONCE) {
    const some = rows.versions.slice(from, from + ROWS_AT_ONCE);
    await write.tx.insertInto('goal_versions').values(some).execute();
  }
  await recordAudits(write, rows.audit);
}

/** One change of one goal. */
interface GoalChange {
  goal: Goal;
  /** What it was; undefined for one that was not there, or not counted. */
  before: Goal | undefined;
  action: 'create' | 'update' | 'remove' | 'restore';
}

/** The definition as it is stored: patterns judged, groups known. Throws `invalid_field`, `conflict`. */
function complete(definition: GoalDefinition, { judgements, groups }: GoalWrite): GoalDefinition {
  return mapRules(definition, (rule, field) => {
    checkGroup(rule, groups, field);
    return markSlow(rule, judgements);
  });
}

/** Notes the version and the audit entry of a change. */
async function recordChange(context: GoalWrite, { goal, before, action }: GoalChange): Promise<void> {
  const { write, origin, site, rows } = context;
  context.revision ??= await raiseRevision(write, site.id);
  // While it was deleted nothing was counted; the past makes up for that.
  if (action !== 'remove' && isRetroactive(goal, before)) {
    context.past.push({ goal, generation: action === 'create' ? 'current' : 'next' });
  }
  rows.versions.push({
    goal_id: goal.id,
    version: goal.version,
    site_id: site.id,
    revision: context.revision,
    definition: JSON.stringify(goalDefinition(goal)),
    deleted: action === 'remove' ? 1 : 0,
    actor: origin,
    at: write.at,
  });
  const detail = { key: goal.key, version: goal.version };
  rows.audit.push({ actor: origin, action: `goal.${action}`, site_id: site.id, subject: goal.id, detail });
}

/** Adds a goal. Throws `invalid_field`, `limit_reached`, `duplicate_key`, `duplicate_name`. */
export async function insertGoal(context: GoalWrite, draft: GoalDraft): Promise<Goal> {
  const { tx, at } = context.write;
  const number = await nextNumber(tx, 'goal');
  const definition = complete(readDraft(draft, number, context), context);
  checkRoom(context);
  checkUnique(definition, context);
  const columns = {
    id: newId('goal'),
    number,
    site_id: context.site.id,
    version: 1,
    generation: 1,
    created_at: at,
    updated_at: at,
    deleted_at: null,
  };
  const goal: Goal = { ...definition, ...columns };
  context.rows.goals.push({ ...columns, key: goal.key, definition: JSON.stringify(definition) });
  await recordChange(context, { goal, before: undefined, action: 'create' });
  return goal;
}

/** Replaces a goal's definition; one that is equal makes no version. Throws as `insertGoal`, without the limit. */
export async function rewriteGoal(context: GoalWrite, goal: Goal, wanted: GoalDefinition): Promise<Goal> {
  const { tx, at } = context.write;
  const definition = complete(wanted, context);
  checkUnique(definition, context);
  const text = JSON.stringify(definition);
  if (text === JSON.stringify(goalDefinition(goal))) return goal;
  const changed: Goal = { ...goal, ...definition, version: goal.version + 1, updated_at: at };
  await tx
    .updateTable('goals')
    .set({ key: changed.key, definition: text, version: changed.version, updated_at: at })
    .where('id', '=', goal.id)
    .execute();
  await recordChange(context, { goal: changed, before: goal, action: 'update' });
  return changed;
}

/** Deletes or undeletes a goal. Restoring throws `limit_reached`, `duplicate_key`, `duplicate_name`. */
export async function setDeleted(context: GoalWrite, goal: Goal, action: 'remove' | 'restore'): Promise<Goal> {
  const { tx, at } = context.write;
  if (action === 'restore') {
    checkRoom(context);
    checkUnique(goal, context);
  }
  const deleted_at = action === 'remove' ? at : null;
  const changed: Goal = { ...goal, version: goal.version + 1, updated_at: at, deleted_at };
  await tx
    .updateTable('goals')
    .set({ version: changed.version, updated_at: at, deleted_at })
    .where('id', '=', goal.id)
    .execute();
  await recordChange(context, { goal: changed, before: undefined, action });
  return changed;
}

/** Throws `precondition_failed` when the goal, if it is there, is at none of the versions the caller read. */
export function checkVersion(goal: Goal | undefined, ifMatch: GoalUpdateOptions['if_match']): void {
  if (ifMatch === undefined || (ifMatch === 'none' && goal === undefined)) return;
  if (ifMatch === 'none') throw new Problem('precondition_failed', 'There is such a goal already.');
  if (goal === undefined) throw new Problem('precondition_failed', 'There is no such goal yet.');
  if (ifMatch !== 'any' && !ifMatch.includes(goal.version)) {
    throw new Problem('precondition_failed', `The goal is at version ${goal.version}, not ${ifMatch.join(' or ')}.`);
  }
}

/** The site as `others` of one of its goals see it. */
export function without(goals: readonly Goal[], goal: Goal): Goal[] {
  return goals.filter((other) => other.id !== goal.id);
}
