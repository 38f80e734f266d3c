/** One node of ClickHouse through its official client: statements as the stores write them, rows as they expect them. */

import type { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { Problem } from '../../core/problem.ts';
import type { ClickhousePlace } from './clickhouse-url.ts';
import type { StoreValue } from './event-store.ts';

/** A statement of a cluster that has lost a node may take long; one that hangs must not hang for ever. */
const REQUEST_MS = 300_000;
const BUSY_S = 5;

/** With these ClickHouse reads a statement as the standard, and DuckDB, do. */
const SETTINGS: ClickHouseSettings = {
  // Of statements for a whole cluster: nodes that are away do them when they are back. The client does not know the value.
  ...{ ['distributed_ddl_output_mode' as string]: 'none_only_active' },
  // Rows that another of the same key replaces are never seen, merged or not.
  final: 1,
  join_use_nulls: 1,
  cast_keep_nullable: 1,
  aggregate_functions_null_for_empty: 1,
  prefer_column_name_to_alias: 1,
  // Answers whole or not at all; numbers beyond 2^53 unharmed.
  wait_end_of_query: 1,
  output_format_json_quote_64bit_integers: 1,
  // Inserts are done when they are answered, on every shard, and the same rows may come again after they were erased.
  async_insert: 0,
  distributed_foreground_insert: 1,
  insert_deduplicate: 0,
  distributed_product_mode: 'global',
  // What is read from all shards and inserted goes by way of this node: since 25.7 each shard would keep what it has read itself,
  // and take the first of its own rows for the first of all.
  parallel_distributed_insert_select: '0',
  // Of a shard's replicas the first that is there takes what is written and answers what is asked, so that it knows it.
  load_balancing: 'in_order',
  // A file is read as it was written, row by row.
  input_format_parallel_parsing: 0,
  format_csv_allow_single_quotes: 0,
  input_format_csv_empty_as_default: 1,
  // What is deleted is gone when that is answered; replicas that are away hear of it when they are back.
  mutations_sync: '1',
  lightweight_deletes_sync: '1',
};

/** Without `final`: for lookups that bear a row twice, and are quicker so. */
export const AS_WRITTEN: ClickHouseSettings = { final: 0 };
/** One thread, so that rows keep the order in which they were written. */
export const IN_ORDER: ClickHouseSettings = { max_threads: 1, max_insert_threads: '1' };

/** Codes that mean "not now" rather than "never": too busy, no memory, a node or its keeper away. */
const PASSING = new Set(['159', '202', '203', '209', '210', '225', '241', '242', '252', '279', '285', '319', '999']);

/** Whole numbers come as texts and stay so only beyond 2^53. */
const WHOLE = /^(?:Nullable\()?U?Int(?:64|128|256)\)?$/;

function plain(value: unknown): unknown {
  const number = Number(value);
  return value === null || !Number.isSafeInteger(number) ? value : number;
}

function typeOf(param: StoreValue): string {
  if (typeof param === 'number') return Number.isInteger(param) ? 'Int64' : 'Float64';
  if (typeof param === 'boolean') return 'Bool';
  return param === null ? 'Nullable(String)' : 'String';
}

/** `$1` as `{p1:String}`. */
function named(text: string, params: readonly StoreValue[]): string {
  return text.replace(/\$(\d+)/g, (_, place: string) => `{p${place}:${typeOf(params[Number(place) - 1] ?? null)}}`);
}

/** What a caller hears: a Problem when the engine is away or busy. */
function spoken(cause: unknown): unknown {
  if (cause instanceof ClickHouseError && !PASSING.has(cause.code)) return cause;
  const message = 'The event store cannot be reached, or is busy; ask again in a moment.';
  return new Problem('overloaded', message, { retry_after_s: BUSY_S, cause });
}

/** What statements may be given besides their parameters. */
export interface AskOptions {
  settings?: ClickHouseSettings;
}

export class ClickhouseNode {
  readonly place: ClickhousePlace;
  private readonly client: ClickHouseClient;

  constructor(place: ClickhousePlace, url: string) {
    this.place = place;
    this.client = createClient({
      url,
      username: place.username,
      password: place.password,
      database: place.database,
      request_timeout: REQUEST_MS,
      // What goes wrong is thrown, and logged by who catches it.
      log: { level: ClickHouseLogLevel.OFF },
      clickhouse_settings: SETTINGS,
      // One that the server has just closed would fail a statement for nothing.
      keep_alive: { enabled: true, idle_socket_ttl: 2_000 },
    });
  }

  /** The rows of a question; `$1`… stand for params. */
  async ask<T>(text: string, params: readonly StoreValue[] = [], { settings = {} }: AskOptions = {}): Promise<T[]> {
    try {
      const answer = await this.client.query({
        query: named(text, params),
        format: 'JSONCompact',
        query_params: Object.fromEntries(params.map((param, index) => [`p${index + 1}`, param])),
        clickhouse_settings: settings,
      });
      const { meta = [], data } = await answer.json<unknown[]>();
      return data.map((row) =>
        Object.fromEntries(
          meta.map(({ name, type }, index) => [name, WHOLE.test(type) ? plain(row[index]) : row[index]]),
        ),
      ) as T[];
    } catch (error) {
      throw spoken(error);
    }
  }

  /** Runs a statement that answers nothing. */
  async tell(text: string, params: readonly StoreValue[] = [], { settings = {} }: AskOptions = {}): Promise<void> {
    try {
      await this.client.command({
        query: named(text, params),
        query_params: Object.fromEntries(params.map((param, index) => [`p${index + 1}`, param])),
        clickhouse_settings: settings,
      });
    } catch (error) {
      throw spoken(error);
    }
  }

  /** Inserts what a stream brings, in a format of ClickHouse. */
  async fill(table: string, format: 'CSV' | 'Native' | 'JSONCompactEachRow', values: Readable): Promise<void> {
    try {
      const { stream } = await this.client.exec({ query: `INSERT INTO ${table} FORMAT ${format}`, values });
      stream.resume();
      await new Promise<void>((resolve, reject) => stream.once('end', resolve).once('error', reject));
    } catch (error) {
      throw spoken(error);
    }
  }

  /** A question's answer as the bytes of a format. */
  async read(text: string, format: 'Native'): Promise<Readable> {
    try {
      return (await this.client.exec({ query: `${text} FORMAT ${format}` })).stream;
    } catch (error) {
      throw spoken(error);
    }
  }

  close(): Promise<void> {
    return this.client.close();
  }
}
