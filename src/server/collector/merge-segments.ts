/** One file of several segments: an engine that fell behind catches up faster with few large loads than with many small. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SEGMENT_BYTES } from '../../core/limits.ts';
import type { Segment } from '../store/event-store.ts';
import { MERGED, type SealedSegment } from './segment.ts';

const MERGED_BYTES = 2 * SEGMENT_BYTES;

/** How many from the start of the queue are loaded together: whole ones of this run, up to MERGED_BYTES. */
export function mergeable(queue: readonly SealedSegment[]): SealedSegment[] {
  const taken: SealedSegment[] = [];
  let bytes = 0;
  for (const segment of queue) {
    bytes += segment.bytes;
    if (segment.suspect || (taken.length > 0 && bytes > MERGED_BYTES)) break;
    taken.push(segment);
  }
  return taken;
}

/**
 * Writes the segments into one file. Its id is theirs, so a load that was committed is not repeated by the same run; a
 * later run that finds the segments again loads them one by one, and every event of them is a duplicate.
 */
export async function mergeSegments(segments: readonly SealedSegment[], directory: string): Promise<Segment> {
  const id = `${segments[0]!.id}+${segments.at(-1)!.id}`;
  const path = join(directory, `${id}${MERGED}`);
  const file = await open(path, 'w');
  try {
    // Not synced: what must survive are the segments.
    for (const segment of segments) await file.writeFile(await readFile(segment.path));
  } finally {
    await file.close();
  }
  return { id, path };
}
