/** Opens SQLite for Kysely: durable, with foreign keys, deleted rows overwritten, writers queued instead of refused. */
import { CompiledQuery, type DatabaseConnection, type Driver, SqliteDialect, SqliteDriver } from 'kysely';
import Database from 'libsql';

/** Milliseconds to wait for another process's write lock. */
const BUSY_TIMEOUT_MS = 5_000;

/** Takes the write lock when a transaction begins: one that first reads could not be promoted after another's commit. */
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
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
