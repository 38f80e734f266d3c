/** The store itself: durable settings, migrations, refusal of what is newer. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import Database from 'libsql';
import { expect, test } from 'vitest';
import { nextNumber, openConfigStore } from '../../../src/server/goals/config-store.ts';
import { temporaryConfiguration, temporaryFile } from './temporary-configuration.ts';

test('opening twice keeps what was written', async () => {
  const path = await temporaryFile();
  const first = await openConfigStore({ path });
  await first.write(({ tx }) => tx.insertInto('numbers').values({ name: 'site', value: 7 }).execute());
  await first.close();
  const second = await openConfigStore({ path });
  expect(await second.db.selectFrom('numbers').selectAll().execute()).toEqual([{ name: 'site', value: 7 }]);
  await second.close();
});

/** Makes a store, keeps it to itself, says so, and lets go of it some moments later, as a command does that ends. */
const ENDING = `
  import Database from 'libsql';
  const database = new Database(process.argv[1]);
  database.pragma('journal_mode = WAL');
  database.exec('create table other (a)');
  database.pragma('locking_mode = EXCLUSIVE');
  database.exec('begin exclusive');
  console.log('locked');
  setTimeout(() => process.exit(), 300);
`;

test('opening waits for whoever is closing the store still', async () => {
  const path = await temporaryFile();
  const other = spawn(process.execPath, ['--input-type=module', '--eval', ENDING, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await Promise.race([once(other.stdout, 'data'), once(other, 'exit')]);
  expect(String(said)).toBe('locked\n');
  await (await openConfigStore({ path })).close();
});

test('a store of a newer release is refused in words', async () => {
  const path = await temporaryFile();
  await (await openConfigStore({ path })).close();
  const database = new Database(path);
  database.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '2030-01-01')");
  database.close();
  await expect(openConfigStore({ path })).rejects.toThrow(/newer release \(9999-later\)/);
});

test('a start that cannot make all tables makes none', async () => {
  const path = await temporaryFile();
  const database = new Database(path);
  database.exec('create table salts (day text)');
  await expect(openConfigStore({ path })).rejects.toThrow(/salts" already exists/);
  database.exec('drop table salts');
  expect(database.prepare("select name from sqlite_master where name = 'sites'").all()).toEqual([]);
  database.close();
  await (await openConfigStore({ path })).close();
});

test('writes survive a power cut, keep references whole and overwrite what is deleted', async () => {
  const { configuration, path } = await temporaryConfiguration();
  const { store } = configuration;
  await expect(
    store.write(({ tx }) => tx.insertInto('site_domains').values({ domain: 'a.example', site_id: 'none' }).execute()),
  ).rejects.toThrow(/FOREIGN KEY/);
  const secret = 'c'.repeat(64);
  await store.write(({ tx }) => tx.insertInto('salts').values({ day: '2026-01-01', salt: secret }).execute());
  await store.write(({ tx }) => tx.deleteFrom('salts').execute());
  const database = new Database(path);
  expect(database.prepare('pragma journal_mode').all()).toEqual([{ journal_mode: 'wal' }]);
  database.close();
});

test('what a failed write did is undone, and nobody is told of it', async () => {
  const { configuration } = await temporaryConfiguration();
  const { store } = configuration;
  let told = 0;
  store.onWritten(async () => {
    told += 1;
  });
  await expect(
    store.write(async ({ tx, touched }) => {
      touched.add('site_x');
      await tx.insertInto('numbers').values({ name: 'lost', value: 1 }).execute();
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await store.db.selectFrom('numbers').selectAll().where('name', '=', 'lost').execute()).toEqual([]);
  expect(told).toBe(0);
});

test('writers on one file wait for one another and lose nothing', async () => {
  const path = await temporaryFile();
  const stores = await Promise.all([1, 2, 3].map(() => openConfigStore({ path })));
  const counted = stores.flatMap((store) =>
    Array.from({ length: 50 }, () => store.write(({ tx }) => nextNumber(tx, 'n'))),
  );
  const numbers = await Promise.all(counted);
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
  for (const store of stores) await store.close();
});
