/** The event store that a configuration names: DuckDB in the data folder, or a ClickHouse. */
import { join } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { type ServerConfig, SettingError } from './config.ts';
import { ClaimRows } from './goals/claim-rows.ts';
import type { ConfigStore } from './goals/config-store.ts';
import type { DuckdbStore } from './store/duckdb-store.ts';
import type { EventStore } from './store/event-store.ts';

/** What a store needs of the process. */
export interface StoreScope {
  /** Where keys that are unique for ever are kept, when the events are in a ClickHouse. */
  configuration: ConfigStore;
  /** Called after each question with the time it took, waiting for others excepted, ms. */
  onRead?: (ms: number) => void;
  /** When given, a ClickHouse that is away is no reason to throw: it is used once it is there. */
  onAway?: (problem: Problem) => void;
}

/** Path of the embedded store. */
export function embeddedPath({ data_dir }: Pick<ServerConfig, 'data_dir'>): string {
  return join(data_dir, 'events.duckdb');
}

/** Whether a store is the one in the data folder. */
export function isEmbedded(store: EventStore): store is DuckdbStore {
  return store.words.engine === 'duckdb';
}

/** The engine that is not used is not loaded, and takes no memory. */
async function createStore(config: ServerConfig, scope: StoreScope): Promise<EventStore> {
  const { configuration, onAway, ...options } = scope;
  if (config.events_url === null) {
    const { DuckdbStore } = await import('./store/duckdb-store.ts');
    return new DuckdbStore({ path: embeddedPath(config), ...options });
  }
  const { ClickhouseStore } = await import('./store/clickhouse-store.ts');
  const claims = new ClaimRows(configuration);
  return new ClickhouseStore({ url: config.events_url, claims, ...options, ...(onAway && { onAway }) });
}

/** Opens it, tables made or brought up to date, those of a ClickHouse that is away when it is back. Throws SettingError, or an Error in words. */
export async function openEventStore(config: ServerConfig, scope: StoreScope): Promise<EventStore> {
  try {
    const store = await createStore(config, scope);
    await store.open();
    return store;
  } catch (error) {
    if (error instanceof RangeError && config.events_url !== null)
      throw new SettingError('GOALPOST_EVENTS', error.message);
    throw error;
  }
}
