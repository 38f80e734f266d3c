/** Scripts under their own names, kept in the data folder: a page that pins one goes on getting it after an upgrade. */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';
import { contentHash } from './script-files.ts';

/** Folder in the data folder; backups have one of the same name. */
export const KEPT_SCRIPTS = 'scripts';
/** What pages name by its hash. */
const KEPT_NAME = /^(?:tracker|compat)-[\w.+-]{1,64}-([0-9a-f]{12})\.js$/;

/** The scripts of earlier releases: their content by name, undefined for what was never here. */
export type KeptScripts = (name: string) => Buffer | undefined;

/** Keeps the scripts of this release, and finds those that were kept. A disk that refuses is logged and keeps nothing. */
export function keepScripts(folder: string, files: Iterable<[name: string, content: Buffer]>, log: Log): KeptScripts {
  const names = new Set<string>();
  try {
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder)) if (KEPT_NAME.test(name)) names.add(name);
    for (const [name, content] of files) {
      if (names.has(name) || !KEPT_NAME.test(name)) continue;
      const unfinished = join(folder, `${name}.unfinished`);
      writeFileSync(unfinished, content);
      renameSync(unfinished, join(folder, name));
    }
  } catch (err) {
    log.error({ err }, 'scripts could not be kept; pages that pin this release would miss them after an upgrade');
  }
  return (name) => (names.has(name) ? readKept(folder, name) : undefined);
}

/** undefined when the file is not what its name says. */
function readKept(folder: string, name: string): Buffer | undefined {
  const content = readFileSync(join(folder, name));
  return contentHash(content) === KEPT_NAME.exec(name)?.[1] ? content : undefined;
}

/** Copies them from one data folder or backup to another; where there are none, nothing. */
export async function copyKeptScripts(from: string, to: string): Promise<void> {
  const names = await readdir(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of names) if (KEPT_NAME.test(name)) await copyFile(join(from, name), join(to, name));
}
