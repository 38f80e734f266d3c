/** What a start does to go on with the sessions of the run before: at once if the store answers, else when it does. */
import { within } from '../store/within.ts';
import type { CollectorLog } from './collector-options.ts';
import type { EarlierSessions } from './earlier-sessions.ts';

/** A start waits so long for the store's answer, and asks again after this. */
const WAIT_MS = 5_000;

/** Whose sessions, and who hears of trouble. */
export interface SessionRestorerOptions {
  earlier: Pick<EarlierSessions, 'restore'>;
  /** ms since 1970 UTC. */
  clock: () => number;
  log: CollectorLog;
}

/** Asks the store for them until it has answered. */
export class SessionRestorer {
  readonly #options: SessionRestorerOptions;
  #timer: NodeJS.Timeout | undefined;
  #told = false;
  #stopped = false;

  constructor(options: SessionRestorerOptions) {
    this.#options = options;
  }

  /** Knows the sessions that are stored, besides those it knows; resolves when it does, or when it would take too long. */
  async start(): Promise<void> {
    await within(WAIT_MS, this.#restore());
  }

  /** Asks no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Never rejects: without them events are taken as well. */
  async #restore(): Promise<void> {
    const { earlier, clock, log } = this.#options;
    clearTimeout(this.#timer);
    try {
      await earlier.restore(clock());
    } catch (err) {
      if (!this.#told) log.error({ err }, 'sessions of the last run are not known yet; their visitors begin new ones');
      this.#told = true;
      if (!this.#stopped) this.#timer = setTimeout(() => void this.#restore(), WAIT_MS).unref();
    }
  }
}
