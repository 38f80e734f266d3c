/** Bars of long work: drawn on terminals, gone when the work ends, unknown to scripts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { barOf, bytesIn, withProgress } from '../../src/cli/progress.ts';

/** A terminal that remembers what was written. */
function terminal({ isTTY }: { isTTY: boolean }) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => written.push(text) };
}

describe('a bar', () => {
  test.each([
    [0, '░'.repeat(30), '  0%'],
    [0.5, '█'.repeat(15) + '░'.repeat(15), ' 50%'],
    [1.7, '█'.repeat(30), '100%'],
    [Number.NaN, '░'.repeat(30), '  0%'],
  ])('of %d is drawn within its bounds', (fraction, bar, percent) => {
    expect(barOf('Restoring', fraction)).toBe(`Restoring  ${bar} ${percent}`);
  });

  test('is drawn while the work runs and wiped when it ends, also badly', async () => {
    for (const work of [async () => 7, async () => Promise.reject(new Error('full'))]) {
      const screen = terminal({ isTTY: true });
      await withProgress({ label: 'Backing up', done: () => 0.25, screen }, work).catch(() => undefined);
      expect(screen.written.at(0)).toContain(' 25%');
      expect(screen.written.at(-1)).toBe('\r\u001b[K');
    }
  });

  test('is not drawn for scripts, nor where there is no terminal', async () => {
    const [file, script] = [terminal({ isTTY: false }), terminal({ isTTY: true })];
    expect(await withProgress({ label: 'x', done: () => 0, screen: file }, async () => 1)).toBe(1);
    expect(await withProgress({ label: 'x', done: () => 0, json: true, screen: script }, async () => 2)).toBe(2);
    expect([file.written, script.written]).toEqual([[], []]);
  });
});

test('bytes are those of every file below, and none where there is no folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'goalpost-bytes-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a'), '12345');
  expect([bytesIn(folder), bytesIn(join(folder, 'none'))]).toEqual([5, 0]);
});
