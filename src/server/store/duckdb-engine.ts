/** DuckDB in this process: one connection that writes, a few that read, asynchronous calls only. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { BIGINT, type DuckDBConnection, DuckDBInstance, type DuckDBType } from '@duckdb/node-api';
import { STATISTICS_AT_ONCE, STATISTICS_WAITING } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { SCHEMA_STEPS } from './duckdb-schema.ts';
import type { StoreValue } from './event-store.ts';
import { QueryGate } from './query-gate.ts';

/** Where the data is and how much memory the engine may take. */
export interface DuckdbOptions {
  /** Database file; its folder is made when missing. */
  path: string;
  /** DuckDB's own limit, MiB; the process takes about 180 more. Default 180. */
  memory_mib?: number;
  /** Threads of a question while nothing is written; default 2. */
  threads?: number;
  /** Called after each question with the time it took, waiting for the others excepted, ms. */
  onRead?: (ms: number) => void;
}

/** Runs one statement on the writing connection and answers its rows. */
export type Run = <T>(text: string, params?: readonly StoreValue[]) => Promise<T[]>;

/** Questions have all threads again when nothing was written for so long: more than a segment's time, so that a busy collector switches once. */
const QUIET_MS = 1_000;

/** Numbers as they are in JS; what a double cannot hold exactly becomes a decimal string. */
function plain(value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

async function rowsOf<T>(connection: DuckDBConnection, text: string, params: readonly StoreValue[] = []): Promise<T[]> {
  // A whole number is bound as BIGINT: bound by its size it would make the engine compare columns as doubles.
  const types: Record<string, DuckDBType> = {};
  const values: Record<string, string | boolean | null | bigint | number> = {};
  params.forEach((param, index) => {
    const whole = typeof param === 'number' && Number.isInteger(param);
    values[String(index + 1)] = whole ? BigInt(param) : param;
    if (whole) types[String(index + 1)] = BIGINT;
  });
  const reader = await (params.length > 0
    ? connection.runAndReadAll(text, values, types)
    : connection.runAndReadAll(text));
  const rows = reader.getRowObjectsJS() as Record<string, unknown>[];
  for (const row of rows) for (const name in row) row[name] = plain(row[name]);
  return rows as T[];
}

export class DuckdbEngine {
  private readonly instance: DuckDBInstance;
  private readonly writer: DuckDBConnection;
  private readonly readers: DuckDBConnection[];
  private readonly gate = new QueryGate({ at_once: STATISTICS_AT_ONCE, waiting: STATISTICS_WAITING });
  /** The end of the line of writers. */
  private lastWrite: Promise<unknown> = Promise.resolve();
  /** What the engine was told last; it makes and ends threads each time it is told. */
  private threadsNow: number;
  private quietTimer: NodeJS.Timeout | undefined;
  private held = false;

  private readonly threads: number;
  private readonly onRead: DuckdbOptions['onRead'];

  private constructor(
    instance: DuckDBInstance,
    connections: { writer: DuckDBConnection; readers: DuckDBConnection[] },
    { threads = 2, onRead }: Pick<DuckdbOptions, 'threads' | 'onRead'>,
  ) {
    this.instance = instance;
    this.writer = connections.writer;
    this.readers = connections.readers;
    this.threads = threads;
    this.threadsNow = threads;
    this.onRead = onRead;
  }

  /** Opens the file and brings its schema up to date; throws in words when a newer program wrote it. */
  static async open(options: DuckdbOptions): Promise<DuckdbEngine> {
    mkdirSync(dirname(options.path), { recursive: true });
    const instance = await DuckDBInstance.create(options.path, {
      memory_limit: `${options.memory_mib ?? 180}MiB`,
      threads: String(options.threads ?? 2),
      temp_directory: `${options.path}.tmp`,
      // At the default of 16 a busy collector checkpoints every second or two; this much is replayed in about a second.
      wal_autocheckpoint: '64MiB',
      // Newer ways to compress; the program that wrote a file always comes with the engine that reads it.
      storage_compatibility_version: 'latest',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    try {
      const writer = await instance.connect();
      const readers: DuckDBConnection[] = [];
      for (let n = 0; n < STATISTICS_AT_ONCE; n += 1) readers.push(await instance.connect());
      const engine = new DuckdbEngine(instance, { writer, readers }, options);
      await engine.migrate();
      return engine;
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  private async migrate(): Promise<void> {
    await this.write(async (run) => {
      await run('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER)');
      const [row] = await run<{ version: number }>('SELECT max(version) AS version FROM schema_version');
      const version = row?.version ?? 0;
      if (version > SCHEMA_STEPS.length) {
        throw new Error(
          `The event store has schema ${version}, this program knows ${SCHEMA_STEPS.length}: ` +
            'it was written by a newer release of Goalpost. Start that release, or restore a backup made by this one.',
        );
      }
      for (const step of SCHEMA_STEPS.slice(version)) for (const statement of step) await run(statement);
      await run('DELETE FROM schema_version');
      await run(`INSERT INTO schema_version VALUES (${SCHEMA_STEPS.length})`);
    });
  }

  /** Refuses writers from now on, `overloaded`; resolves when those before have ended. */
  async hold(): Promise<void> {
    this.held = true;
    await this.lastWrite;
  }

  /** Takes writers again. */
  release(): void {
    this.held = false;
  }

  /** Runs the work in one transaction, after all writers before it: whole or not at all. */
  write<T>(work: (run: Run) => Promise<T>): Promise<T> {
    if (this.held) {
      const message = 'The events are moving to another store; ask again in a moment.';
      return Promise.reject(new Problem('overloaded', message, { retry_after_s: 10 }));
    }
    const result = this.lastWrite.then(() => this.transact(work));
    this.lastWrite = result.catch(() => undefined);
    return result;
  }

  private async transact<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const run: Run = (text, params) => rowsOf(this.writer, text, params);
    clearTimeout(this.quietTimer);
    // Segments are small: a second thread would double what loading one takes of the processor, which requests need.
    await this.useThreads(1);
    try {
      await run('BEGIN TRANSACTION');
      const result = await work(run);
      await run('COMMIT');
      return result;
    } catch (error) {
      // An error may have ended the transaction already; the first error is the one that tells something.
      await run('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      this.quietTimer = setTimeout(() => this.endOfWriting(), QUIET_MS).unref();
    }
  }

  private async useThreads(threads: number): Promise<void> {
    if (this.threadsNow === threads) return;
    await rowsOf(this.writer, `SET threads = ${threads}`);
    this.threadsNow = threads;
  }

  /** Takes its place in the line of writers: one that came meanwhile is not given more threads in its midst. */
  private endOfWriting(): void {
    this.lastWrite = this.lastWrite.then(() => this.useThreads(this.threads)).catch(() => undefined);
  }

  /** Runs statements that refuse a transaction (`CHECKPOINT`, `EXPORT`), alone among writers. */
  outside<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const result = this.lastWrite.then(() => work((text, params) => rowsOf(this.writer, text, params)));
    this.lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Reads behind the gate. */
  read<T>(text: string, params: readonly StoreValue[]): Promise<T[]> {
    return this.gate.pass(async () => {
      const reader = this.readers.pop()!;
      const start = performance.now();
      try {
        return await rowsOf<T>(reader, text, params);
      } finally {
        this.readers.push(reader);
        this.onRead?.(performance.now() - start);
      }
    });
  }

  /** Runs the work on one unchanging view of the data, on a connection of its own: writers go on meanwhile. */
  async snapshot<T>(work: (run: Run) => Promise<T>): Promise<T> {
    const connection = await this.instance.connect();
    const run: Run = (text, params) => rowsOf(connection, text, params);
    try {
      await run('BEGIN TRANSACTION READ ONLY');
      const result = await work(run);
      await run('COMMIT');
      return result;
    } finally {
      connection.closeSync();
    }
  }

  /** Waits for writers, then closes. */
  async close(): Promise<void> {
    clearTimeout(this.quietTimer);
    await this.lastWrite;
    clearTimeout(this.quietTimer);
    await this.outside((run) => run('CHECKPOINT')).catch(() => undefined);
    for (const connection of [this.writer, ...this.readers]) connection.closeSync();
    this.instance.closeSync();
  }
}
