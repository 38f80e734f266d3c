/** Fills an empty data folder from a backup. No server runs on it meanwhile: the folder's lock sees to that. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { copyKeptScripts, KEPT_SCRIPTS } from './api/kept-scripts.ts';
import { BACKUP_CONFIG, BACKUP_EVENTS, BACKUP_JOURNAL, BACKUP_MANIFEST } from './api/native-backup.ts';
import { copySegments } from './collector/segment.ts';
import { type ServerConfig, SettingError } from './config.ts';
import { lockData } from './data-lock.ts';
import { restoreConfig } from './goals/config-backup.ts';
import { openConfigStore } from './goals/config-store.ts';
import { embeddedPath, openEventStore } from './open-store.ts';

/** Restores `folder`. Throws DataOwnedError, or an Error in words; the data folder is empty again then. */
export async function restoreBackup(config: ServerConfig, folder: string): Promise<void> {
  if (config.config_url !== null) {
    throw new SettingError('GOALPOST_CONFIG', 'a PostgreSQL database is restored with its own tools.');
  }
  if (!existsSync(join(folder, BACKUP_MANIFEST)))
    throw new Error(`${folder} is no backup: ${BACKUP_MANIFEST} is missing.`);
  const lock = lockData(config.data_dir);
  try {
    const to = join(config.data_dir, 'config.sqlite');
    const events = embeddedPath(config);
    if (existsSync(to) || existsSync(events)) {
      throw new Error(`${config.data_dir} has data already; restore into a new folder with --data.`);
    }
    await restoreConfig({ from: join(folder, BACKUP_CONFIG), to });
    try {
      await restoreEvents(config, { path: to, folder: join(folder, BACKUP_EVENTS) });
      await restoreJournal(join(folder, BACKUP_JOURNAL), config.data_dir);
      await copyKeptScripts(join(folder, KEPT_SCRIPTS), join(config.data_dir, KEPT_SCRIPTS));
    } catch (error) {
      await Promise.all(
        [to, `${to}-wal`, `${to}-shm`, events, `${events}.wal`].map((path) => rm(path, { force: true })),
      );
      throw error;
    }
  } finally {
    lock.release();
  }
}

/** What was not in the store yet; the next start brings it in. Older backups have none. */
async function restoreJournal(from: string, dataDir: string): Promise<void> {
  if (existsSync(from)) await copySegments(from, join(dataDir, BACKUP_JOURNAL));
}

/** Into the store that the configuration names; its claims go with the configuration just restored. */
async function restoreEvents(config: ServerConfig, { path, folder }: { path: string; folder: string }): Promise<void> {
  const configuration = await openConfigStore({ path });
  try {
    const store = await openEventStore(config, { configuration });
    try {
      await store.restore(folder);
    } finally {
      await store.close();
    }
  } finally {
    await configuration.close();
  }
}
