/** Backup of the configuration: a copy without salts and logins, taken while the server runs. */
import { constants } from 'node:fs';
import { copyFile, rm } from 'node:fs/promises';
import { type ConfigStore, openConfigStore } from './config-store.ts';

/**
 * Writes the backup to a file that does not exist yet. Salts are left out, else the backup could tell visitors apart
 * after their salt was destroyed; logins, because a backup is no place for them. Throws `conflict` for PostgreSQL.
 */
export async function backupConfig(store: ConfigStore, path: string): Promise<void> {
  await store.copyTo(path);
  try {
    const copy = await openConfigStore({ path });
    try {
      await copy.write(async ({ tx }) => {
        await tx.deleteFrom('salts').execute();
        await tx.deleteFrom('web_sessions').execute();
      });
      await copy.forgetSalts();
    } finally {
      await copy.close();
    }
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/**
 * Makes a backup the configuration of a data folder that has none, and brings it up to date. Throws an Error when
 * `to` exists, when `from` is no configuration, or when a newer release wrote it; `to` does not exist then.
 */
export async function restoreConfig({ from, to }: { from: string; to: string }): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  try {
    await (await openConfigStore({ path: to })).close();
  } catch (error) {
    await Promise.all(['', '-wal', '-shm'].map((ending) => rm(`${to}${ending}`, { force: true })));
    throw error;
  }
}
