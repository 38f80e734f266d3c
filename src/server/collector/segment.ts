/** Segments: the files a journal is made of, how they are named, and what of them is left after a crash. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, copyFile, mkdir, open, readdir, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isWholeRow, ROW_COLUMNS, ROW_FORMAT } from '../store/event-row.ts';
import type { Segment } from '../store/event-store.ts';

/** A segment that takes no more records. */
export interface SealedSegment extends Segment {
  bytes: number;
  /** When its first record came, ms since 1970 UTC. */
  since_ms: number;
  /** Written by another run, or after a failed write: its checksums are verified before the engine sees it. */
  suspect: boolean;
}

/** What verifying a segment removed from it. */
export interface Verdict {
  /** Whole records that stay. */
  kept: number;
  /** Records whose checksum does not fit; they are now in the quarantine. */
  damaged: number;
  /** Bytes after the last line feed, of a record that was never finished. */
  torn_bytes: number;
}

/** Folder below the journal's for damaged records. */
export const QUARANTINE = 'quarantine';

/** Ending of a part of a segment that is tried alone; a crash may leave one, and it is worth nothing: the segment is still there. */
export const PART = '.part';

const NAME = /^([0-9a-z]+-[0-9]+)\.v([0-9]+)\.csv$/;
const LINE_FEED = 10;

/** Names a run as no other was or will be; names sort by time. */
export function runName(now_ms: number): string {
  return now_ms.toString(36).padStart(9, '0') + randomBytes(6).readUIntBE(0, 6).toString(36);
}

/** `<run>-<n>`, ordered by age within a run and between runs. */
export function segmentId(run: string, number: number): string {
  return `${run}-${String(number).padStart(8, '0')}`;
}

/** The file of a segment this program writes. */
export function segmentPath(directory: string, id: string): string {
  return join(directory, `${id}.v${ROW_FORMAT}.csv`);
}

/**
 * Segments that earlier runs left behind, oldest first; empty ones are removed, half-made repairs too.
 * Throws, in words, when a newer program wrote one of them: going on would lose what it holds.
 */
export async function leftSegments(directory: string): Promise<SealedSegment[]> {
  const found: SealedSegment[] = [];
  for (const name of (await readdir(directory)).sort()) {
    const path = join(directory, name);
    if (name.endsWith('.repair') || name.endsWith(PART)) {
      await rm(path);
      continue;
    }
    const parts = NAME.exec(name);
    if (!parts) continue;
    const format = Number(parts[2]);
    if (format > ROW_FORMAT) {
      throw new Error(
        `The journal holds ${name}, which a newer version of Goalpost wrote (segment format ${format}, this version reads ` +
          `up to ${ROW_FORMAT}). Start that version again; it drains the journal when it is stopped.`,
      );
    }
    const { bytes, since_ms } = await lookAt(path);
    if (bytes === 0) await rm(path);
    else found.push({ id: parts[1]!, path, bytes, since_ms, suspect: true });
  }
  return found;
}

/**
 * Copies the segments of a journal's folder into another, which is made. One that is drained meanwhile may be in the copy
 * or not: who copies first and takes a snapshot of the store afterwards has every record, and some twice.
 */
export async function copySegments(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const name of await readdir(from)) {
    if (!NAME.test(name)) continue;
    await copyFile(join(from, name), join(to, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** Place of `received` in a record; the fields before it need no quotes. */
const RECEIVED = Object.keys(ROW_COLUMNS).indexOf('received');
/** A record's first fields are far shorter than this. */
const HEAD_BYTES = 200;

/** How large a segment is and when its first record came; of a damaged one, when the file was made. */
async function lookAt(path: string): Promise<Pick<SealedSegment, 'bytes' | 'since_ms'>> {
  const file = await open(path, 'r');
  try {
    const { size, birthtimeMs } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const received = buffer.toString('latin1', 0, bytesRead).split(',')[RECEIVED] ?? '';
    return { bytes: size, since_ms: /^\d{1,15}$/.test(received) ? Number(received) : Math.floor(birthtimeMs) };
  } finally {
    await file.close();
  }
}

/** Bytes up to and including the last line feed. */
async function wholeBytes(path: string): Promise<{ whole: number; size: number }> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const block = Buffer.alloc(65_536);
    for (let end = size; end > 0; ) {
      const start = Math.max(0, end - block.length);
      const { bytesRead } = await file.read(block, 0, end - start, start);
      const at = block.subarray(0, bytesRead).lastIndexOf(LINE_FEED);
      if (at >= 0) return { whole: start + at + 1, size };
      end = start;
    }
    return { whole: 0, size };
  } finally {
    await file.close();
  }
}

/** Sorts the lines of a file by their checksums; both lists hold lines without line feed. */
async function sortLines(path: string): Promise<{ whole: string[]; damaged: string[] }> {
  const whole: string[] = [];
  const damaged: string[] = [];
  // latin1 keeps every byte, so that a damaged one can be written to the quarantine as it was found.
  const lines = createInterface({ input: createReadStream(path, 'latin1'), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    (isWholeRow(Buffer.from(line, 'latin1').toString('utf8')) ? whole : damaged).push(line);
  }
  return { whole, damaged };
}

/** Cuts a torn tail, moves damaged records into the quarantine and leaves a segment of whole records only. */
export async function verifySegment(segment: SealedSegment, directory: string): Promise<Verdict> {
  const { whole: wholeLength, size } = await wholeBytes(segment.path);
  if (wholeLength < size) await truncate(segment.path, wholeLength);
  const { whole, damaged } = await sortLines(segment.path);
  if (damaged.length > 0) {
    const quarantine = join(directory, QUARANTINE, `${segment.id}.v${ROW_FORMAT}.csv`);
    await appendFile(quarantine, `${damaged.join('\n')}\n`, 'latin1');
    await replaceFile(segment.path, whole.length > 0 ? `${whole.join('\n')}\n` : '');
  }
  segment.suspect = false;
  return { kept: whole.length, damaged: damaged.length, torn_bytes: size - wholeLength };
}

/** Replaces a file whole or not at all. */
async function replaceFile(path: string, latin1: string): Promise<void> {
  const repair = `${path}.repair`;
  const file = await open(repair, 'w');
  try {
    await file.writeFile(latin1, 'latin1');
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(repair, path);
}
