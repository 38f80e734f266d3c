/** Goals as the store keeps them. */
import type { Selectable } from 'kysely';
import type { Goal, GoalDefinition } from '../../core/goal.ts';
import { Problem } from '../../core/problem.ts';
import type { GoalTable } from './config-schema.ts';
import type { ConfigStore, Write } from './config-store.ts';

/** How a request names a goal: `goal_…`, or its number where a dialect has integer ids. */
export type GoalRef = string | number;

/** A goal as the rest of the server knows it. */
export function goalFromRow(row: Selectable<GoalTable>): Goal {
  const { definition, ...columns } = row;
  return { ...(JSON.parse(definition) as GoalDefinition), ...columns };
}

/** What the owner decided, without what the store added. */
export function goalDefinition(goal: Goal): GoalDefinition {
  const { key, name, active, trigger, value, where, properties, count, purpose, description, foreign } = goal;
  return { key, name, active, trigger, value, where, properties, count, purpose, description, foreign };
}

/** The site's undeleted goals, newest first. */
export function readGoals(db: ConfigStore['db'] | Write['tx'], siteId: string): Promise<Goal[]> {
  return goalsThat(db, siteId, 'is');
}

/** The site's deleted goals, newest first. */
export function readDeletedGoals(db: ConfigStore['db'], siteId: string): Promise<Goal[]> {
  return goalsThat(db, siteId, 'is not');
}

async function goalsThat(db: ConfigStore['db'] | Write['tx'], siteId: string, kept: 'is' | 'is not'): Promise<Goal[]> {
  const rows = await db
    .selectFrom('goals')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('deleted_at', kept, null)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(goalFromRow);
}

/** Which goal of which site, and whether a deleted one will do. */
export interface GoalQuery {
  siteId: string;
  ref: GoalRef;
  deleted: 'no' | 'too';
}

/** Throws `unknown_goal`. */
export async function readGoal(db: ConfigStore['db'] | Write['tx'], query: GoalQuery): Promise<Goal> {
  const { siteId, ref, deleted } = query;
  const named = db.selectFrom('goals').selectAll().where('site_id', '=', siteId);
  // A number beyond 2^53 is nobody's, and PostgreSQL would refuse to compare it.
  const known = typeof ref === 'string' || Number.isSafeInteger(ref);
  const row = known
    ? await (typeof ref === 'number' ? named.where('number', '=', ref) : named.where('id', '=', ref)).executeTakeFirst()
    : undefined;
  if (row === undefined || (deleted === 'no' && row.deleted_at !== null)) {
    throw new Problem('unknown_goal', `This site has no goal "${String(ref).slice(0, 100)}".`);
  }
  return goalFromRow(row);
}
