/**
 * Bookkeeping of goals that are applied to the past. A job builds one generation of one goal: live events are counted
 * under it from the watermark on, the past is filled day by day, then the goal switches to it.
 */
import type { Selectable } from 'kysely';
import type { Goal } from '../../core/goal.ts';
import { recordAudit } from './audit-log.ts';
import type { BackfillJobTable } from './config-schema.ts';
import type { ConfigStore, Write } from './config-store.ts';
import { readGoal } from './goal-rows.ts';
import type { GoalAddress } from './goal-service.ts';
import { lockSite } from './site-rows.ts';
import type { Origin } from './site-service.ts';

/** How far a job is: at work; all of the past counted; given up; a newer job of the goal took its place. */
export type BackfillState = 'running' | 'done' | 'failed' | 'replaced';

/** One job. Times are ms since 1970 UTC. */
export interface BackfillJob extends Omit<Selectable<BackfillJobTable>, 'state'> {
  state: BackfillState;
}

/** What to apply to the past. */
export interface BackfillRequest {
  /** Fill the goal's own generation, as for a goal that is new, or build the next one beside it. */
  generation: 'current' | 'next';
  /** Event time at which the past begins. */
  from_ms: number;
  /**
   * Events received before this are the past. It must lie after the moment at which every collector knows of the job,
   * else what came between is counted by neither; what is counted by both has one key and counts once.
   */
  watermark_ms: number;
}

function jobFromRow(row: Selectable<BackfillJobTable>): BackfillJob {
  return { ...row, state: row.state as BackfillState };
}

/** Remembers how far each job is, so that a restart goes on where it stopped. */
export class BackfillJobs {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** Begins a job; one of the same goal that runs is replaced. Throws `unknown_site`, `unknown_goal`. */
  async start(
    { site: ref, goal: goalRef }: GoalAddress,
    request: BackfillRequest,
    { origin }: Origin,
  ): Promise<BackfillJob> {
    return this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const goal = await readGoal(write.tx, { siteId: site.id, ref: goalRef, deleted: 'no' });
      await this.#replaceRunning(write, goal.id);
      const job: BackfillJob = {
        goal_id: goal.id,
        generation: request.generation === 'current' ? goal.generation : await this.#nextGeneration(write, goal),
        watermark_ms: request.watermark_ms,
        from_ms: request.from_ms,
        next_day_ms: request.from_ms,
        until_ms: request.watermark_ms,
        state: 'running',
        started_at: write.at,
      };
      await write.tx
        .insertInto('backfill_jobs')
        .values(job)
        .onConflict((conflict) => conflict.columns(['goal_id', 'generation']).doUpdateSet(job))
        .execute();
      write.touched.add(site.id);
      const detail = { generation: job.generation };
      await recordAudit(write, { actor: origin, action: 'goal.backfill', site_id: site.id, subject: goal.id, detail });
      return job;
    });
  }

  /** Jobs to work on, the longest-waiting first, with their goals; those of deleted goals wait for a restoring. */
  async running(): Promise<BackfillJob[]> {
    const rows = await this.#store.db
      .selectFrom('backfill_jobs')
      .selectAll()
      .where('state', '=', 'running')
      .where('goal_id', 'in', (eb) => eb.selectFrom('goals').select('id').where('deleted_at', 'is', null))
      .orderBy('started_at')
      .orderBy('goal_id')
      .execute();
    return rows.map(jobFromRow);
  }

  /** Jobs of a goal, newest first. */
  async of(goalId: string): Promise<BackfillJob[]> {
    const rows = await this.#store.db
      .selectFrom('backfill_jobs')
      .selectAll()
      .where('goal_id', '=', goalId)
      .orderBy('generation', 'desc')
      .execute();
    return rows.map(jobFromRow);
  }

  /** Notes that everything before `next_day_ms` is counted. Answers whether the job still runs. */
  async advance({ goal_id, generation }: BackfillJob, next_day_ms: number): Promise<boolean> {
    return this.#store.write(async ({ tx }) => {
      const changed = await tx
        .updateTable('backfill_jobs')
        .set({ next_day_ms })
        .where('goal_id', '=', goal_id)
        .where('generation', '=', generation)
        .where('state', '=', 'running')
        .executeTakeFirst();
      return changed.numUpdatedRows === 1n;
    });
  }

  /** Ends a job. `done` switches the goal to its generation, in one row. Answers whether the job still ran. */
  async finish({ goal_id, generation }: BackfillJob, state: 'done' | 'failed'): Promise<boolean> {
    return this.#store.write(async (write) => {
      const { tx, touched } = write;
      const ended = await tx
        .updateTable('backfill_jobs')
        .set({ state })
        .where('goal_id', '=', goal_id)
        .where('generation', '=', generation)
        .where('state', '=', 'running')
        .executeTakeFirst();
      if (ended.numUpdatedRows !== 1n) return false;
      if (state === 'done') await tx.updateTable('goals').set({ generation }).where('id', '=', goal_id).execute();
      const goal = tx.selectFrom('goals').select('site_id').where('id', '=', goal_id);
      const { site_id } = await goal.executeTakeFirstOrThrow();
      touched.add(site_id);
      return true;
    });
  }

  async #replaceRunning({ tx }: Write, goalId: string): Promise<void> {
    await tx
      .updateTable('backfill_jobs')
      .set({ state: 'replaced' })
      .where('goal_id', '=', goalId)
      .where('state', '=', 'running')
      .execute();
  }

  /** One that no job ever built: the rows of one that failed or was replaced may still be there. */
  async #nextGeneration({ tx }: Write, goal: Goal): Promise<number> {
    const { most } = await tx
      .selectFrom('backfill_jobs')
      .select((eb) => eb.fn.max('generation').as('most'))
      .where('goal_id', '=', goal.id)
      .executeTakeFirstOrThrow();
    return Math.max(goal.generation, most ?? 0) + 1;
  }
}
