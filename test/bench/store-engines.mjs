/** The engines that the store's benchmark can ask: each opens an empty or kept store, tells its processor time, and closes what it started. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ClaimRows } from '../../dist/server/goals/claim-rows.js';
import { openConfigStore } from '../../dist/server/goals/config-store.js';
import { ClickhouseStore } from '../../dist/server/store/clickhouse-store.js';
import { DuckdbStore } from '../../dist/server/store/duckdb-store.js';
import { installChdb, startChdb } from '../contract/chdb-server.mjs';

/** DuckDB in the folder; `filled` says that an earlier run kept it. */
async function openDuckdb(folder, flags) {
  const file = path.join(folder, 'events.duckdb');
  const filled = existsSync(file);
  const store = new DuckdbStore({ path: file, ...(flags.memory && { memory_mib: Number(flags.memory) }) });
  const begun = performance.now();
  await store.open();
  return { store, filled, open_ms: performance.now() - begun, cpu_ms: ownCpu, close: () => store.close() };
}

/** Processor time of this process, ms. */
function ownCpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const LINUX_TICK_MS = 10;
/** Processor time of another process, ms, where Linux tells it; else NaN. */
function cpuOf(pid) {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  // The name, in brackets, may have spaces.
  const [, rest] = readFileSync(file, 'utf8').split(/\) (?!.*\) )/s);
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) * LINUX_TICK_MS;
}

/** ClickHouse: chDB of a current version behind HTTP, in a process of its own, and claims in SQLite. */
async function openClickhouse(folder) {
  await installChdb();
  const server = await startChdb();
  const configuration = await openConfigStore({ path: path.join(folder, 'claims.sqlite') });
  const store = new ClickhouseStore({ url: await server.createDatabase(), claims: new ClaimRows(configuration) });
  const begun = performance.now();
  await store.open();
  const open_ms = performance.now() - begun;
  const close = async () => {
    await store.close();
    await configuration.close();
    await server.remove();
  };
  return { store, filled: false, open_ms, cpu_ms: () => cpuOf(server.pid), close };
}

/** By the name that `--engine` takes. */
export const ENGINES = { duckdb: openDuckdb, clickhouse: openClickhouse };
