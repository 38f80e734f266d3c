/** `goalpost serve`: runs a server until it is told to stop. */
import type { Command } from 'commander';
import { readConfig } from '../server/config.ts';
import { type CommonOptions, withCommon } from './command.ts';
import { print } from './output.ts';

interface ServeOptions extends CommonOptions {
  port?: string;
  host?: string;
}

/** Adds the command. */
export function addServe(program: Command): void {
  withCommon(program.command('serve').description('run the server'))
    .option('--port <number>', 'port; 0 takes any free one (GOALPOST_PORT, default 8080)')
    .option('--host <address>', 'address to listen on (GOALPOST_HOST, default 127.0.0.1)')
    .action(serve);
}

async function serve(options: ServeOptions): Promise<void> {
  const config = readConfig({ port: options.port, host: options.host, data: options.data });
  // Loaded here, because no other command needs the engines.
  const [{ openLog }, { startServer }, { returnMemory }] = await Promise.all([
    import('../server/log.ts'),
    import('../server/serve.ts'),
    import('../server/return-memory.ts'),
  ]);
  const log = openLog(config.log_level);
  const stopped = new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  // Only here, where the process is the server's own: it stops everything for a tenth of a second.
  const server = await startServer(config, log, { beforeListening: returnMemory });
  const { url, setup_url } = server;
  const setup = setup_url === null ? [] : [`Set-up (once): ${setup_url}`];
  print(options, { event: 'ready', url, setup_url }, [`Goalpost runs at ${url}`, ...setup]);
  const signal = await stopped;
  log.info({ signal }, 'stopping');
  await server.stop();
}
