/** Wires one server process: lock → configuration → registry → event store → collector → API. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { type Api, createApi } from './api/api.ts';
import type { Backend } from './api/backend.ts';
import { LiveFeed } from './api/live-feed.ts';
import { packageVersion } from './api/package-version.ts';
import { type Collector, createCollector } from './collector/collector.ts';
import { leftSince } from './collector/left-over.ts';
import type { ServerConfig } from './config.ts';
import { lockData } from './data-lock.ts';
import { backupConfig } from './goals/config-backup.ts';
import { type Configuration, openConfiguration } from './goals/configuration.ts';
import { GoalService } from './goals/goal-service.ts';
import { UrlGroupService } from './goals/url-group-service.ts';
import type { Log } from './log.ts';
import { Mover, NO_MOVE, refuseHalfMoved, refuseMovedFolder } from './move.ts';
import { isEmbedded, openEventStore } from './open-store.ts';
import { Housekeeping, type HousekeepingOptions } from './stats/housekeeping.ts';
import { LatePast } from './stats/late-past.ts';

/** Everything of a process but its sockets. */
export interface App {
  api: Api;
  backend: Backend;
  /** Path of the page that makes the first owner, with its one-time token; null once there is one. */
  setupPath(): Promise<string | null>;
  /** Drains what was acknowledged and closes everything, in the order that loses nothing. */
  close(): Promise<void>;
}

/** What `watchLatePast` works with. */
interface LatePastScope {
  config: ServerConfig;
  configuration: Configuration;
  collector: Collector;
  housekeeping: Housekeeping;
  /** When the oldest record that the last run left was received. */
  left_ms: number | undefined;
  log: Log;
}

/** Where others collect for the same store: see LatePast. Answers how to end it. */
async function watchLatePast(scope: LatePastScope): Promise<() => void> {
  const { config, configuration, collector, housekeeping, left_ms, log } = scope;
  if (config.events_url === null) return () => undefined;
  const late = new LatePast({
    jobs: configuration.backfills,
    registry: configuration.registry,
    now: Date.now,
    left_ms,
    asOf: () => collector.asOf(),
    async drained() {
      // What is being written when the first segment is sealed is in the next.
      for (let seals = 0; seals < 2; seals += 1) {
        await collector.fresh().catch(() => undefined);
        await collector.drain.caughtUp();
      }
    },
    onWidened: () => housekeeping.past.begun(),
    onFailed: (err) => log.warn({ err }, 'goals applied to the past could not be looked for; that is done again'),
  });
  await late.start();
  return () => late.stop();
}

/** What the log is told of housekeeping. */
function tellHousekeeping(log: Log): Pick<HousekeepingOptions, 'onFailed' | 'onPostponed' | 'onRetention'> {
  return {
    onFailed: (err, job) => log.error({ err, goal: job?.goal_id }, 'a goal could not be applied to the past'),
    onPostponed: (err) => log.warn({ err }, 'the event store could not do its housekeeping; that is done again'),
    onRetention: (report) => {
      if (report.bots.events > 0 || report.sites.some((site) => site.events > 0)) {
        log.info(report, 'what is too old was erased');
      }
    },
  };
}

/** Opens the data folder and builds the API. Throws DataOwnedError, SettingError, or an Error in words. */
export async function openApp(config: ServerConfig, log: Log): Promise<App> {
  refuseMovedFolder(config);
  const lock = lockData(config.data_dir);
  /** Undone in reverse, also when opening fails half-way. */
  const undo: (() => Promise<void> | void)[] = [() => lock.release()];
  const close = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const configuration = await openConfiguration({
      ...(config.config_url === null ? { path: join(config.data_dir, 'config.sqlite') } : { url: config.config_url }),
      rate_limit: config.rate_limit,
      password_cost: config.password_cost,
      onError: (err) => log.error({ err }, 'work of the configuration in the background failed; it is done again'),
    });
    undo.push(() => configuration.close());
    await refuseHalfMoved(configuration.store, config);
    const queries: Backend['queries'] = new EventEmitter();
    const store = await openEventStore(config, {
      configuration: configuration.store,
      onRead: (ms) => queries.emit('answered', ms),
      onAway: (err) => log.warn({ err }, 'the event store is away; events stay in the journal until it is there'),
    });
    undo.push(() => store.close());
    const { registry, salts } = configuration;
    const left_ms = await leftSince(join(config.data_dir, 'journal'));
    const collector = await createCollector({ registry, store, salts, config, clock: Date.now, log });
    undo.push(() => collector.stop());
    const housekeeping = new Housekeeping({
      jobs: configuration.backfills,
      registry,
      store,
      now: Date.now,
      fresh: () => collector.fresh(),
      ...tellHousekeeping(log),
    });
    housekeeping.start();
    undo.push(() => housekeeping.stop());
    undo.push(await watchLatePast({ config, configuration, collector, housekeeping, left_ms, log }));
    const goals = new GoalService(configuration.store, housekeeping.past);
    const urlGroups = new UrlGroupService(configuration.store, housekeeping.past);
    const move = isEmbedded(store)
      ? new Mover({ config, configuration: configuration.store, store, collector, log })
      : NO_MOVE;
    undo.push(() => move.stop());
    const live = new LiveFeed();
    collector.on('outcome', (outcome) => live.add(outcome));
    const clock = Date.now;
    const goalsFromNow = configuration.goals;
    const backup = (path: string) => backupConfig(configuration.store, path);
    const services = { ...configuration, goals, goalsFromNow, urlGroups, backupConfig: backup };
    const parts = { config, own_url: null, clock, log, store, queries, collector, live, move };
    const backend: Backend = { ...services, ...parts };
    const api = await createApi(backend, packageVersion());
    undo.push(() => api.fastify.close());
    const setupPath = async (): Promise<string | null> => {
      const token = await configuration.accounts.setupToken();
      return token === null ? null : `/setup?token=${encodeURIComponent(token)}`;
    };
    return { api, backend, setupPath, close };
  } catch (error) {
    await close();
    throw error;
  }
}
