/** Opens SQLite for Kysely: durable, with foreign keys, deleted rows overwritten, writers queued instead of refused. */
import { setTimeout } from 'node:timers/promises';
import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from 'kysely';
import Database from 'libsql';
import { Problem } from '../../core/problem.ts';

/** How long a transaction waits for the write lock of another process. */
const LOCK_WAIT_MS = 5_000;
/** SQLite's own waiting stops this whole process, so it is short and the rest of the waiting is asynchronous. */
const BUSY_TIMEOUT_MS = 20;
const LOCK_PAUSE_MS = 5;

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}

/** Takes the write lock when a transaction begins: one that first reads could not be promoted after another's commit. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const until = performance.now() + LOCK_WAIT_MS;
    for (;;) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
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
}

class ImmediateSqliteDialect extends SqliteDialect {
  readonly #database: Database.Database;

  constructor(database: Database.Database) {
    super({ database });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver({ database: this.#database });
  }
}

/**
 * Opens or creates the file. FULL makes each commit survive a power cut; `secure_delete` overwrites what is deleted,
 * which destroying salts relies on. Never bind a boolean: libsql 0.5 ends the process; flags are 0 or 1.
 */
export function openSqlite(path: string): SqliteDialect {
  const database = new Database(path);
  for (const setting of [
    `busy_timeout = ${BUSY_TIMEOUT_MS}`,
    'journal_mode = WAL',
    'synchronous = FULL',
    'foreign_keys = ON',
    'secure_delete = ON',
  ]) {
    database.pragma(setting);
  }
  return new ImmediateSqliteDialect(database);
}
