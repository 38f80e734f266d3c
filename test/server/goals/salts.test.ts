/** Salts: shared, made once, and gone without a trace. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryConfiguration } from './temporary-configuration.ts';

const HOUR_MS = 3_600_000;

/** Everything the store has on disk, its log included. */
async function bytesOf(path: string): Promise<string> {
  const folder = dirname(path);
  const files = await readdir(folder);
  return (await Promise.all(files.map((file) => readFile(join(folder, file), 'latin1')))).join('');
}

test('all who ask for a day get the same salt, in every process', async () => {
  const { configuration, path } = await temporaryConfiguration();
  const { configuration: other } = await temporaryConfiguration(path);
  const asked = [1, 2, 3].flatMap(() => [configuration, other].map(({ salts }) => salts.saltFor('2026-01-01')));
  const answers = new Set(await Promise.all(asked));
  expect(answers.size).toBe(1);
  expect([...answers][0]).toMatch(/^[0-9a-f]{64}$/);
  expect(await configuration.salts.saltFor('2026-01-02')).not.toBe([...answers][0]);
});

test('only yesterday, today and tomorrow have a salt', async () => {
  const { configuration } = await temporaryConfiguration();
  for (const day of ['2025-12-31', '2026-01-01', '2026-01-02']) await configuration.salts.saltFor(day);
  for (const day of ['2025-12-30', '2026-01-03', 'today', '']) {
    await expect(configuration.salts.saltFor(day)).rejects.toMatchObject({ code: 'internal' });
  }
});

test('a salt is destroyed 48 hours after its day began, and no file holds it any more', async () => {
  const { configuration, clock, path } = await temporaryConfiguration();
  const salt = await configuration.salts.saltFor('2026-01-01');
  const next = await configuration.salts.saltFor('2026-01-02');
  clock.ms += 48 * HOUR_MS - 1;
  expect(await configuration.salts.destroyOld()).toBe(0);
  expect(await bytesOf(path)).toContain(salt);
  clock.ms += 1;
  expect(await configuration.salts.destroyOld()).toBe(1);
  const bytes = await bytesOf(path);
  expect(bytes).not.toContain(salt);
  expect(bytes).toContain(next);
});
