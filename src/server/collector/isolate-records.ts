/** Finds the records an engine refuses within a segment whose checksums are right, so that one cannot hold up the others. */
import { randomUUID } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../core/problem.ts';
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

interface Part {
  lines: readonly string[];
  id: string;
}

interface Tried {
  refused: string[];
  /** A part that was taken. */
  good: Part | undefined;
}

/**
 * Loads a refused segment in parts, and parts of refused parts. Records that are refused alone, twice, by an engine that takes
 * what it has taken before, go into the quarantine; answers how many. undefined: the engine is at fault rather than a record, and
 * the segment stays. Whatever is repeated is a duplicate. Throws when parts cannot be written.
 */
export async function isolateRecords(segment: SealedSegment, isolation: Isolation): Promise<number | undefined> {
  const lines = (await readFile(segment.path, 'utf8')).split('\n').slice(0, -1);
  try {
    const { good, refused } = await tryParts(lines, segment.id, isolation);
    if (good === undefined) return undefined;
    const refusedAgain: string[] = [];
    for (const [nth, line] of refused.entries()) {
      if (!(await isTaken([line], `${segment.id}.again.${nth}`, isolation))) refusedAgain.push(line);
    }
    if (refusedAgain.length === 0) return 0;
    // Under a name of its own: a store does nothing for one that it knows.
    if (!(await isTaken(good.lines, `${good.id}.${randomUUID()}`, isolation))) return undefined;
    const aside = join(isolation.directory, QUARANTINE, `${segment.id}.refused.csv`);
    await appendFile(aside, `${refusedAgain.join('\n')}\n`);
    return refusedAgain.length;
  } catch (error) {
    if (isAway(error)) return undefined;
    throw error;
  }
}

/** Whether an engine says "not now", which says nothing about a record. */
function isAway(error: unknown): boolean {
  return error instanceof Problem && error.code === 'overloaded';
}

async function tryParts(lines: readonly string[], id: string, isolation: Isolation): Promise<Tried> {
  const tried: Tried = { refused: [], good: undefined };
  const size = Math.ceil(lines.length / PARTS);
  const failed: Part[] = [];
  for (let start = 0; start < lines.length; start += size) {
    const part = { lines: lines.slice(start, start + size), id: `${id}.${start / size}` };
    if (await isTaken(part.lines, part.id, isolation)) tried.good = part;
    else failed.push(part);
  }
  if (tried.good === undefined && lines.length > 1 && !id.includes('.')) return tried;
  for (const part of failed) {
    if (part.lines.length === 1) tried.refused.push(part.lines[0]!);
    else {
      const deeper = await tryParts(part.lines, part.id, isolation);
      tried.refused.push(...deeper.refused);
      tried.good ??= deeper.good;
    }
  }
  return tried;
}

/** Whether the engine takes some records; throws when it is away, or when they cannot be written. */
async function isTaken(lines: readonly string[], id: string, { directory, load }: Isolation): Promise<boolean> {
  const path = join(directory, `${id}${PART}`);
  try {
    await writeFile(path, `${lines.join('\n')}\n`);
    return await load({ id, path }).then(
      () => true,
      (error: unknown) => {
        if (isAway(error)) throw error;
        return false;
      },
    );
  } finally {
    await rm(path, { force: true, recursive: true });
  }
}
