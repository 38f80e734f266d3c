/** What routes work on: the services of one server process. */
import type { EventEmitter } from 'node:events';
import type { Collector } from '../collector/collector.ts';
import type { ServerConfig } from '../config.ts';
import type { Configuration } from '../goals/configuration.ts';
import type { GoalService } from '../goals/goal-service.ts';
import type { Log } from '../log.ts';
import type { MonthCount } from '../store/compare-days.ts';
import type { EventStore } from '../store/event-store.ts';
import type { LiveFeed } from './live-feed.ts';

/** Where an installation moves to. */
export interface MoveTarget {
  /** `postgres://…` */
  config: string;
  /** `clickhouse://…` */
  events: string;
}

/** How far a move is. */
export interface MoveStatus {
  /** `finishing`: writers rest, what changed is copied, both sides are compared. `moved`: the server is to be restarted. */
  state: 'none' | 'copying' | 'finishing' | 'moved' | 'failed';
  /** Share of the events that are there, 0 to 1. */
  done: number;
  /** Why it failed. */
  error?: string;
  /** What both sides have: rows of the configuration by table, events by site and month, claimed keys. */
  report?: { configuration: Record<string, number>; months: MonthCount[]; claims: number };
}

/** Moves an installation out of its data folder. */
export interface Moving {
  start(target: MoveTarget): Promise<MoveStatus>;
  status(): MoveStatus;
}

/** The services of sites, goals, keys, URL groups and audit, with what takes events and what counts them. */
export interface Backend extends Omit<Configuration, 'store' | 'close'> {
  config: ServerConfig;
  /** Base URL of the port this process listens on; null while it listens on its control socket alone. */
  own_url: string | null;
  /** Milliseconds since 1970 UTC. */
  clock: () => number;
  log: Log;
  /** Configuration's own store stays inside its services; this one has events. */
  store: EventStore;
  /** Tells how long the store took for each question, ms. */
  queries: EventEmitter<{ answered: [ms: number] }>;
  collector: Collector;
  /** Writes a copy of the configuration, without salts and logins, to a new file. */
  backupConfig: (path: string) => Promise<void>;
  /** `goals` without the past: what a write changes counts from now on. */
  goalsFromNow: GoalService;
  /** To PostgreSQL and ClickHouse. */
  move: Moving;
  /** What just happened, for live views. */
  live: LiveFeed;
}
