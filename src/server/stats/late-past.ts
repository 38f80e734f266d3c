/**
 * Where several collectors write to one store, each hears of a goal applied to the past a moment later. What it recorded
 * before lacks that goal, and must be in the store when that past is searched. Normally it is, for a search begins seconds
 * later; when it was not, because the store, the configuration or this process was away, the search is widened.
 */
import { SERVER_EVENT_AGE_MS } from '../../core/limits.ts';
import type { BackfillJob, BackfillJobs } from '../goals/backfill-jobs.ts';
import type { SiteRegistry } from '../goals/site-registry.ts';

const DAY_MS = 86_400_000;
/** A write may take so long from its time to its commit, and clocks may differ by as much. */
const SLACK_MS = 60_000;
/** Ends of searches are told by clocks that may differ by this. */
const CLOCKS_MS = 1_000;
/** Time of an event before its receipt, at most, ms. */
const REACH_MS = SERVER_EVENT_AGE_MS + DAY_MS;

/** What it watches, and what it may ask for. */
export interface LatePastOptions {
  jobs: Pick<BackfillJobs, 'begunAfter' | 'widen'>;
  registry: SiteRegistry;
  /** ms since 1970 UTC. */
  now: () => number;
  /** When the oldest record was received that an earlier run left undrained; undefined when none was. */
  left_ms: number | undefined;
  /** When the oldest record was received that is not in the store; now when there is none. */
  asOf: () => number;
  /** Resolves when everything recorded so far is in the store, however long that takes. */
  drained: () => Promise<void>;
  /** Searches were widened. */
  onWidened: () => void;
  /** The configuration could not be asked; that is done again. */
  onFailed: (error: unknown) => void;
}

/** What tells a job from others, however often it is widened. */
const nameOf = ({ goal_id, generation, started_at }: BackfillJob): string => `${goal_id} ${generation} ${started_at}`;

/** Hears of jobs, and widens those that this process's events may have come too late for. */
export class LatePast {
  readonly #options: LatePastOptions;
  /** When the configuration was read last. */
  #read_ms: number;
  /** What was received from then on may lack goals that nobody has looked for yet; undefined when all were looked for. */
  #lacking_ms: number | undefined;
  /** Watermarks of jobs that were looked at. */
  readonly #seen = new Map<string, number>();
  readonly #onRead = (changed: number): void => this.#look(changed);

  constructor(options: LatePastOptions) {
    this.#options = options;
    this.#read_ms = options.now();
    this.#lacking_ms = options.left_ms;
  }

  /** Looks at what an earlier run left, and from now on at every change. */
  async start(): Promise<void> {
    const { registry, jobs, now, left_ms } = this.#options;
    // Whoever starts with nothing has recorded nothing without the goals there are.
    if (left_ms === undefined) for (const job of await jobs.begunAfter(now() - SLACK_MS)) this.#note(job);
    registry.on('read', this.#onRead);
    this.#look(0);
  }

  stop(): void {
    this.#options.registry.off('read', this.#onRead);
  }

  /** `changed`: how many sites did. */
  #look(changed: number): void {
    const now = this.#options.now();
    const lacking_ms = Math.min(this.#read_ms, this.#options.asOf(), this.#lacking_ms ?? now);
    this.#read_ms = now;
    if (changed === 0 && this.#lacking_ms === undefined) return;
    this.#lacking_ms = undefined;
    this.#hear(lacking_ms, now).catch((error: unknown) => {
      this.#lacking_ms = Math.min(lacking_ms, this.#lacking_ms ?? lacking_ms);
      this.#options.onFailed(error);
    });
  }

  /** Whether a job is one that was not looked at before. */
  #note(job: BackfillJob): boolean {
    const id = nameOf(job);
    const isNew = !this.#seen.has(id);
    this.#seen.set(id, job.watermark_ms);
    return isNew;
  }

  async #hear(lacking_ms: number, heard_ms: number): Promise<void> {
    const { jobs, now, drained, onWidened } = this.#options;
    for (const [id, watermark_ms] of this.#seen) if (watermark_ms < lacking_ms - 2 * SLACK_MS) this.#seen.delete(id);
    const heard = (await jobs.begunAfter(lacking_ms - SLACK_MS)).filter((job) => this.#note(job));
    if (heard.length === 0) return;
    await drained();
    const late = heard.filter((job) => now() + CLOCKS_MS >= job.watermark_ms);
    if (late.length === 0) return;
    try {
      await jobs.widen(late, { from_ms: lacking_ms - REACH_MS, until_ms: heard_ms + 1 });
    } catch (error) {
      for (const job of late) this.#seen.delete(nameOf(job));
      throw error;
    }
    onWidened();
  }
}
