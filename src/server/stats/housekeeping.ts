/** What a server does by itself with what is stored: goals applied to the past, retention. One process does it. */
import type { BackfillJob } from '../goals/backfill-jobs.ts';
import type { GoalAddress } from '../goals/goal-service.ts';
import type { Origin } from '../goals/site-service.ts';
import { type BackfillOptions, BackfillRunner } from './backfill-runner.ts';
import { applyRetention, type RetentionReport } from './retention.ts';

/** How often retention runs, ms; days are kept to within this. */
const RETENTION_EVERY_MS = 6 * 3_600_000;
/** From a job's making to its watermark, ms: longer than a registry of another process needs to hear of it. */
const HEARD_MS = 6_000;

/** What housekeeping works with. */
export interface HousekeepingOptions extends BackfillOptions {
  onRetention: (report: RetentionReport) => void;
}

export class Housekeeping {
  private readonly options: HousekeepingOptions;
  private readonly runner: BackfillRunner;
  private timer: NodeJS.Timeout | undefined;
  private retaining: Promise<void> = Promise.resolve();

  constructor(options: HousekeepingOptions) {
    this.options = options;
    this.runner = new BackfillRunner(options);
  }

  /** Goes on with unfinished jobs, and applies retention now and then again and again. */
  start(): void {
    this.wake();
    const retain = () => {
      this.retaining = this.retain().catch((error) => this.options.onFailed(error));
    };
    retain();
    this.timer = setInterval(retain, RETENTION_EVERY_MS);
    this.timer.unref();
  }

  /**
   * Applies a goal to the past: a new goal in its own generation, one whose matching was changed in the next.
   * Throws `unknown_site`, `unknown_goal`. The work goes on after it answered; `BackfillJobs.of` tells how far it is.
   */
  async applyToPast(address: GoalAddress, generation: 'current' | 'next', origin: Origin): Promise<BackfillJob> {
    const { jobs, now } = this.options;
    const job = await jobs.start(address, { generation, from_ms: 0, watermark_ms: now() + HEARD_MS }, origin);
    this.wake();
    return job;
  }

  /** Ends between two days of a job. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.runner.stop(), this.retaining]);
  }

  private wake(): void {
    this.runner.wake().catch((error) => this.options.onFailed(error));
  }

  private async retain(): Promise<void> {
    const { store, registry, now, onRetention } = this.options;
    const sites = [...registry.all()].map((entry) => entry.site);
    onRetention(await applyRetention(store, sites, now()));
  }
}
