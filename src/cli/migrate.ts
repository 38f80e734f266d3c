/** `goalpost migrate`: to the schema of this release, or out of the data folder to PostgreSQL and ClickHouse. */
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import type { MoveStatus } from '../server/api/backend.ts';
import type { Client } from './client.ts';
import { type CommonOptions, onClient, withCommon } from './command.ts';
import { print } from './output.ts';
import { withProgress } from './progress.ts';

/** How often the server is asked how far it is. */
const AGAIN_MS = 200;

/** Where to. */
interface MigrateOptions extends CommonOptions {
  config?: string;
  events?: string;
}

/** Adds the command. */
export function addMigrate(program: Command): void {
  withCommon(
    program
      .command('migrate')
      .description('bring the data of an older release up to date, or move it to PostgreSQL and ClickHouse'),
  )
    .option('--config <url>', 'postgres://… the configuration moves to')
    .option('--events <url>', 'clickhouse://… the events move to')
    .action(migrate);
}

async function migrate(options: MigrateOptions): Promise<void> {
  const { config, events } = options;
  if (config === undefined && events === undefined) return bringUpToDate(options);
  if (config === undefined || events === undefined) throw new Error('Give both --config and --events.');
  await onClient(options, async (client) => {
    const status = await move(client, { config, events, json: options.json });
    if (status.state !== 'moved')
      throw new Error(`${status.error ?? 'The move ended.'} Run the command again to go on.`);
    print(options, status, linesOf(status));
  });
}

/** Opening the folder migrates it; a running server has done so when it started. */
async function bringUpToDate(options: CommonOptions): Promise<void> {
  await onClient(options, async (client) => {
    await client.send({ method: 'GET', path: '/ready' });
    print(options, { migrated: true }, ['The data is up to date.']);
  });
}

/** Begins, or finds the move that is under way, and waits for its end. The server goes on with it if this process ends. */
async function move(
  client: Client,
  { config, events, json }: { config: string; events: string; json: boolean | undefined },
): Promise<MoveStatus> {
  let status = await client.send<MoveStatus>({ method: 'POST', path: '/api/move', body: { config, events } });
  return withProgress({ label: 'Moving', done: () => status.done, json }, async () => {
    while (status.state === 'copying' || status.state === 'finishing') {
      await setTimeout(AGAIN_MS);
      status = await client.send<MoveStatus>({ method: 'GET', path: '/api/move' });
    }
    return status;
  });
}

function linesOf({ report }: MoveStatus): string[] {
  if (report === undefined) return ['Everything has moved.'];
  const sum = (of: 'events' | 'conversions') => report.months.reduce((total, month) => total + month[of], 0);
  const sites = new Set(report.months.map(({ site }) => site)).size;
  return [
    ...report.months.map(
      ({ site, month, events, conversions }) =>
        `site ${site}  ${month}  ${events} events, ${conversions} conversions on both sides`,
    ),
    `Moved ${sum('events')} events and ${sum('conversions')} conversions of ${sites} sites.`,
    'Restart the server with GOALPOST_CONFIG and GOALPOST_EVENTS set to where its data is now; keep the data folder, its',
    'journal has what came meanwhile.',
  ];
}
