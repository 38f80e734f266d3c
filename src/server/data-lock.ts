/** Who owns a data folder: one process at a time, held by the operating system, so a killed owner leaves nothing behind. */
import { accessSync, constants, mkdirSync } from 'node:fs';
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

/** What the operating system says of a folder that cannot be used, in words. */
const FAULTS: Readonly<Record<string, string>> = {
  EEXIST: 'is no folder',
  ENOTDIR: 'is no folder',
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a file system that is read-only',
};

/** Makes the folder when it is missing, readable by its owner alone. Throws an Error in words when it cannot be used. */
function makeUsable(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const fault = FAULTS[(error as NodeJS.ErrnoException).code ?? ''];
    if (fault === undefined) throw error;
    throw new Error(`The data folder ${dataDir} ${fault}; name another with --data.`, { cause: error });
  }
}

/** A held lock. */
export interface DataLock {
  release(): void;
}

/**
 * Takes `data/lock`, creating the folder when it is missing. Throws DataOwnedError, or an Error in words.
 * The file is an empty SQLite database in an exclusive transaction: Node has no flock, SQLite's lock does the same and
 * ends with its process, while a file with a process number in it would survive `kill -9` and a container's restart.
 */
export function lockData(dataDir: string): DataLock {
  makeUsable(dataDir);
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
