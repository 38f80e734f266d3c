/** Several segments as one: an engine that fell behind catches up faster with few large loads than with many small. */
import { SEGMENT_BYTES } from '../../core/limits.ts';
import type { Segment } from '../store/event-store.ts';
import type { SealedSegment } from './segment.ts';

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
 * The segments as one, whose id is theirs, so a load that was committed is not repeated by the same run; a later run that
 * finds the segments again loads them one by one, and every event of them is a duplicate.
 */
export function mergeSegments([first, ...others]: readonly [SealedSegment, ...SealedSegment[]]): Segment {
  const last = others.at(-1) ?? first;
  return { id: `${first.id}+${last.id}`, path: first.path, others: others.map(({ path }) => path) };
}
