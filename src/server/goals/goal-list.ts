/** Reading goals: pages, filters and versions. */
import { type Goal, type GoalDefinition, TRIGGER_TYPES, type TriggerType } from '../../core/goal.ts';
import { Problem } from '../../core/problem.ts';
import { type NamesFor, withActorNames } from './actor-names.ts';
import type { ConfigStore } from './config-store.ts';
import { readCursor } from './cursor.ts';

const PAGE_GOALS = 100;
const PAGE_GOALS_MOST = 1_000;

/** Which goals of a site. */
export interface GoalPageQuery {
  /** From the answer's `next`. */
  cursor?: string;
  /** 1-1000, default 100. */
  limit?: number;
  trigger?: string;
  /** Part of the name, key or description, whatever its case. */
  text?: string;
  /** Those that were deleted instead. */
  deleted?: boolean;
}

/** Some goals, and where the rest begins. */
export interface GoalPage {
  goals: Goal[];
  next: string | null;
}

/** One version of a goal. */
export interface GoalVersion {
  version: number;
  /** The site's revision that began with it. */
  revision: number;
  goal: GoalDefinition;
  /** Whether this version is the deletion. */
  deleted: boolean;
  /** Who made it, and what people call them. */
  actor: string;
  actor_name: string;
  /** ms since 1970 UTC. */
  at: number;
}

/** A page of `goals`, which come newest first: a goal made meanwhile moves nothing. Throws `invalid_parameter`. */
export function pageOfGoals(goals: readonly Goal[], query: GoalPageQuery): GoalPage {
  const { limit = PAGE_GOALS, trigger, text = '' } = query;
  if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_GOALS_MOST) {
    throw new Problem('invalid_parameter', `limit is a whole number from 1 to ${PAGE_GOALS_MOST}.`, { field: 'limit' });
  }
  if (trigger !== undefined && !TRIGGER_TYPES.includes(trigger as TriggerType)) {
    throw new Problem('invalid_parameter', `trigger is one of ${TRIGGER_TYPES.join(', ')}.`, { field: 'trigger' });
  }
  const before = readCursor(query.cursor);
  const part = text.trim().toLowerCase();
  const found = goals.filter(
    (goal) =>
      goal.number < before &&
      (trigger === undefined || goal.trigger.type === trigger) &&
      [goal.name, goal.key, goal.description].some((subject) => subject.toLowerCase().includes(part)),
  );
  const page = found.slice(0, limit);
  return { goals: page, next: found.length > limit ? String(page.at(-1)?.number) : null };
}

/** Newest first. */
export async function readVersions(db: ConfigStore['db'], goalId: string, reader: NamesFor): Promise<GoalVersion[]> {
  const rows = await db
    .selectFrom('goal_versions')
    .selectAll()
    .where('goal_id', '=', goalId)
    .orderBy('version', 'desc')
    .execute();
  const versions = rows.map(({ version, revision, definition, deleted, actor, at }) => ({
    version,
    revision,
    goal: JSON.parse(definition) as GoalDefinition,
    deleted: deleted === 1,
    actor,
    at,
  }));
  return withActorNames(db, versions, reader);
}
