/** Backups: whole, without what must not outlive its time, and restored only where nothing is lost. */

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { backupConfig, restoreConfig } from '../../../src/server/goals/config-backup.ts';
import { ORIGIN, SIGNUP, temporaryConfiguration, temporaryFile, withSite } from './temporary-configuration.ts';

test('a backup has everything but salts and logins', async () => {
  const { configuration, site } = await withSite();
  const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
  const key = await configuration.keys.create({ site, scopes: ['admin'] }, ORIGIN);
  const token = (await configuration.accounts.setupToken()) ?? '';
  const joining = { token, email: 'anna@example.com', password: 'correct horse battery' };
  const session = await configuration.webSessions.open(await configuration.accounts.join(joining));
  const salt = await configuration.salts.saltFor('2026-01-01');
  const [backup, path] = [await temporaryFile(), await temporaryFile()];
  await backupConfig(configuration.store, backup);
  const bytes = await readFile(backup, 'latin1');
  expect(bytes).not.toContain(salt);
  expect(bytes).not.toContain(session.csrf_token);

  await restoreConfig({ from: backup, to: path });
  const { configuration: restored } = await temporaryConfiguration(path);
  expect(await restored.goals.get({ site, goal: goal.id })).toEqual(goal);
  expect(await restored.keys.verify(key.key)).toMatchObject({ id: key.id });
  expect(await restored.accounts.list()).toHaveLength(1);
  const { goal: next } = await restored.goals.create(site, SIGNUP, ORIGIN);
  expect(next.number).toBe(goal.number + 1);
});

test('a backup can be taken while others write', async () => {
  const { configuration, site } = await withSite();
  const backup = await temporaryFile();
  const writes = Array.from({ length: 20 }, () => configuration.goals.create(site, SIGNUP, ORIGIN));
  await Promise.all([...writes, backupConfig(configuration.store, backup)]);
  const { configuration: copy } = await temporaryConfiguration(backup);
  expect((await copy.goals.all(site)).length).toBeLessThanOrEqual(20);
  expect(await configuration.goals.all(site)).toHaveLength(20);
});

test('nothing is overwritten, and what is no configuration is refused', async () => {
  const { configuration, path } = await withSite();
  const backup = await temporaryFile();
  await backupConfig(configuration.store, backup);
  await expect(backupConfig(configuration.store, backup)).rejects.toThrow(/exists/);
  await expect(restoreConfig({ from: backup, to: path })).rejects.toThrow(/EEXIST/);
  expect(existsSync(backup)).toBe(true);
  const [junk, to] = [await temporaryFile(), await temporaryFile()];
  await writeFile(junk, 'this is not a database, however long it may be '.repeat(100));
  await expect(restoreConfig({ from: junk, to })).rejects.toThrow(/not a database/);
  expect(existsSync(to)).toBe(false);
});
