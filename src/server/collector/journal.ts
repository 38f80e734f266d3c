/** The journal: events on disk before they are acknowledged. One write and one `fdatasync` serve all that wait. */
import { close, fdatasync, fsync, ftruncate, open, unlink } from 'node:fs';
import { promisify } from 'node:util';
import { JOURNAL_PENDING_CHARACTERS, SEGMENT_BYTES, SEGMENT_OPEN_MS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { type SealedSegment, segmentId, segmentPath } from './segment.ts';
import { writeAll } from './write-all.ts';

const openFile = promisify(open);
const closeFile = promisify(close);
const syncFile = promisify(fsync);
const unlinkFile = promisify(unlink);

/** A write that serves so many is a sign of load. */
const MANY = 4;
const GATHER_MS = 1;

/** Told when the records are on disk, or why they are not. */
export type Written = (error: Problem | undefined) => void;

/** Where a journal writes, and who hears of it. */
export interface JournalOptions {
  /** Existing folder. */
  directory: string;
  /** `[0-9a-z]+`, never used by an earlier run: a segment's id is applied once for ever. */
  run: string;
  /** Called with each segment, in order, when nothing more is written to it. */
  onSealed: (segment: SealedSegment) => void;
  /** Called after each sync with its duration in ms. */
  onSynced: (ms: number) => void;
  /** ms since 1970 UTC. */
  clock: () => number;
  /** Called when the disk refuses. */
  onFailure: (error: Error) => void;
}

/** A segment being written. */
interface OpenSegment {
  id: string;
  path: string;
  fd: number;
  bytes: number;
  since_ms: number;
}

/** Writes records to segments; see SEGMENT_BYTES and SEGMENT_OPEN_MS for when one is sealed. */
export class Journal {
  readonly #options: JournalOptions;
  #number = 0;
  #current: OpenSegment | undefined;
  /** Opened ahead, so that nobody waits for a directory to be synced when a segment is sealed. */
  #spare: Promise<OpenSegment> | undefined;
  #lines: string[] = [];
  #waiting: Written[] = [];
  #pendingCharacters = 0;
  /** How many requests the last write served. */
  #lastServed = 0;
  #busy = false;
  #sealDue = false;
  #sealTimer: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];
  #closed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** Makes the first segment ready. Throws what the disk says. */
  async open(): Promise<void> {
    this.#spare = this.#create();
    await this.#spare;
  }

  /** Bytes of the segment being written. */
  get openBytes(): number {
    return this.#current?.bytes ?? 0;
  }

  /** When the first record of the segment being written came; undefined when there is none. */
  get openSince_ms(): number | undefined {
    return this.#current?.since_ms;
  }

  /** Queues whole lines, or none; `written` is called after the sync that covers all so far. Nothing is taken past the bound. */
  append(lines: string, written: Written): void {
    if (lines === '' && !this.#busy) return void written(undefined);
    const refusal = this.#refusal();
    if (refusal) {
      written(refusal);
      return;
    }
    this.#pendingCharacters += lines.length;
    this.#lines.push(lines);
    this.#waiting.push(written);
    if (this.#busy) return;
    this.#busy = true;
    this.#startSoon();
  }

  /**
   * Requests that arrived in the same turn of the event loop are written together; under load those of a millisecond,
   * because a write and its sync cost more of the processor than three whole requests.
   */
  #startSoon(): void {
    if (this.#lastServed < MANY) setImmediate(() => this.#start());
    else setTimeout(() => this.#start(), GATHER_MS);
  }

  #refusal(): Problem | undefined {
    if (this.#closed) return new Problem('overloaded', 'The collector is stopping.', { retry_after_s: 5 });
    if (this.#pendingCharacters <= JOURNAL_PENDING_CHARACTERS) return undefined;
    return new Problem('overloaded', 'The disk is behind.', { retry_after_s: 2 });
  }

  /** Seals the segment being written; resolves when all that was acknowledged before has been handed to `onSealed`. */
  async seal(): Promise<void> {
    this.#sealDue = true;
    if (this.#busy) await new Promise<void>((resolve) => this.#idle.push(resolve));
    else this.#sealCurrent();
  }

  /** Refuses new records, writes and seals what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#busy || this.#lines.length > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    this.#sealDue = true;
    this.#sealCurrent();
    const spare = await this.#spare?.catch(() => undefined);
    this.#spare = undefined;
    if (!spare) return;
    await closeFile(spare.fd);
    await unlinkFile(spare.path);
  }

  async #create(): Promise<OpenSegment> {
    this.#number += 1;
    const id = segmentId(this.#options.run, this.#number);
    const path = segmentPath(this.#options.directory, id);
    const fd = await openFile(path, 'wx');
    // The name itself must survive a power cut, not only the data.
    const folder = await openFile(this.#options.directory, 'r');
    try {
      await syncFile(folder);
    } finally {
      await closeFile(folder);
    }
    return { id, path, fd, bytes: 0, since_ms: 0 };
  }

  /** Takes what waits and writes it; runs until nothing waits. */
  #start(): void {
    const current = this.#current;
    if (current) this.#flush(current);
    else this.#openNext();
  }

  #openNext(): void {
    const spare = this.#spare ?? this.#create();
    this.#spare = undefined;
    spare.then(
      (segment) => {
        segment.since_ms = this.#options.clock();
        this.#current = segment;
        this.#sealTimer = setTimeout(() => this.#onSealTime(), SEGMENT_OPEN_MS);
        this.#spare = this.#create();
        // A failure is met, and told, by whoever needs the spare.
        this.#spare.catch(() => undefined);
        this.#flush(segment);
      },
      (error: Error) => this.#finish(error),
    );
  }

  #flush(segment: OpenSegment): void {
    const data = Buffer.from(this.#lines.length === 1 ? this.#lines[0]! : this.#lines.join(''));
    const waiting = this.#waiting;
    this.#lastServed = waiting.length;
    this.#lines = [];
    this.#waiting = [];
    this.#pendingCharacters = 0;
    const end = (error: Error | null, tail = { unknown: error !== null }): void => {
      if (tail.unknown) this.#abandon(segment);
      else if (!error) segment.bytes += data.length;
      answer(waiting, error);
      this.#finish(error ?? undefined);
    };
    writeAll({ fd: segment.fd, data, offset: 0, position: segment.bytes }, (error) => {
      // Half a record is cut off, so that the segment can go on when the disk has room again.
      if (error) return ftruncate(segment.fd, segment.bytes, (failure) => end(error, { unknown: failure !== null }));
      const start = performance.now();
      fdatasync(segment.fd, (failure) => {
        if (!failure) this.#options.onSynced(performance.now() - start);
        end(failure);
      });
    });
  }

  /** After a failed sync nobody knows what the tail holds: the segment is sealed as suspect and a new one begun. */
  #abandon(segment: OpenSegment): void {
    this.#current = undefined;
    clearTimeout(this.#sealTimer);
    this.#release(segment, { suspect: true });
  }

  #finish(error: Error | undefined): void {
    if (error) {
      this.#options.onFailure(error);
      // No segment could be opened: whoever waits is told, and the next request tries again.
      const waiting = this.#waiting;
      this.#lines = [];
      this.#waiting = [];
      this.#pendingCharacters = 0;
      answer(waiting, error);
    }
    if (this.#sealDue || this.openBytes >= SEGMENT_BYTES) this.#sealCurrent();
    this.#busy = this.#lines.length > 0;
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
    if (this.#busy) this.#startSoon();
  }

  #onSealTime(): void {
    this.#sealDue = true;
    if (!this.#busy) this.#sealCurrent();
  }

  #sealCurrent(): void {
    this.#sealDue = false;
    const segment = this.#current;
    if (!segment) return;
    this.#current = undefined;
    clearTimeout(this.#sealTimer);
    this.#release(segment, { suspect: false });
  }

  #release(segment: OpenSegment, options: { suspect: boolean }): void {
    close(segment.fd, (error) => error && this.#options.onFailure(error));
    const { id, path, bytes, since_ms } = segment;
    this.#options.onSealed({ id, path, bytes, since_ms, suspect: options.suspect });
  }
}

function answer(waiting: Written[], error: Error | null): void {
  const problem = error
    ? new Problem('overloaded', 'The journal cannot be written at the moment.', { retry_after_s: 5, cause: error })
    : undefined;
  for (const written of waiting) written(problem);
}
