/** The quarantine: records that were damaged or refused, kept for whoever wants to know why, and not for ever. */
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { QUARANTINE_DAYS } from '../../core/limits.ts';
import { QUARANTINE } from './segment.ts';

const DAY_MS = 86_400_000;

/** Makes the folder below the journal's, and removes what has lain in it for too long: erasure does not reach it. */
export async function openQuarantine(directory: string, now_ms: number): Promise<void> {
  const folder = join(directory, QUARANTINE);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (now_ms - mtimeMs > QUARANTINE_DAYS * DAY_MS) await rm(path);
  }
}
