/** Finds the records an engine refuses within a segment whose checksums are right, so that one cannot hold up the others. */
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from '../store/event-store.ts';
import { PART, QUARANTINE, type SealedSegment } from './segment.ts';

/** Into how many parts a refused one is cut. */
const PARTS = 8;

/** What records are tried with. */
export interface Isolation {
  /** The journal's folder. */
  directory: string;
  /** Loads a part; throws when it is refused. */
  load: (part: Segment) => Promise<unknown>;
}

interface Tried {
  loaded: number;
  refused: string[];
}

/**
 * Loads a refused segment in parts, and parts of refused parts. Records refused alone go into the quarantine; answers how
 * many. undefined: no part was taken, so the engine is at fault rather than a record, and nothing was changed. Whatever a
 * crash repeats is a duplicate.
 */
export async function isolateRecords(segment: SealedSegment, isolation: Isolation): Promise<number | undefined> {
  const lines = (await readFile(segment.path, 'utf8')).split('\n').slice(0, -1);
  const { loaded, refused } = await tryParts(lines, segment.id, isolation);
  if (loaded === 0) return undefined;
  if (refused.length > 0) {
    await appendFile(join(isolation.directory, QUARANTINE, `${segment.id}.refused.csv`), `${refused.join('\n')}\n`);
  }
  return refused.length;
}

async function tryParts(lines: readonly string[], id: string, isolation: Isolation): Promise<Tried> {
  const tried: Tried = { loaded: 0, refused: [] };
  const size = Math.ceil(lines.length / PARTS);
  const failed: { part: readonly string[]; id: string }[] = [];
  for (let start = 0; start < lines.length; start += size) {
    const part = { part: lines.slice(start, start + size), id: `${id}.${start / size}` };
    if (await isTaken(part.part, part.id, isolation)) tried.loaded += part.part.length;
    else failed.push(part);
  }
  if (tried.loaded === 0 && lines.length > 1 && !id.includes('.')) return tried;
  for (const { part, id: partId } of failed) {
    if (part.length === 1) tried.refused.push(part[0]!);
    else {
      const deeper = await tryParts(part, partId, isolation);
      tried.loaded += deeper.loaded;
      tried.refused.push(...deeper.refused);
    }
  }
  return tried;
}

async function isTaken(lines: readonly string[], id: string, { directory, load }: Isolation): Promise<boolean> {
  const path = join(directory, `${id}${PART}`);
  await writeFile(path, `${lines.join('\n')}\n`);
  try {
    await load({ id, path });
    return true;
  } catch {
    return false;
  } finally {
    await rm(path);
  }
}
