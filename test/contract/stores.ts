/** Every event store there is, empty, on real engines; what a test of stores runs against. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { ClaimRows } from '../../src/server/goals/claim-rows.ts';
import { openConfigStore } from '../../src/server/goals/config-store.ts';
import { ClickhouseStore } from '../../src/server/store/clickhouse-store.ts';
import { parseClickhouseUrl } from '../../src/server/store/clickhouse-url.ts';
import { DuckdbStore } from '../../src/server/store/duckdb-store.ts';
import { type EventRow, encodeRow } from '../../src/server/store/event-row.ts';
import type { EventStore, LoadReport } from '../../src/server/store/event-store.ts';
import { serviceForTests } from '../services.mjs';
import { startChdb } from './chdb-server.mjs';
import { clusterPrograms, startCluster } from './clickhouse-cluster.ts';
import { OldServer } from './old-server.ts';

/** A store and its folder. */
export interface OpenedStore {
  store: EventStore;
  folder: string;
  /** Loads rows as one new segment. */
  load: (rows: readonly EventRow[], id?: string) => Promise<LoadReport>;
  /** Keys that are unique for ever and who holds them, in the order of keys. */
  claims: () => Promise<{ key: string; event: string; ts: number }[]>;
  /** Makes the store believe that a newer release has written it; it is closed then. */
  makeNewer: () => Promise<void>;
  /** Closes and removes everything. */
  dispose: () => Promise<void>;
}

/** An engine that can be opened as often as one likes. */
export interface StoreKind {
  name: string;
  /** How many random histories a run tries in each zone: an engine behind HTTP takes ten times as long for one. */
  histories: number;
  /** In how many of ZONES a short run tries them: zones are arithmetic in texts that all engines share. */
  zones: number;
  open: () => Promise<OpenedStore>;
}

/** What every opened store has: its folder and the segments in it. */
function withSegments(store: EventStore, folder: string): Pick<OpenedStore, 'store' | 'folder' | 'load'> {
  let segments = 0;
  return {
    store,
    folder,
    load: (rows, id) => {
      segments += 1;
      const path = join(folder, `segment-${segments}.csv`);
      writeFileSync(path, rows.map((row) => encodeRow(row)).join(''));
      return store.load({ id: id ?? `test-${segments}`, path });
    },
  };
}

const newFolder = () => mkdtempSync(join(tmpdir(), 'goalpost-store-'));

/** DuckDB in a temporary folder. */
export async function openDuckdb(): Promise<OpenedStore> {
  const folder = newFolder();
  const path = join(folder, 'events.duckdb');
  const store = new DuckdbStore({ path, threads: 1 });
  await store.open();
  return {
    ...withSegments(store, folder),
    claims: () =>
      store.query(
        'SELECT CAST(key AS VARCHAR) AS key, CAST(event AS VARCHAR) AS event, ts FROM claims ORDER BY key',
        [],
      ),
    async makeNewer() {
      await store.close();
      const { DuckDBInstance } = await import('@duckdb/node-api');
      const instance = await DuckDBInstance.create(path);
      const connection = await instance.connect();
      await connection.run('UPDATE schema_version SET version = 999');
      connection.closeSync();
      instance.closeSync();
    },
    async dispose() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A server that speaks ClickHouse's HTTP interface. */
export interface ClickhouseServer {
  /** Creates an empty database and answers its address. */
  createDatabase: () => Promise<string>;
  query: (text: string) => Promise<string>;
}

/** A store in a database of its own, with claims in SQLite. */
export async function openClickhouse(server: ClickhouseServer): Promise<OpenedStore> {
  const folder = newFolder();
  const configuration = await openConfigStore({ path: join(folder, 'config.sqlite') });
  const claims = new ClaimRows(configuration);
  const url = await server.createDatabase();
  const { database } = parseClickhouseUrl(url);
  const store = new ClickhouseStore({ url, claims });
  await store.open();
  return {
    ...withSegments(store, folder),
    claims: () => claims.page('', 1_000_000),
    async makeNewer() {
      await store.close();
      await server.query(`INSERT INTO ${database}.schema_version VALUES (999)`);
    },
    async dispose() {
      await store.close();
      await configuration.close();
      await server.query(`DROP DATABASE ${database} SYNC`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An engine that is started when it is first asked for, and ended with the file that may ask. */
function engineOfFile<T extends { remove: () => Promise<void> }>(start: () => Promise<T>): () => Promise<T> {
  let started: Promise<T> | undefined;
  afterAll(async () => (await started)?.remove());
  return () => {
    started ??= start();
    return started;
  };
}

/** Two replicas of an old ClickHouse behind one address. */
async function startOld(programs: NonNullable<ReturnType<typeof clusterPrograms>>) {
  const cluster = await startCluster(programs, { shards: 1 });
  const server = new OldServer(cluster);
  await server.start();
  const remove = async () => {
    await server.stop();
    await cluster.remove();
  };
  return { server, remove };
}

/**
 * Those of releases that are supported; where a server is missing and may be, what runs on it is left out. To be called
 * by a test's file as it is read: the engines are the file's, and end with it.
 */
export function supportedStores(): StoreKind[] {
  const embedded = { name: 'DuckDB', histories: 2, zones: 10, open: openDuckdb };
  const library = serviceForTests('chDB');
  if (library === undefined) return [embedded];
  const chdb = engineOfFile(() => startChdb(library));
  const shards = engineOfFile(() => startChdb(library, { shards: true }));
  return [
    embedded,
    { name: 'ClickHouse', histories: 1, zones: 4, open: async () => openClickhouse(await chdb()) },
    { name: 'two shards of ClickHouse', histories: 1, zones: 2, open: async () => openClickhouse(await shards()) },
  ];
}

/** Every store that the contract holds for; to be called like `supportedStores`. */
export function everyStore(): StoreKind[] {
  const programs = clusterPrograms();
  if (programs === undefined) return supportedStores();
  const old = engineOfFile(() => startOld(programs));
  const open = async () => openClickhouse((await old()).server);
  return [...supportedStores(), { name: 'two replicas of ClickHouse 18.16', histories: 1, zones: 2, open }];
}
