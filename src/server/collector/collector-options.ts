/** What a collector is made of, what it tells, and what can be read off it. */
import type { ServerConfig } from '../config.ts';
import type { SiteRegistry } from '../goals/site-registry.ts';
import type { Log } from '../log.ts';
import type { EventStore, LoadReport } from '../store/event-store.ts';
import type { SaltSource } from './identity.ts';
import type { Outcome } from './intake.ts';

/** What a collector is made of. */
export interface CollectorOptions {
  registry: Pick<SiteRegistry, 'find'>;
  store: EventStore;
  salts: SaltSource;
  config: Pick<ServerConfig, 'data_dir' | 'trusted_proxies' | 'rate_limit' | 'geo_file'>;
  /** ms since 1970 UTC. */
  clock: () => number;
  log: Pick<Log, 'info' | 'warn' | 'error'>;
}

/** What the collector tells while it works. */
export interface CollectorEvents {
  /** A request was acknowledged. */
  outcome: [outcome: Outcome];
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
