/** Opens SQLite for Kysely: durable, with foreign keys, deleted rows overwritten, writers queued instead of refused. */
import { setTimeout } from 'node:timers/promises';
import {
  type DatabaseConnection,
  type DialectAdapter,
  type Driver,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  sql,
} from 'kysely';
import Database from 'libsql';
import { Problem } from '../../core/problem.ts';
import type { ConfigEngine } from './config-engine.ts';

/** How long opening, or a transaction, waits for the lock of another process. */
const LOCK_WAIT_MS = 5_000;
/** SQLite's own waiting stops this whole process, so it is short and the rest of the waiting is asynchronous. */
const BUSY_TIMEOUT_MS = 20;
const LOCK_PAUSE_MS = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** The disk is full or broken: a matter of time, and nobody's fault who asks. */
export function isDiskRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^SQLITE_(FULL|IOERR)/.test(String(error.code));
}

/** Takes the write lock when a transaction begins: one that first reads could not be promoted after another's commit. */
class ImmediateDriver extends SqliteDriver {
  /**
   * One statement for ever: after SQLITE_BUSY it counts as running until it is run again, and a transaction that
   * another one began could not be committed.
   */
  readonly #begin: Database.Statement;
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
    this.#begin = database.prepare('begin immediate');
  }

  override async beginTransaction(): Promise<void> {
    const until = performance.now() + LOCK_WAIT_MS;
    for (;;) {
      try {
        this.#begin.run();
        return;
      } catch (error) {
        if (!isBusy(error)) throw error;
        if (performance.now() > until) {
          throw new Problem('overloaded', 'Another process keeps the configuration locked.', {
            retry_after_s: 1,
            cause: error,
          });
        }
      }
      await setTimeout(LOCK_PAUSE_MS);
    }
  }

  /** A disk that is full has rolled back already; complaining of that would hide what happened. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

/** SQLite undoes a cut-off change of its schema like any other, so migrations run in one transaction. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createAdapter(): DialectAdapter {
    return new TransactionalAdapter();
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#database);
  }
}

/**
 * Opens or creates the file. FULL makes each commit survive a power cut; `secure_delete` overwrites what is deleted,
 * which destroying salts relies on. Never bind a boolean: libsql 0.5 ends the process; flags are 0 or 1.
 */
export function openSqlite(path: string): ConfigEngine {
  const database = new Database(path);
  for (const setting of [
    // Whoever had the file before may be closing it still, which on a busy disk takes a while. Once open it stays open.
    `busy_timeout = ${LOCK_WAIT_MS}`,
    'journal_mode = WAL',
    'schema_version',
    `busy_timeout = ${BUSY_TIMEOUT_MS}`,
    'synchronous = FULL',
    'foreign_keys = ON',
    'secure_delete = ON',
  ]) {
    database.pragma(setting);
  }
  const forgetSalts = sql`pragma wal_checkpoint(truncate)`;
  return { dialect: new ImmediateSqliteDialect(database), forgetSalts, copyTo: (to) => sql`vacuum into ${to}` };
}
