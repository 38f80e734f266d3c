/** The event store that a configuration names: DuckDB in the data folder, or a ClickHouse. */
import { join } from 'node:path';
import type { Problem } from '../core/problem.ts';
import { type ServerConfig, SettingError } from './config.ts';
import { ClaimRows } from './goals/claim-rows.ts';
import type { ConfigStore } from './goals/config-store.ts';
import { ClickhouseStore } from './store/clickhouse-store.ts';
import { DuckdbStore } from './store/duckdb-store.ts';
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

/** Opens it, tables made or brought up to date, those of a ClickHouse that is away when it is back. Throws SettingError, or an Error in words. */
export async function openEventStore(config: ServerConfig, scope: StoreScope): Promise<EventStore> {
  const { configuration, onAway, ...options } = scope;
  const url = config.events_url;
  const store =
    url === null
      ? new DuckdbStore({ path: embeddedPath(config), ...options })
      : new ClickhouseStore({ url, claims: new ClaimRows(configuration), ...options, ...(onAway && { onAway }) });
  try {
    await store.open();
  } catch (error) {
    if (error instanceof RangeError && url !== null) throw new SettingError('GOALPOST_EVENTS', error.message);
    throw error;
  }
  return store;
}
