/** The configuration store: one set of Kysely queries, serialised writes, and word to those who cache what changed. */
import { Kysely, type Transaction } from 'kysely';
import { Problem } from '../../core/problem.ts';
import type { ConfigEngine } from './config-engine.ts';
import type { ConfigSchema } from './config-schema.ts';
import { migrateConfig } from './migrate.ts';
import { isDiskRefusal, openSqlite } from './sqlite-connection.ts';

/** A file of SQLite, created when missing, or the address of a PostgreSQL database, `postgres://…`. */
export type ConfigPlace = { path: string } | { url: string };

/** Where the store is, and what it needs of the world. */
export type ConfigStoreOptions = ConfigPlace & {
  /** ms since 1970 UTC; default the system's clock. */
  now?: () => number;
  /**
   * Hears of work in the background that failed and will be done again. By default such an error is thrown where
   * nobody catches it, since it must not go unseen.
   */
  onError?: (error: unknown) => void;
};

/** The default of `onError`. */
export function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** One write: a transaction, its time, and the sites whose caches it makes stale. */
export interface Write {
  tx: Transaction<ConfigSchema>;
  /** ms since 1970 UTC. */
  at: number;
  /** Ids of sites that changed, or whose goals or groups did. */
  touched: Set<string>;
}

/** Sites, goals, keys, people: everything but events. */
export interface ConfigStore {
  /** For reading. Writes go through `write`. */
  readonly db: Kysely<ConfigSchema>;
  now(): number;
  /** Runs one transaction; resolves when it is durable and every listener has taken note of it. */
  write<T>(work: (write: Write) => Promise<T>): Promise<T>;
  /** Called after each commit that touched sites, before `write` resolves. Returns the way to stop that. */
  onWritten(listener: (siteIds: ReadonlySet<string>) => Promise<void>): () => void;
  /** Refuses writes, `overloaded`, until `release`; resolves when those before have ended. */
  hold(): Promise<void>;
  release(): void;
  /** After salts were deleted: removes what the database's files may still hold of them. */
  forgetSalts(): Promise<void>;
  /** Writes a copy to a file that does not exist yet, while others read and write. Throws `conflict` for PostgreSQL. */
  copyTo(path: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * The counter's next value, or the last of so many; its row stays locked until the transaction ends, so that values
 * become visible in order.
 */
export async function nextNumber(tx: Transaction<ConfigSchema>, name: string, values = 1): Promise<number> {
  const row = await tx
    .insertInto('numbers')
    .values({ name, value: values })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet((eb) => ({ value: eb('numbers.value', '+', values) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}

/** Stamps the touched sites, so that other processes find them by comparing numbers. */
async function stamp({ tx, touched }: Write): Promise<void> {
  if (touched.size === 0) return;
  const change = await nextNumber(tx, 'change');
  await tx
    .updateTable('sites')
    .set({ change })
    .where('id', 'in', [...touched])
    .execute();
}

class KyselyConfigStore implements ConfigStore {
  readonly db: Kysely<ConfigSchema>;
  readonly now: () => number;
  readonly #onError: (error: unknown) => void;
  readonly #engine: ConfigEngine;
  readonly #running = new Set<Promise<unknown>>();
  #held = false;
  readonly #listeners = new Set<(siteIds: ReadonlySet<string>) => Promise<void>>();

  constructor(engine: ConfigEngine, { now, onError }: Required<Pick<ConfigStoreOptions, 'now' | 'onError'>>) {
    this.#engine = engine;
    this.db = new Kysely({ dialect: engine.dialect });
    this.now = now;
    this.#onError = onError;
  }

  async write<T>(work: (write: Write) => Promise<T>): Promise<T> {
    if (this.#held) {
      throw new Problem('overloaded', 'The configuration is moving to another place.', { retry_after_s: 10 });
    }
    const writing = this.#transact(work);
    const ended = writing.catch(() => undefined);
    this.#running.add(ended);
    try {
      return await writing;
    } finally {
      this.#running.delete(ended);
    }
  }

  async hold(): Promise<void> {
    this.#held = true;
    await Promise.all(this.#running);
  }

  release(): void {
    this.#held = false;
  }

  async #transact<T>(work: (write: Write) => Promise<T>): Promise<T> {
    const touched = new Set<string>();
    const result = await this.db
      .transaction()
      .execute(async (tx) => {
        const write: Write = { tx, at: this.now(), touched };
        const worked = await work(write);
        await stamp(write);
        return worked;
      })
      .catch((cause: unknown) => {
        if (!isDiskRefusal(cause)) throw cause;
        throw new Problem('overloaded', 'The disk takes nothing at the moment.', { retry_after_s: 10, cause });
      });
    // What is committed is done: a listener that fails is no reason to call the write failed.
    if (touched.size > 0) {
      await Promise.all([...this.#listeners].map((listener) => listener(touched).catch(this.#onError)));
    }
    return result;
  }

  onWritten(listener: (siteIds: ReadonlySet<string>) => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async forgetSalts(): Promise<void> {
    await this.#engine.forgetSalts.execute(this.db);
  }

  async copyTo(path: string): Promise<void> {
    const { copyTo } = this.#engine;
    if (copyTo === null)
      throw new Problem(
        'conflict',
        'The configuration is in PostgreSQL: back it up with pg_dump, and events in ClickHouse with its BACKUP.',
      );
    await copyTo(path).execute(this.db);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.db.destroy();
  }
}

/** Loaded only by who has a PostgreSQL: its client takes ten megabytes. */
async function engineAt(url: string, onError: (error: unknown) => void): Promise<ConfigEngine> {
  const { openPostgres } = await import('./postgres-connection.ts');
  return openPostgres(url, onError);
}

/** Opens the store and brings its schema up to date. Throws an Error in words when a newer release wrote it. */
export async function openConfigStore(options: ConfigStoreOptions): Promise<ConfigStore> {
  const { now = Date.now, onError = throwUncaught } = options;
  const engine = 'url' in options ? await engineAt(options.url, onError) : openSqlite(options.path);
  const store = new KyselyConfigStore(engine, { now, onError });
  try {
    await migrateConfig(store.db);
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}
