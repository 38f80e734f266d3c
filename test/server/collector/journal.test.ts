/** The journal on a real disk: what is answered is on it, what is sealed is whole. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SEGMENT_BYTES } from '../../../src/core/limits.ts';
import type { Problem } from '../../../src/core/problem.ts';
import { Journal } from '../../../src/server/collector/journal.ts';
import type { SealedSegment } from '../../../src/server/collector/segment.ts';

let directory: string;
let sealed: SealedSegment[];
let failures: Error[];
let onSealed: (segment: SealedSegment) => void;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goalpost-journal-'));
  sealed = [];
  failures = [];
  onSealed = (segment) => sealed.push(segment);
});
afterEach(() => rm(directory, { recursive: true }));

async function openJournal(folder = directory): Promise<Journal> {
  const journal = new Journal({
    directory: folder,
    run: 'run1',
    onSealed: (segment) => onSealed(segment),
    onSynced: () => undefined,
    clock: Date.now,
    onFailure: (error) => failures.push(error),
  });
  await journal.open();
  return journal;
}

function write(journal: Journal, lines: string): Promise<Problem | undefined> {
  return new Promise((resolve) => journal.append(lines, resolve));
}

describe('the journal', () => {
  it('has the lines on disk when it answers', async () => {
    const journal = await openJournal();
    expect(await write(journal, 'one\n')).toBeUndefined();
    expect(readFileSync(join(directory, 'run1-00000001.v1.csv'), 'utf8')).toBe('one\n');
    await journal.close();
  });

  it('answers who adds nothing when what is being written is on disk, and at once when nothing is', async () => {
    const journal = await openJournal();
    const told: string[] = [];
    journal.append('one\n', () => told.push('one'));
    const nothing = write(journal, '').then((problem) => told.push(`nothing ${problem?.code}`));
    expect(told).toEqual([]);
    await nothing;
    expect(told).toEqual(['one', 'nothing undefined']);
    journal.append('', () => told.push('at once'));
    expect(told.at(-1)).toBe('at once');
    await journal.close();
  });

  it('answers in the order of asking and keeps that order in the file', async () => {
    const journal = await openJournal();
    const answered: number[] = [];
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => write(journal, `${index}\n`).then(() => answered.push(index))),
    );
    await journal.close();
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    expect(answered).toEqual(numbers);
    expect(sealed.map((segment) => readFileSync(segment.path, 'utf8')).join('')).toBe(
      numbers.map((n) => `${n}\n`).join(''),
    );
  });

  it('seals half a second after the first record', async () => {
    const journal = await openJournal();
    const first = new Promise<SealedSegment>((resolve) => {
      onSealed = resolve;
    });
    await write(journal, 'one\n');
    expect(await first).toMatchObject({ id: 'run1-00000001', bytes: 4, suspect: false });
    onSealed = (segment) => sealed.push(segment);
    await journal.close();
    expect(sealed).toEqual([]);
  });

  it('seals when a segment is full', async () => {
    const journal = await openJournal();
    const line = `${'x'.repeat(1_048_575)}\n`;
    await Promise.all(Array.from({ length: SEGMENT_BYTES / line.length }, () => write(journal, line)));
    expect(sealed.map((segment) => segment.bytes)).toEqual([SEGMENT_BYTES]);
    await write(journal, 'next\n');
    await journal.close();
    expect(sealed.map((segment) => segment.id)).toEqual(['run1-00000001', 'run1-00000002']);
  });

  it('seals on request what was answered before', async () => {
    const journal = await openJournal();
    await write(journal, 'one\n');
    const late = write(journal, 'two\n');
    await journal.seal();
    expect(sealed.map((segment) => segment.bytes)).toEqual([8]);
    await late;
    await journal.seal();
    await journal.close();
    expect(sealed).toHaveLength(1);
  });

  it('leaves no empty file behind', async () => {
    const journal = await openJournal();
    await write(journal, 'one\n');
    await journal.close();
    expect(await readdir(directory)).toEqual(['run1-00000001.v1.csv']);
  });

  it('refuses records after it was closed', async () => {
    const journal = await openJournal();
    await journal.close();
    expect(await write(journal, 'late\n')).toMatchObject({ code: 'overloaded' });
  });

  it('answers overloaded when no segment can be made, and goes on when one can', async () => {
    const journal = await openJournal();
    await write(journal, 'one\n');
    await rm(directory, { recursive: true });
    await journal.seal();
    // The spare was opened before its folder went; the one after it cannot be.
    expect(await write(journal, 'two\n')).toBeUndefined();
    await journal.seal();
    expect(await write(journal, 'three\n')).toMatchObject({ code: 'overloaded', retry_after_s: 5 });
    expect(failures).toHaveLength(1);
    await mkdir(directory);
    expect(await write(journal, 'four\n')).toBeUndefined();
    await journal.close();
    expect(readFileSync(sealed.at(-1)!.path, 'utf8')).toBe('four\n');
  });
});
