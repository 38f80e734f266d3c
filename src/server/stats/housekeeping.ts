/** What a server does by itself with what is stored: goals applied to the past, retention. One process does it. */
import { beginBackfills, type PastWriter } from '../goals/begin-backfills.ts';
import { type BackfillOptions, BackfillRunner } from './backfill-runner.ts';
import { applyRetention, type RetentionReport } from './retention.ts';

/** How often retention runs, ms; days are kept to within this. */
const RETENTION_EVERY_MS = 6 * 3_600_000;
/** Retention that failed, as while the store is away, is tried again after this, ms. */
const RETRY_MS = 60_000;
/** From a job's making to its watermark, ms: longer than a registry of another process needs to hear of it. */
const HEARD_MS = 6_000;

/** What housekeeping works with. */
export interface HousekeepingOptions extends BackfillOptions {
  onRetention: (report: RetentionReport) => void;
}

export class Housekeeping {
  private readonly options: HousekeepingOptions;
  private readonly runner: BackfillRunner;
  /** Applies new goals to the past in their own generation, changed ones in the next; the work goes on after the write. */
  readonly past: PastWriter;
  private timer: NodeJS.Timeout | undefined;
  private retry: NodeJS.Timeout | undefined;
  private retaining: Promise<void> = Promise.resolve();

  constructor(options: HousekeepingOptions) {
    this.options = options;
    this.runner = new BackfillRunner(options);
    this.past = {
      async begin(write, goals, origin) {
        await beginBackfills(write, { goals, from_ms: 0, watermark_ms: options.now() + HEARD_MS, origin });
      },
      begun: () => this.wake(),
    };
  }

  /** Goes on with unfinished jobs, and applies retention now and then again and again. */
  start(): void {
    this.wake();
    const retain = () => {
      this.retaining = this.retain().catch((error) => {
        this.options.onPostponed(error);
        this.retry = setTimeout(retain, RETRY_MS).unref();
      });
    };
    retain();
    this.timer = setInterval(retain, RETENTION_EVERY_MS);
    this.timer.unref();
  }

  /** Ends between two days of a job. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all([this.runner.stop(), this.retaining]);
    clearTimeout(this.retry);
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
