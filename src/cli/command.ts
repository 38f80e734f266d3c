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

/** Prints what went wrong, as the API tells it where JSON is asked for. 1 is the exit code of every failure. */
export function fail(error: unknown, options: { json: boolean }): void {
  const message = error instanceof Error ? error.message : String(error);
  const refusal = error instanceof RefusedError ? error.body : undefined;
  const said = refusal ?? { error: { code: 'failed', message } };
  if (options.json) process.stderr.write(`${JSON.stringify(said)}\n`);
  else process.stderr.write(`goalpost: ${message}\n`);
  process.exitCode = 1;
}
