/**
 * What some tests need besides what the package brings: servers (PostgreSQL, ClickHouse of two ages, ZooKeeper, nginx),
 * and curl, in which documents speak. `GOALPOST_SERVICES=required` (as in `.ci/run`) means that each must be there, and
 * `npm test` then installs what is missing; without it the tests that need it are left out, and one line says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chdbLibrary, installChdb } from './contract/chdb-server.mjs';

const PATIENCE_MS = 600_000;
const DEBIAN_POSTGRES = '/usr/lib/postgresql';

/** Whether a missing server is a failure. */
export const servicesRequired = process.env.GOALPOST_SERVICES === 'required';

/** Where a program is: in the path, or where Debian keeps what only root runs. */
function program(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** The folder of the newest `initdb` and `postgres`. */
function postgresPrograms() {
  const versions = existsSync(DEBIAN_POSTGRES)
    ? readdirSync(DEBIAN_POSTGRES).sort((a, b) => Number(b) - Number(a))
    : [];
  const debian = versions.map((version) => join(DEBIAN_POSTGRES, version, 'bin'));
  return [...debian, ...(process.env.PATH ?? '').split(delimiter)].find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  );
}

function zookeeperJar() {
  const jar = '/usr/share/java/zookeeper.jar';
  return existsSync(jar) && program('java') !== undefined ? jar : undefined;
}

/** Each: where it is, and Debian's package of it (chDB is npm's). */
const services = {
  PostgreSQL: { find: postgresPrograms, debian: 'postgresql' },
  nginx: { find: () => program('nginx'), debian: 'nginx-light' },
  'ClickHouse 18.16': { find: () => program('clickhouse-server'), debian: 'clickhouse-server' },
  ZooKeeper: { find: zookeeperJar, debian: 'zookeeper' },
  chDB: { find: chdbLibrary, debian: undefined },
  curl: { find: () => program('curl'), debian: 'curl' },
};

/**
 * Where a server's programs are, or undefined where tests may do without it.
 * @param {keyof typeof services} name
 */
export function serviceForTests(name) {
  const found = services[name].find();
  if (found === undefined && servicesRequired) throw new Error(`${name} is required for the tests, and is not here.`);
  return found;
}

const missing = () => Object.keys(services).filter((name) => services[name].find() === undefined);

function apt(...args) {
  const done = spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    encoding: 'utf8',
    timeout: PATIENCE_MS,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0 ? undefined : `${done.stdout}${done.stderr}`.trim() || 'apt-get took too long.';
}

/** Installs what is missing; answers a sentence on what was wrong, or nothing. */
export async function installServices() {
  const packages = missing().flatMap((name) => services[name].debian ?? []);
  if (packages.length > 0) {
    if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) {
      return `${missing().join(', ')}: only Debian's root can install them.`;
    }
    process.stdout.write(`Needed by tests: installing Debian’s ${packages.join(', ')}…\n`);
    const complaint = apt('update') ?? apt('install', '-y', '--no-install-recommends', ...packages);
    if (complaint) return complaint;
  }
  if (chdbLibrary() === undefined) {
    process.stdout.write('Needed by tests: installing chDB…\n');
    await installChdb();
  }
  return missing().length > 0 ? `Still missing: ${missing().join(', ')}.` : undefined;
}

/** Before the tests: installs what is required, or says what is left out. */
export async function ensureServices() {
  if (servicesRequired) return installServices();
  if (missing().length > 0) {
    process.stdout.write(`Needed by tests: no ${missing().join(', no ')}; node test/services.mjs installs them.\n`);
  }
  return undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const complaint = await installServices();
  process.stdout.write(`${complaint ?? 'Needed by tests: all are here.'}\n`);
  process.exitCode = complaint === undefined ? 0 : 1;
}
