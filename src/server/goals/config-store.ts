/** The configuration store: one set of Kysely queries, serialised writes, and word to those who cache what changed. */
import { Kysely, sql, type Transaction } from 'kysely';
import type { ConfigSchema } from './config-schema.ts';
import { migrateConfig } from './migrate.ts';
import { openSqlite } from './sqlite-connection.ts';

/** Either a file of SQLite, created when missing, or `:memory:`. */
export interface ConfigStoreOptions {
  path: string;
  /** ms since 1970 UTC; default the system's clock. */
  now?: () => number;
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
  /** After secrets were deleted: empties the log that may still hold them. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/** The counter's next value; its row stays locked until the transaction ends, so that values become visible in order. */
export async function nextNumber(tx: Transaction<ConfigSchema>, name: string): Promise<number> {
  const row = await tx
    .insertInto('numbers')
    .values({ name, value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet((eb) => ({ value: eb('numbers.value', '+', 1) })))
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
  readonly #listeners = new Set<(siteIds: ReadonlySet<string>) => Promise<void>>();

  constructor(db: Kysely<ConfigSchema>, now: () => number) {
    this.db = db;
    this.now = now;
  }

  async write<T>(work: (write: Write) => Promise<T>): Promise<T> {
    const touched = new Set<string>();
    const result = await this.db.transaction().execute(async (tx) => {
      const write: Write = { tx, at: this.now(), touched };
      const worked = await work(write);
      await stamp(write);
      return worked;
    });
    if (touched.size > 0) await Promise.all([...this.#listeners].map((listener) => listener(touched)));
    return result;
  }

  onWritten(listener: (siteIds: ReadonlySet<string>) => Promise<void>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async forget(): Promise<void> {
    await sql`pragma wal_checkpoint(truncate)`.execute(this.db);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.db.destroy();
  }
}

/** Opens the store and brings its schema up to date. Throws an Error in words when a newer release wrote it. */
export async function openConfigStore({ path, now = Date.now }: ConfigStoreOptions): Promise<ConfigStore> {
  const db = new Kysely<ConfigSchema>({ dialect: openSqlite(path) });
  try {
    await migrateConfig(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return new KyselyConfigStore(db, now);
}
