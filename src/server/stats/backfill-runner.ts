/** Applies goals to the past: works through the jobs day by day, so that a restart goes on where it stopped. */
import { conversionKeyPrefix } from '../../core/conversion-key.ts';
import { FUTURE_TOLERANCE_MS } from '../../core/limits.ts';
import type { CompiledGoal } from '../../core/match-goal.ts';
import { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import type { BackfillJob, BackfillJobs } from '../goals/backfill-jobs.ts';
import type { SiteRegistry } from '../goals/site-registry.ts';
import type { BackfillGoal, EventStore } from '../store/event-store.ts';
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
  /** Hears of a job that failed and is given up; without a job, of jobs tried one by one then, or of none found. */
  onFailed: (error: unknown, job?: BackfillJob) => void;
  /** Hears of work that is tried again later, and why. */
  onPostponed: (error: unknown) => void;
}

/** A job with its goal and site, as the registry has them now. */
interface Task {
  job: BackfillJob;
  site: Site;
  compiled: CompiledGoal;
}

/** Which events a task looks at, in which way, from which day on: tasks alike in this share one pass. */
function passOf({ job, site, compiled }: Task): string {
  const { name, sees } = pastRules(compiled, site);
  return JSON.stringify([site.id, job.next_day_ms, name === undefined, sees, knowsPast(compiled.goal)]);
}

/** Tasks in groups that are worked on together, in the order of their first. */
function groupTasks(tasks: readonly Task[]): Task[][] {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    const pass = passOf(task);
    const group = groups.get(pass);
    if (group) group.push(task);
    else groups.set(pass, [task]);
  }
  return [...groups.values()];
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
      const jobs = await this.options.jobs.running();
      const now = this.options.now();
      const waiting = jobs.filter((job) => job.watermark_ms > now);
      if (waiting.length > 0) this.wakeIn(Math.min(...waiting.map((job) => job.watermark_ms)) - now);
      for (const group of groupTasks(this.tasksOf(jobs.filter((job) => job.watermark_ms <= now)))) {
        if (this.stopped) return;
        await this.runTasks(group);
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

  /** The jobs whose goals the registry knows. */
  private tasksOf(jobs: readonly BackfillJob[]): Task[] {
    const entries = [...this.options.registry.all()];
    return jobs.flatMap((job) => {
      for (const entry of entries) {
        const compiled = entry.goal(job.goal_id);
        if (compiled) return { job, site: entry.site, compiled };
      }
      return [];
    });
  }

  private async runTasks(tasks: readonly Task[]): Promise<void> {
    try {
      await this.options.fresh();
      const filled = knowsPast(tasks[0]!.compiled.goal) ? await this.fillDays(tasks) : tasks;
      await this.switchOver(filled);
    } catch (error) {
      // The engine is behind, which says nothing about the jobs: they go on from the day they had reached.
      if (error instanceof Problem && error.code === 'overloaded') {
        this.options.onPostponed(error);
        return this.wakeIn(RETRY_MS);
      }
      this.options.onFailed(error, tasks.length === 1 ? tasks[0]!.job : undefined);
      if (tasks.length === 1) await this.options.jobs.finish([tasks[0]!.job], 'failed');
      // One of them is at fault; alone, each shows whether it is the one.
      else for (const task of tasks) await this.runTasks([task]);
    }
  }

  /** Answers the tasks whose past is counted: none when it was stopped, without those replaced or widened meanwhile. */
  private async fillDays(tasks: readonly Task[]): Promise<readonly Task[]> {
    const { store, jobs } = this.options;
    const end_ms = Math.max(...tasks.map(({ job }) => job.until_ms)) + FUTURE_TOLERANCE_MS + 1;
    const { site, job } = tasks[0]!;
    const [first] = await store.query<{ ts: number | null }>(
      `SELECT min(ts) AS ts FROM events WHERE site = ${site.number}`,
      [],
    );
    if (first?.ts == null) return tasks;
    let left = tasks;
    for (let from_ms = Math.max(job.next_day_ms, first.ts); from_ms < end_ms && left.length > 0; ) {
      const to_ms = Math.min(end_ms, (Math.floor(from_ms / DAY_MS) + 1) * DAY_MS);
      if (!(await this.fillDay(left, { from_ms, to_ms }))) return [];
      const running = new Set(
        await jobs.advance(
          left.map((task) => task.job),
          to_ms,
        ),
      );
      left = left.filter((task) => running.has(task.job));
      from_ms = to_ms;
    }
    // What another job replaced, or must look further, is looked for anew.
    if (left.length < tasks.length) this.again = true;
    return left;
  }

  /** As many goals in one transaction as it can do, then the next, so that new events get in between. */
  private async fillDay(tasks: readonly Task[], day: { from_ms: number; to_ms: number }): Promise<boolean> {
    const site = tasks[0]!.site;
    const received_before_ms = Math.max(...tasks.map(({ job }) => job.watermark_ms));
    let goals = tasks.map(({ job, compiled }): BackfillGoal => {
      const { number: goal, version } = compiled.goal;
      const { generation } = job;
      const key_prefix = conversionKeyPrefix({ site: site.number, goal, generation });
      return { goal, generation, version, key_prefix, ...pastRules(compiled, site) };
    });
    while (goals.length > 0) {
      if (this.stopped) return false;
      const done = await this.options.store.backfill({ site: site.number, ...day, received_before_ms, goals });
      goals = goals.slice(done.goals);
    }
    return true;
  }

  /** Refunds move along before and after, so that none made in between is missing. A first generation has none before it. */
  private async switchOver(tasks: readonly Task[]): Promise<void> {
    const { store, jobs } = this.options;
    const later = tasks.filter(({ job }) => job.generation > 1);
    for (const { job, compiled } of later) await store.carryRefunds(compiled.goal.number, job.generation);
    const ended = new Set(
      await jobs.finish(
        tasks.map((task) => task.job),
        'done',
      ),
    );
    if (ended.size < tasks.length) this.again = true;
    for (const { job, compiled } of later.filter((task) => ended.has(task.job))) {
      await store.carryRefunds(compiled.goal.number, job.generation);
      await store.purgeGenerations(compiled.goal.number, job.generation);
    }
  }
}
