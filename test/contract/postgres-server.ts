/** A PostgreSQL server of the machine's own programs, in a temporary folder, gone with the tests that asked for it. */
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { serviceForTests } from '../services.mjs';

const run = promisify(execFile);
/** The folder of the newest `initdb` and `postgres`, or undefined when the machine has none and may do without. */
export function postgresPrograms(): string | undefined {
  return serviceForTests('PostgreSQL');
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A running server. */
export interface PostgresServer {
  /** Creates an empty database and answers its address. */
  createDatabase(): Promise<string>;
  /** Stops the server at once, as a crash would; it can be started again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Makes and starts a server that listens on a socket in its folder only. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-pg-'));
  const user = serverUser();
  if (user) await chown(folder, user.uid, user.gid);
  const data = join(folder, 'data');
  const options = { ...user, cwd: folder };
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'test', '--auth=trust', '-E', 'UTF8', '--no-sync'], options);
  let server: ChildProcess | undefined;
  let databases = 0;
  const address = (name: string): string => `postgres://test@/${name}?host=${encodeURIComponent(folder)}`;

  const start = async (): Promise<void> => {
    const settings = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off'];
    const child = spawn(join(programs, 'postgres'), settings, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
    server = child;
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.includes('ready to accept connections')) break;
    }
    child.stderr.resume();
  };
  const stop = async (signal: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server?.once('exit', resolve));
    server.kill(signal);
    await ended;
  };
  await start();
  return {
    async createDatabase() {
      databases += 1;
      await run(join(programs, 'createdb'), ['-h', folder, '-U', 'test', `test${databases}`], options);
      return address(`test${databases}`);
    },
    kill: () => stop('SIGQUIT'),
    start,
    async remove() {
      await stop('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
