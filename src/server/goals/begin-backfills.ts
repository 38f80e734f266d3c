/** The beginning of jobs that apply goals to the past: part of the write that makes or changes the goals, or of none. */
import type { Selectable } from 'kysely';
import type { Goal } from '../../core/goal.ts';
import { type AuditEntry, recordAudits } from './audit-log.ts';
import type { BackfillJobTable } from './config-schema.ts';
import type { Write } from './config-store.ts';

/** Fill the goal's own generation, as for a goal that is new, or build the next one beside it. */
export type PastGeneration = 'current' | 'next';

/** A goal whose past is to be counted. */
export interface PastGoal {
  goal: Goal;
  generation: PastGeneration;
}

/** What to apply to the past, and what counts as the past. Times are ms since 1970 UTC. */
export interface PastRequest {
  goals: readonly PastGoal[];
  /** Event time at which the past begins. */
  from_ms: number;
  /**
   * Events received before this are the past. It must lie after the moment at which every collector knows of the job,
   * else what came between is counted by neither; what is counted by both has one key and counts once.
   */
  watermark_ms: number;
  origin: string;
}

/** What a goal service tells of its writes. */
export interface PastWriter {
  /** Part of the write: begins the jobs of its goals. */
  begin(write: Write, goals: readonly PastGoal[], origin: string): Promise<void>;
  /** The write is done. */
  begun(): void;
}

/** Rows of one statement; each binds a value a column. */
const ROWS_AT_ONCE = 500;

/** Begins a job for each goal; one of the same goal that runs is replaced. Touches their sites. */
export async function beginBackfills(write: Write, request: PastRequest): Promise<Selectable<BackfillJobTable>[]> {
  const { from_ms, watermark_ms } = request;
  const jobs: Selectable<BackfillJobTable>[] = [];
  for (let from = 0; from < request.goals.length; from += ROWS_AT_ONCE) {
    const goals = request.goals.slice(from, from + ROWS_AT_ONCE);
    const ids = goals.map(({ goal }) => goal.id);
    await write.tx
      .updateTable('backfill_jobs')
      .set({ state: 'replaced' })
      .where('goal_id', 'in', ids)
      .where('state', '=', 'running')
      .execute();
    const built = await builtGenerations(write, ids);
    const begun = goals.map(({ goal, generation }) => ({
      goal_id: goal.id,
      // One that no job ever built: the rows of one that failed or was replaced may still be there.
      generation: generation === 'current' ? goal.generation : Math.max(goal.generation, built.get(goal.id) ?? 0) + 1,
      watermark_ms,
      from_ms,
      next_day_ms: from_ms,
      until_ms: watermark_ms,
      state: 'running',
      started_at: write.at,
    }));
    await insertJobs(write, begun);
    jobs.push(...begun);
  }
  const entries = request.goals.map(({ goal }, index): AuditEntry => {
    write.touched.add(goal.site_id);
    const detail = { generation: jobs[index]!.generation };
    return { actor: request.origin, action: 'goal.backfill', site_id: goal.site_id, subject: goal.id, detail };
  });
  await recordAudits(write, entries);
  return jobs;
}

/** The highest generation that a job of each goal was for. */
async function builtGenerations({ tx }: Write, goalIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('backfill_jobs')
    .select(['goal_id', (eb) => eb.fn.max('generation').as('most')])
    .where('goal_id', 'in', goalIds)
    .groupBy('goal_id')
    .execute();
  return new Map(rows.map(({ goal_id, most }) => [goal_id, most]));
}

/** Adds jobs, over one of the same generation that was there. */
async function insertJobs({ tx }: Write, jobs: readonly Selectable<BackfillJobTable>[]): Promise<void> {
  await tx
    .insertInto('backfill_jobs')
    .values(jobs)
    .onConflict((conflict) =>
      conflict.columns(['goal_id', 'generation']).doUpdateSet((eb) => ({
        watermark_ms: eb.ref('excluded.watermark_ms'),
        from_ms: eb.ref('excluded.from_ms'),
        next_day_ms: eb.ref('excluded.next_day_ms'),
        until_ms: eb.ref('excluded.until_ms'),
        state: eb.ref('excluded.state'),
        started_at: eb.ref('excluded.started_at'),
      })),
    )
    .execute();
}
