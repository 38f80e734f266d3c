/** Who owns a data folder: one process at a time, held by the operating system, so a killed owner leaves nothing behind. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';

/** The folder belongs to another running process. */
export class DataOwnedError extends Error {
  constructor(dataDir: string) {
    super(
      `The data folder ${dataDir} belongs to a running server. Stop that server first, or give this one a folder of its own with --data. Commands other than serve work beside a running server.`,
    );
    this.name = 'DataOwnedError';
  }
}

/** A held lock. */
export interface DataLock {
  release(): void;
}

/**
 * Takes `data/lock`, creating the folder when it is missing (readable by its owner alone). Throws DataOwnedError.
 * The file is an empty SQLite database in an exclusive transaction: Node has no flock, SQLite's lock does the same and
 * ends with its process, while a file with a process number in it would survive `kill -9` and a container's restart.
 */
export function lockData(dataDir: string): DataLock {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const database = new Database(join(dataDir, 'lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && /lock|busy/i.test(error.message)) throw new DataOwnedError(dataDir);
    throw error;
  }
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}
