/** What a collector is made of, what it tells, and what can be read off it. */
import type { DropReason } from '../../core/beacon.ts';
import type { SiteRegistry } from '../goals/site-registry.ts';
import type { EventStore, LoadReport } from '../store/event-store.ts';
import type { SaltSource } from './identity.ts';
import type { Outcome } from './intake.ts';

/** The settings of a server process that its collector needs. */
export interface CollectorSettings {
  /** Absolute path of the data folder. */
  data_dir: string;
  /** Addresses, ranges, `loopback` or `private`, whose X-Forwarded-For is believed. */
  trusted_proxies: readonly string[];
  /** false: no limits. */
  rate_limit: boolean;
  /** MaxMind-format file; null: the bundled one. */
  geo_file: string | null;
}

/** Where it says what happened; never an address, a user agent or a body. */
export interface CollectorLog {
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
}

/** What a collector is made of. */
export interface CollectorOptions {
  registry: Pick<SiteRegistry, 'find'>;
  store: EventStore;
  salts: SaltSource;
  config: CollectorSettings;
  /** ms since 1970 UTC. */
  clock: () => number;
  log: CollectorLog;
}

/** What the collector tells while it works. */
export interface CollectorEvents {
  /** A request was acknowledged. */
  outcome: [outcome: Outcome];
  /** Events were not taken or not counted, each told once: by who takes them, or by the drain where only it can know. */
  dropped: [reason: DropReason, count: number];
  /** A segment is in the store, so statistics may have changed. */
  loaded: [report: LoadReport];
  /** Milliseconds one `fdatasync` took. */
  synced: [ms: number];
}

/** Numbers for metrics and health. */
export interface CollectorGauges {
  /** On disk, not in the store. */
  backlog_bytes: number;
  backlog_segments: number;
  /** Age of the oldest acknowledged event that is not in the store, ms. */
  lag_ms: number;
  visitors: number;
  views: number;
}
