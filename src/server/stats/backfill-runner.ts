/** Applies goals to the past: works through the jobs day by day, so that a restart goes on where it stopped. */
import { conversionKeyPrefix } from '../../core/conversion-key.ts';
import { FUTURE_TOLERANCE_MS } from '../../core/limits.ts';
import type { CompiledGoal } from '../../core/match-goal.ts';
import { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import type { BackfillJob, BackfillJobs } from '../goals/backfill-jobs.ts';
import type { SiteRegistry } from '../goals/site-registry.ts';
import type { EventStore } from '../store/event-store.ts';
import { knowsPast, pastRules } from './judge-past.ts';

const DAY_MS = 86_400_000;
const RETRY_MS = 10_000;

/** What a runner works with. */
export interface BackfillOptions {
  jobs: BackfillJobs;
  registry: SiteRegistry;
  store: EventStore;
  now: () => number;
  /** Resolves when everything acknowledged so far is in the store. */
  fresh: () => Promise<void>;
  /** Hears of a job that failed and is given up; without a job, of a failure to look for jobs. */
  onFailed: (error: unknown, job?: BackfillJob) => void;
}

/** A job's goal with its site, as the registry has them now. */
interface Target {
  site: Site;
  compiled: CompiledGoal;
}

export class BackfillRunner {
  private readonly options: BackfillOptions;
  private working: Promise<void> | undefined;
  private again = false;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: BackfillOptions) {
    this.options = options;
  }

  /** Works through the jobs there are. Called at start, when a job was made, and by itself when a watermark has passed. */
  wake(): Promise<void> {
    this.again = true;
    this.working ??= this.work().finally(() => {
      this.working = undefined;
    });
    return this.working;
  }

  /** Ends after the day being worked on. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
  }

  private async work(): Promise<void> {
    while (this.again && !this.stopped) {
      this.again = false;
      for (const job of await this.options.jobs.running()) {
        if (this.stopped) return;
        const wait_ms = job.watermark_ms - this.options.now();
        if (wait_ms > 0) this.wakeIn(wait_ms);
        else await this.runJob(job);
      }
    }
  }

  /** Up to the watermark, live events may still be counted without the new generation. */
  private wakeIn(wait_ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.wake().catch((error) => this.options.onFailed(error));
    }, wait_ms);
    this.timer.unref();
  }

  private find(goalId: string): Target | undefined {
    for (const entry of this.options.registry.all()) {
      const compiled = entry.goal(goalId);
      if (compiled) return { site: entry.site, compiled };
    }
    return undefined;
  }

  private async runJob(job: BackfillJob): Promise<void> {
    const target = this.find(job.goal_id);
    if (!target) return;
    try {
      await this.options.fresh();
      if (knowsPast(target.compiled.goal) && !(await this.fillDays(job, target))) return;
      await this.switchOver(job, target.compiled.goal.number);
    } catch (error) {
      this.options.onFailed(error, job);
      // The engine is behind, which says nothing about the job: it goes on from the day it had reached.
      if (error instanceof Problem && error.code === 'overloaded') return this.wakeIn(RETRY_MS);
      await this.options.jobs.finish(job, 'failed');
    }
  }

  /** Answers false when it was stopped, or another job took its place. */
  private async fillDays(job: BackfillJob, { site, compiled }: Target): Promise<boolean> {
    const { store, jobs } = this.options;
    const end_ms = job.until_ms + FUTURE_TOLERANCE_MS + 1;
    const { number, version } = compiled.goal;
    const owner = { site: site.number, goal: number, generation: job.generation };
    const [first] = await store.query<{ ts: number | null }>(
      `SELECT min(ts) AS ts FROM events WHERE site = ${site.number}`,
      [],
    );
    if (first?.ts == null) return true;
    for (let from_ms = Math.max(job.next_day_ms, first.ts); from_ms < end_ms; ) {
      const to_ms = Math.min(end_ms, (Math.floor(from_ms / DAY_MS) + 1) * DAY_MS);
      await store.backfill({
        ...owner,
        ...pastRules(compiled, site),
        version,
        from_ms,
        to_ms,
        received_before_ms: job.watermark_ms,
        key_prefix: conversionKeyPrefix(owner),
      });
      if (!(await jobs.advance(job, to_ms)) || this.stopped) return false;
      from_ms = to_ms;
    }
    return true;
  }

  /** Refunds move along before and after, so that none made in between is missing. */
  private async switchOver(job: BackfillJob, goal: number): Promise<void> {
    const { store, jobs } = this.options;
    await store.carryRefunds(goal, job.generation);
    if (!(await jobs.finish(job, 'done'))) return;
    await store.carryRefunds(goal, job.generation);
    await store.purgeGenerations(goal, job.generation);
  }
}
