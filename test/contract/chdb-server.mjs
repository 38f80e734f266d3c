/**
 * A current ClickHouse for tests: chDB behind ClickHouse's HTTP interface, in a process and a temporary folder of its
 * own. The engine is 546 MB and no dependency of the package: it is installed once, into a cache of the user's.
 */
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CLUSTER, shardsXml } from './chdb-shards.mjs';
import { freePorts } from './free-ports.mjs';

const VERSION = '3.4.0';
const PASSWORD = 'test-password';
const INSTALL_MS = 300_000;
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'goalpost-test');
const installed = join(cache, `chdb-${VERSION}`);
const library = join(installed, 'node_modules/chdb');

/** Where chDB is, or undefined when it has not been installed. */
export function chdbLibrary() {
  return existsSync(join(library, 'package.json')) ? library : undefined;
}

/** Installs chDB unless it is there; the folder gets its name when it is whole, so that two may install at once. */
export async function installChdb() {
  if (chdbLibrary()) return;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'installing-'));
  try {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
    await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--save-exact', `chdb@${VERSION}`], {
      cwd: folder,
      timeout: INSTALL_MS,
    });
    await rename(folder, installed).catch((error) => {
      if (!chdbLibrary()) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Starts a server; it keeps its port and its data over `kill` or `stop` and `start`.
 * @param {string} [package_] folder of chDB
 * @param {{ shards?: boolean }} [options] whether its databases are on a cluster of two shards
 */
export async function startChdb(package_ = chdbLibrary(), { shards = false } = {}) {
  if (package_ === undefined) throw new Error('chDB is not installed: node test/services.mjs installs it.');
  const data = await mkdtemp(join(tmpdir(), 'goalpost-chdb-'));
  const config = shards ? join(data, 'config.xml') : '';
  if (shards) await writeFile(config, shardsXml());
  const program = fileURLToPath(new URL('chdb-process.mjs', import.meta.url));
  const [port] = await freePorts(1);
  let child;

  async function start() {
    child = fork(program, [package_, join(data, 'engine'), String(port), PASSWORD, config], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = child;
    await Promise.race([
      once(started, 'message'),
      once(started, 'exit').then(([code]) => {
        throw new Error(`chDB ended with ${code} before it listened.`);
      }),
    ]);
  }
  async function end(signal) {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  let databases = 0;
  const server = {
    /** Its address for `@clickhouse/client`; user `default`. */
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    password: PASSWORD,
    /** Of its process, while it runs. */
    get pid() {
      return child.pid;
    },
    /** One statement by plain HTTP; answers its text, throws what the engine says against it. */
    async query(text) {
      const answer = await fetch(server.url, {
        method: 'POST',
        body: text,
        headers: { 'x-clickhouse-user': 'default', 'x-clickhouse-key': PASSWORD },
      });
      const said = await answer.text();
      if (!answer.ok) throw new Error(said);
      return said;
    },
    /** Creates an empty database and answers its address as `GOALPOST_EVENTS` takes it. */
    async createDatabase() {
      databases += 1;
      await server.query(`CREATE DATABASE test${databases}`);
      return `clickhouse://default:${PASSWORD}@127.0.0.1:${port}/test${databases}${shards ? `?cluster=${CLUSTER}` : ''}`;
    },
    start,
    /** Ends it when what was begun is done. */
    stop: () => end('SIGTERM'),
    /** Ends it at once, as a crash would. */
    kill: () => end('SIGKILL'),
    /** Ends it and removes its data. */
    async remove() {
      await end('SIGTERM');
      await rm(data, { recursive: true, force: true });
    },
  };
  await start();
  return server;
}
