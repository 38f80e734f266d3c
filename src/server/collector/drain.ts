/** The drain: takes sealed segments to the event store, one at a time, each exactly once, and deletes them. */
import { rm } from 'node:fs/promises';
import type { EventStore, LoadReport } from '../store/event-store.ts';
import { isolateRecords } from './isolate-records.ts';
import { mergeable, mergeSegments } from './merge-segments.ts';
import { type SealedSegment, type Verdict, verifySegment } from './segment.ts';

const LAST_RETRY_MS = 10_000;
/** The longest pause while somebody waits for what was acknowledged, and for how long one who asked is taken to wait. */
const ASKED_RETRY_MS = 500;
const ASKED_MS = 10_000;
/** After so many refusals the segment itself is looked at: its checksums are verified again. */
const TRIES_BEFORE_DOUBT = 3;
/** And after so many, and again as many, its records are tried in parts. */
const TRIES_BEFORE_PARTS = 6;

/** Where segments go, and who hears of it. */
export interface DrainOptions {
  store: Pick<EventStore, 'load'>;
  /** The journal's folder. */
  directory: string;
  /** Pause after the first refusal, ms; it doubles up to LAST_RETRY_MS. */
  first_retry_ms: number;
  onLoaded: (report: LoadReport, segment: SealedSegment) => void;
  /** A segment had a torn tail or damaged records. */
  onVerified: (verdict: Verdict, segment: SealedSegment) => void;
  /** The engine took a segment only in parts; so many records are in the quarantine. */
  onIsolated: (refused: number, segment: SealedSegment) => void;
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
  /** Shortens the pause that is under way. */
  #shorten: (() => void) | undefined;
  #asked_ms = Number.NEGATIVE_INFINITY;
  #tellRefusal = (): void => undefined;

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

  /** As `caughtUp`, for who waits for it: an engine that has refused is tried more often meanwhile. */
  caughtUpSoon(): Promise<void> {
    this.#asked_ms = performance.now();
    this.#shorten?.();
    return this.caughtUp();
  }

  /** As `caughtUp`, or when the engine refuses: nobody knows how long it will. */
  caughtUpOrRefused(): Promise<void> {
    return Promise.race([
      this.caughtUp(),
      new Promise<void>((resolve) => {
        this.#tellRefusal = resolve;
      }),
    ]);
  }

  /** Whether it was stopped: what is added stays in the journal. */
  get isStopped(): boolean {
    return this.#stopped;
  }

  /** Goes on after a stop. */
  resume(): void {
    this.#stopped = false;
    if (this.#queue.length > 0 && !this.#running) void this.#run();
  }

  /** Ends after the segment being loaded; what is left stays in the journal for the next run. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wake?.();
    while (this.#running) await new Promise<void>((resolve) => this.#waiting.push({ until: Number.NaN, resolve }));
  }

  async #run(): Promise<void> {
    this.#running = true;
    while (this.#queue.length > 0 && !this.#stopped) {
      const [first, ...others] = mergeable(this.#queue);
      if (first && others.length > 0 && (await this.#takeMerged([first, ...others]))) this.#release(1 + others.length);
      else if (await this.#take(this.#queue[0]!)) this.#release(1);
      this.#tell();
    }
    this.#running = false;
    this.#tell();
  }

  /** Forgets segments that are in the store and deleted. */
  #release(count: number): void {
    for (const { bytes } of this.#queue.splice(0, count)) this.#bytes -= bytes;
    this.#done += count;
  }

  /** Tries once to load several as one; false leaves them to be loaded one by one. */
  async #takeMerged(segments: readonly [SealedSegment, ...SealedSegment[]]): Promise<boolean> {
    try {
      const report = await this.#options.store.load(mergeSegments(segments));
      for (const { path } of segments) await rm(path);
      this.#options.onLoaded(report, segments[0]);
      return true;
    } catch (error) {
      this.#options.onRefused(error, segments[0], 0);
      return false;
    }
  }

  /** Tries until the segment is in the store; false when the drain was stopped before. */
  async #take(segment: SealedSegment): Promise<boolean> {
    for (let tries = 1; ; tries += 1) {
      try {
        if ((segment.suspect || tries === TRIES_BEFORE_DOUBT) && (await this.#verify(segment)) === 0) {
          await rm(segment.path);
          return true;
        }
        const report = await this.#options.store.load({ id: segment.id, path: segment.path });
        await rm(segment.path);
        this.#options.onLoaded(report, segment);
        return true;
      } catch (error) {
        const retry_ms = Math.min(LAST_RETRY_MS, this.#options.first_retry_ms * 2 ** (tries - 1));
        this.#options.onRefused(error, segment, retry_ms);
        this.#tellRefusal();
        if (tries % TRIES_BEFORE_PARTS === 0 && (await this.#takeParts(segment, retry_ms))) return true;
        await this.#pause(retry_ms);
        if (this.#stopped) return false;
      }
    }
  }

  /** Loads all but the records the engine refuses; false when it is not their fault, or parts cannot be written. */
  async #takeParts(segment: SealedSegment, retry_ms: number): Promise<boolean> {
    const { directory, store } = this.#options;
    try {
      const refused = await isolateRecords(segment, { directory, load: (part) => store.load(part) });
      if (refused === undefined) return false;
      this.#options.onIsolated(refused, segment);
      await rm(segment.path);
      return true;
    } catch (error) {
      this.#options.onRefused(error, segment, retry_ms);
      return false;
    }
  }

  /** Answers how many records are left. */
  async #verify(segment: SealedSegment): Promise<number> {
    const verdict = await verifySegment(segment, this.#options.directory);
    this.#options.onVerified(verdict, segment);
    return verdict.kept;
  }

  /** Waits, not as long when somebody asks, or until the drain is stopped. */
  #pause(ms: number): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    const began = performance.now();
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout;
      const wait = (): void => {
        clearTimeout(timer);
        const isAsked = performance.now() - this.#asked_ms < ASKED_MS;
        const most = isAsked ? Math.min(ms, ASKED_RETRY_MS) : ms;
        timer = setTimeout(resolve, most - (performance.now() - began));
      };
      this.#shorten = wait;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
      wait();
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
