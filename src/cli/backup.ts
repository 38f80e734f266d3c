/** `goalpost backup` and `restore`. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { readConfig } from '../server/config.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { print } from './output.ts';
import { bytesIn, withProgress } from './progress.ts';

/** Adds the commands. */
export function addBackup(program: Command): void {
  withCommon(
    program.command('backup <folder>').description('write a backup into an empty folder, while running too'),
  ).action(backup);
  withCommon(program.command('restore <folder>').description('fill an empty data folder from a backup')).action(
    restore,
  );
}

async function backup(folder: string, options: CommonOptions): Promise<void> {
  const body = { folder: resolve(folder) };
  const whole = bytesIn(readConfig({ data: options.data }).data_dir);
  const progress = { label: 'Backing up', done: () => bytesIn(body.folder) / whole, json: options.json };
  await onClient(options, async (client) => {
    const ask = () => client.send<{ folder: string }>({ method: 'POST', path: '/api/backup', body });
    const made = await withProgress(progress, ask);
    print(options, made, [`Backed up to ${made.folder}`]);
  });
}

async function restore(folder: string, options: CommonOptions): Promise<void> {
  const config = readConfig({ data: options.data });
  const { restoreBackup } = await import('../server/restore.ts');
  const whole = bytesIn(resolve(folder));
  const done = () => bytesIn(config.data_dir) / whole;
  await withProgress({ label: 'Restoring', done, json: options.json }, () => restoreBackup(config, resolve(folder)));
  print(options, { restored: config.data_dir }, [`Restored into ${config.data_dir}`]);
}
