/** What just happened on every site: the last events, kept for people who look and for those who reconnect. */
import type { DropReason } from '../../core/beacon.ts';
import type { Outcome } from '../collector/intake.ts';

/** Entries kept for each site. */
const ENTRIES = 200;
/** How many of them somebody gets who begins to look: what was there before the connection stood is not missed. */
const FIRST_ENTRIES = 50;
/** Numbers begin at the time of the first entry, in this many steps a millisecond, so that they grow over restarts. */
const NUMBERS_PER_MS = 100;
/** People looking at the live views of one process at once. */
export const LISTENERS = 100;

/** One line of a live view. */
export interface LiveEntry {
  /** Grows with every entry, also over a restart. */
  number: number;
  /** ms since 1970 UTC. */
  at: number;
  kind: 'accepted' | 'dropped';
  /** Id of the event. */
  i: string;
  name?: string;
  url?: string;
  source?: 'browser' | 'server';
  /** Numbers of the goals it counts for. */
  goals?: readonly number[];
  reason?: DropReason;
}

/** Somebody who looks. */
export interface LiveListener {
  onEntry(entry: LiveEntry): void;
  /** The server stops. */
  onEnd(): void;
}

/** Keeps the last entries of every site and tells listeners of new ones. */
export class LiveFeed {
  readonly #entries = new Map<number, LiveEntry[]>();
  readonly #listeners = new Map<number, Set<LiveListener>>();
  #number = 0;
  #listening = 0;

  get listening(): number {
    return this.#listening;
  }

  /** Notes what became of one request. */
  add(outcome: Outcome): void {
    const { site, received_ms: at } = outcome;
    for (const { event, goals } of outcome.accepted) {
      const { id, name, url, source } = event;
      this.#push(site, {
        number: 0,
        at,
        kind: 'accepted',
        i: id,
        name,
        source,
        goals,
        ...(url === undefined ? {} : { url }),
      });
    }
    for (const { i, reason, event } of outcome.dropped) {
      const { name, url } = event ?? {};
      this.#push(site, {
        number: 0,
        at,
        kind: 'dropped',
        i,
        reason,
        ...(name === undefined ? {} : { name }),
        ...(url === undefined ? {} : { url }),
      });
    }
  }

  /** Entries after that number, oldest first; undefined: the latest. */
  since(site: number, number: number | undefined): readonly LiveEntry[] {
    const entries = this.#entries.get(site) ?? [];
    return number === undefined ? entries.slice(-FIRST_ENTRIES) : entries.filter((entry) => entry.number > number);
  }

  /** Hears of new entries until the function that is answered is called. */
  listen(site: number, listener: LiveListener): () => void {
    const listeners = this.#listeners.get(site) ?? new Set();
    this.#listeners.set(site, listeners.add(listener));
    this.#listening += 1;
    return () => {
      if (!listeners.delete(listener)) return;
      this.#listening -= 1;
      if (listeners.size === 0) this.#listeners.delete(site);
    };
  }

  /** Lets everybody go. */
  end(): void {
    for (const listener of [...this.#listeners.values()].flatMap((listeners) => [...listeners])) listener.onEnd();
  }

  #push(site: number, entry: LiveEntry): void {
    this.#number ||= entry.at * NUMBERS_PER_MS;
    this.#number += 1;
    entry.number = this.#number;
    const entries = this.#entries.get(site) ?? [];
    entries.push(entry);
    if (entries.length > ENTRIES) entries.shift();
    this.#entries.set(site, entries);
    for (const listener of this.#listeners.get(site) ?? []) listener.onEntry(entry);
  }
}
