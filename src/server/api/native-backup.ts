/** Native route that backs the whole installation up while it runs; only whoever owns the data folder may ask. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import type { Collector } from '../collector/collector.ts';
import { copySegments } from '../collector/segment.ts';
import type { Route } from './dialect.ts';
import { copyKeptScripts, KEPT_SCRIPTS } from './kept-scripts.ts';
import { CONTROL_PRINCIPAL } from './principal.ts';
import { defineRoute } from './route.ts';

/** Names inside a backup folder. */
export const BACKUP_CONFIG = 'config.sqlite';
export const BACKUP_EVENTS = 'events';
export const BACKUP_JOURNAL = 'journal';
export const BACKUP_MANIFEST = 'backup.json';

/** What was acknowledged before is in the snapshot then; what the engine does not take in time is copied as it lies. */
async function drainIfPossible(collector: Collector): Promise<void> {
  await collector.fresh().catch((error: unknown) => {
    if (!(error instanceof Problem) || error.code !== 'overloaded') throw error;
  });
}

export const BACKUP_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/api/backup',
    scope: 'admin',
    tag: 'Installation',
    summary:
      'Writes a backup into an empty folder of the server. At the control socket only, as `goalpost backup` does.',
    body: Type.Object({ folder: Type.String({ minLength: 1 }) }, { additionalProperties: false }),
    answers: { 201: Type.Object({ folder: Type.String(), taken_at: Type.Integer() }) },
    async run({ backend, body, principal }) {
      if (principal !== CONTROL_PRINCIPAL) {
        throw new Problem(
          'forbidden',
          'Backups are written for the owner of the data folder only, by the command line.',
        );
      }
      const { folder } = body;
      if (!isAbsolute(folder))
        throw new Problem('invalid_field', 'The folder is an absolute path.', { field: 'folder' });
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if ((await readdir(folder)).length > 0) {
        throw new Problem('invalid_field', 'The folder is not empty.', { field: 'folder' });
      }
      await drainIfPossible(backend.collector);
      await copySegments(join(backend.config.data_dir, BACKUP_JOURNAL), join(folder, BACKUP_JOURNAL));
      await copyKeptScripts(join(backend.config.data_dir, KEPT_SCRIPTS), join(folder, KEPT_SCRIPTS));
      await backend.store.backup(join(folder, BACKUP_EVENTS));
      await backend.backupConfig(join(folder, BACKUP_CONFIG));
      const taken_at = backend.clock();
      await writeFile(join(folder, BACKUP_MANIFEST), `${JSON.stringify({ goalpost: 1, taken_at })}\n`);
      return { status: 201, body: { folder, taken_at } };
    },
  }),
];
