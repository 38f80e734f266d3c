/** What just happened on every site: the last events, kept for people who look and for those who reconnect. */
import type { DropReason } from '../../core/beacon.ts';
import type { Outcome } from '../collector/intake.ts';
/** People looking at the live views of one process at once. */
export declare const LISTENERS = 100;
/** One line of a live view. */
export interface LiveEntry {
  /** Grows by one in each process; begins anew after a restart. */
  number: number;
  /** ms since 1970 UTC. */
  at: number;
  kind: 'accepted' | 'dropped';
  /** Id of the event. */
  i: string;
  name?: string;
  url?: string;
  source?: 'browser' | 'server';
  /** Numbers of the goals it met. */
  goals?: number[];
  reason?: DropReason;
}
type Listener = (entry: LiveEntry) => void;
/** Keeps the last entries of every site and tells listeners of new ones. */
export declare class LiveFeed {
  #private;
  get listening(): number;
  /** Notes what became of one request. */
  add(outcome: Outcome): void;
  /** Entries after that number, oldest first; undefined: none of the past. */
  since(site: number, number: number | undefined): readonly LiveEntry[];
  /** Hears of new entries until the function that is answered is called. */
  listen(site: number, listener: Listener): () => void;
}
