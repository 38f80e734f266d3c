/**
 * Bookkeeping of goals that are applied to the past. A job builds one generation of one goal: live events are counted
 * under it from the watermark on, the past is filled day by day, then the goal switches to it.
 */
import type { Selectable } from 'kysely';
import { beginBackfills, type PastGeneration, type PastRequest } from './begin-backfills.ts';
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

/** What to apply to the past, of one goal. */
export interface BackfillRequest extends Pick<PastRequest, 'from_ms' | 'watermark_ms'> {
  generation: PastGeneration;
}

/** Jobs named in one statement. */
const JOBS_AT_ONCE = 500;

function jobFromRow(row: Selectable<BackfillJobTable>): BackfillJob {
  return { ...row, state: row.state as BackfillState };
}

/** Remembers how far each job is, so that a restart goes on where it stopped. */
export class BackfillJobs {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** Begins a job in a write of its own; one of the same goal that runs is replaced. Throws `unknown_site`, `unknown_goal`. */
  async start(
    { site: ref, goal: goalRef }: GoalAddress,
    { generation, ...past }: BackfillRequest,
    { origin }: Origin,
  ): Promise<BackfillJob> {
    return this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const goal = await readGoal(write.tx, { siteId: site.id, ref: goalRef, deleted: 'no' });
      const [job] = await beginBackfills(write, { ...past, goals: [{ goal, generation }], origin });
      return jobFromRow(job!);
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

  /** Jobs whose watermark lies after a time and whose generation counts, or will: others need no past any more. */
  async begunAfter(watermark_ms: number): Promise<BackfillJob[]> {
    const rows = await this.#store.db
      .selectFrom('backfill_jobs')
      .selectAll()
      .where('watermark_ms', '>', watermark_ms)
      .where('state', 'in', ['running', 'done'])
      .execute();
    return rows.map(jobFromRow);
  }

  /**
   * Has jobs look at a stretch of the past again, those that are done as well: what was received until then has come to
   * light late. Whoever works on one notices that it has another watermark, and leaves it.
   */
  async widen(
    jobs: readonly BackfillJob[],
    { from_ms, until_ms }: { from_ms: number; until_ms: number },
  ): Promise<void> {
    await this.#store.write(async ({ tx, touched }) => {
      for (const { goal_id, generation, started_at } of jobs) {
        const sites = tx.selectFrom('goals').select('site_id').where('id', '=', goal_id);
        const { numUpdatedRows } = await tx
          .updateTable('backfill_jobs')
          .set((eb) => ({
            state: 'running',
            next_day_ms: eb.case().when('next_day_ms', '<', from_ms).then(eb.ref('next_day_ms')).else(from_ms).end(),
            until_ms: eb.case().when('until_ms', '<', until_ms).then(until_ms).else(eb.ref('until_ms')).end(),
            watermark_ms: eb
              .case()
              .when('watermark_ms', '<', until_ms)
              .then(until_ms)
              .else(eb('watermark_ms', '+', 1))
              .end(),
          }))
          .where('goal_id', '=', goal_id)
          .where('generation', '=', generation)
          .where('started_at', '=', started_at)
          .where((eb) =>
            eb.or([
              eb('state', '=', 'running'),
              // Done, and still what statistics read.
              eb.and([
                eb('state', '=', 'done'),
                eb('generation', '=', tx.selectFrom('goals').select('generation').where('id', '=', goal_id)),
              ]),
            ]),
          )
          .executeTakeFirst();
        if (numUpdatedRows > 0n) for (const { site_id } of await sites.execute()) touched.add(site_id);
      }
    });
  }

  /** Notes that everything before `next_day_ms` is counted. Answers the jobs that still run. */
  async advance(jobs: readonly BackfillJob[], next_day_ms: number): Promise<BackfillJob[]> {
    return this.#store.write((write) => this.#change(write, jobs, { next_day_ms }));
  }

  /** Ends jobs together. `done` switches each goal to its generation. Answers the jobs that still ran. */
  async finish(jobs: readonly BackfillJob[], state: 'done' | 'failed'): Promise<BackfillJob[]> {
    return this.#store.write(async (write) => {
      const ended = await this.#change(write, jobs, { state });
      for (const { generation, goalIds } of alike(ended)) {
        for (let from = 0; from < goalIds.length; from += JOBS_AT_ONCE) {
          const ids = goalIds.slice(from, from + JOBS_AT_ONCE);
          const { tx } = write;
          const goals = tx.updateTable('goals').set({ generation }).where('id', 'in', ids);
          // One that was looked at again may end after the next.
          if (state === 'done') await goals.where('generation', '<', generation).execute();
          const sites = tx.selectFrom('goals').select('site_id').distinct().where('id', 'in', ids);
          for (const { site_id } of await sites.execute()) write.touched.add(site_id);
        }
      }
      return ended;
    });
  }

  /** Changes those of the jobs that run, and were not widened since they were read. */
  async #change(
    { tx }: Write,
    jobs: readonly BackfillJob[],
    change: { next_day_ms: number } | { state: string },
  ): Promise<BackfillJob[]> {
    const running = new Set<string>();
    for (const { generation, watermark_ms, goalIds } of alike(jobs)) {
      for (let from = 0; from < goalIds.length; from += JOBS_AT_ONCE) {
        const rows = await tx
          .updateTable('backfill_jobs')
          .set(change)
          .where('generation', '=', generation)
          .where('watermark_ms', '=', watermark_ms)
          .where('goal_id', 'in', goalIds.slice(from, from + JOBS_AT_ONCE))
          .where('state', '=', 'running')
          .returning('goal_id')
          .execute();
        for (const { goal_id } of rows) running.add(`${goal_id} ${generation}`);
      }
    }
    return jobs.filter(({ goal_id, generation }) => running.has(`${goal_id} ${generation}`));
  }
}

/** Jobs that one statement can name. */
interface Alike extends Pick<BackfillJob, 'generation' | 'watermark_ms'> {
  goalIds: string[];
}

/** Goals of the jobs by generation and watermark: those that one write began, or nearly all, have the same. */
function alike(jobs: readonly BackfillJob[]): Iterable<Alike> {
  const groups = new Map<string, Alike>();
  for (const { goal_id, generation, watermark_ms } of jobs) {
    const group = groups.get(`${generation} ${watermark_ms}`);
    if (group) group.goalIds.push(goal_id);
    else groups.set(`${generation} ${watermark_ms}`, { generation, watermark_ms, goalIds: [goal_id] });
  }
  return groups.values();
}
