/** What commands share: the options every one of them has, and the way from a data folder to an exit code. */
import type { Command } from 'commander';
import { readConfig } from '../server/config.ts';
import { type Client, openClient, RefusedError } from './client.ts';

/** Options of every command. */
export interface CommonOptions {
  data?: string;
  json?: boolean;
}

/** Adds them. */
export function withCommon(command: Command): Command {
  return command
    .option('--data <folder>', 'data folder (GOALPOST_DATA, default ./data)')
    .option('--json', 'print JSON for scripts');
}

/** Runs a command on a client, closing it whatever happens. */
export async function onClient(options: CommonOptions, work: (client: Client) => Promise<void>): Promise<void> {
  const client = await openClient(readConfig({ data: options.data }));
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

/** Prints what went wrong; 1 is the exit code of every failure, 2 that of commander for wrong usage. */
export function fail(error: unknown, options: { json: boolean }): void {
  const message = error instanceof Error ? error.message : String(error);
  if (options.json && error instanceof RefusedError) process.stderr.write(`${JSON.stringify(error.body)}\n`);
  else process.stderr.write(`goalpost: ${message}\n`);
  process.exitCode = 1;
}
