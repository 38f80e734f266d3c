/** The drain: takes sealed segments to the event store, one at a time, each exactly once, and deletes them. */
import { rm } from 'node:fs/promises';
import type { EventStore, LoadReport } from '../store/event-store.ts';
import { type SealedSegment, type Verdict, verifySegment } from './segment.ts';

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 10_000;
/** After so many refusals the segment itself is looked at: its checksums are verified again. */
const TRIES_BEFORE_DOUBT = 3;

/** Where segments go, and who hears of it. */
export interface DrainOptions {
  store: Pick<EventStore, 'load'>;
  /** The journal's folder. */
  directory: string;
  onLoaded: (report: LoadReport, segment: SealedSegment) => void;
  /** A segment had a torn tail or damaged records. */
  onVerified: (verdict: Verdict, segment: SealedSegment) => void;
  /** The engine refused; it is tried again after `retry_ms`. */
  onRefused: (error: unknown, segment: SealedSegment, retry_ms: number) => void;
}

/** Loads segments in the order they were added. */
export class Drain {
  readonly #options: DrainOptions;
  #queue: SealedSegment[] = [];
  #bytes = 0;
  #running = false;
  #stopped = false;
  #added = 0;
  #done = 0;
  #waiting: { until: number; resolve: () => void }[] = [];
  #wake: (() => void) | undefined;

  constructor(options: DrainOptions) {
    this.#options = options;
  }

  /** Bytes of sealed segments that are not in the store yet. */
  get backlogBytes(): number {
    return this.#bytes;
  }

  /** When the first record of the oldest of them came; undefined when there is none. */
  get oldest_ms(): number | undefined {
    return this.#queue[0]?.since_ms;
  }

  /** Sealed segments that are not in the store yet. */
  get backlogSegments(): number {
    return this.#queue.length;
  }

  add(segment: SealedSegment): void {
    this.#queue.push(segment);
    this.#bytes += segment.bytes;
    this.#added += 1;
    if (!this.#running && !this.#stopped) void this.#run();
  }

  /** Resolves when every segment added so far is in the store. */
  caughtUp(): Promise<void> {
    const until = this.#added;
    if (this.#done >= until) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ until, resolve }));
  }

  /** Ends after the segment being loaded; what is left stays in the journal for the next run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    while (this.#running) await new Promise<void>((resolve) => this.#waiting.push({ until: Number.NaN, resolve }));
  }

  async #run(): Promise<void> {
    this.#running = true;
    for (let segment = this.#queue[0]; segment && !this.#stopped; segment = this.#queue[0]) {
      const bytes = segment.bytes;
      if (!(await this.#take(segment))) break;
      this.#queue.shift();
      this.#bytes -= bytes;
      this.#done += 1;
      this.#tell();
    }
    this.#running = false;
    this.#tell();
  }

  /** Tries until the segment is in the store; false when the drain was stopped before. */
  async #take(segment: SealedSegment): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        if (segment.suspect || tries === TRIES_BEFORE_DOUBT) {
          this.#options.onVerified(await verifySegment(segment, this.#options.directory), segment);
        }
        if (segment.bytes === 0) {
          await rm(segment.path);
          return true;
        }
        const report = await this.#options.store.load({ id: segment.id, path: segment.path });
        await rm(segment.path);
        this.#options.onLoaded(report, segment);
        return true;
      } catch (error) {
        const retry_ms = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1));
        this.#options.onRefused(error, segment, retry_ms);
        await this.#pause(retry_ms);
        if (this.#stopped) return false;
      }
    }
  }

  /** Waits, or until the drain is stopped. */
  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (this.#done >= one.until || (Number.isNaN(one.until) && !this.#running)) one.resolve();
      else this.#waiting.push(one);
    }
  }
}
