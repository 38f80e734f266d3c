/**
 * Debian's ClickHouse 18.16 as a cluster on loopback: shards of replicas, ZooKeeper between them, all in one temporary
 * folder. Old, but real replication: a replica can be stopped or killed, and catches up when it is started again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceForTests } from '../services.mjs';
import { type ClusterConfig, configXml, type ReplicaPlace, USERS_XML } from './clickhouse-config.ts';
import { freePorts } from './free-ports.mjs';
import { startZooKeeper, untilServing } from './zookeeper.ts';

/** One server of a cluster. */
export interface Replica {
  /** Its HTTP interface; user `default`, no password. */
  url: string;
  /** One statement by plain HTTP; answers its text, throws what the server says against it. */
  query(text: string): Promise<string>;
  /** Ends it as an administrator would, or as a crash would. */
  stop(): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
}

/** A running cluster, named `test`. */
export interface ClickHouseCluster {
  name: string;
  /** All servers, those of the first shard first. */
  replicas: Replica[];
  /** Ends everything and removes the folder. */
  remove(): Promise<void>;
}

/** The programs, or undefined when the machine lacks them and may do without. */
export function clusterPrograms(): { server: string; zookeeper: string } | undefined {
  const server = serviceForTests('ClickHouse 18.16');
  const zookeeper = serviceForTests('ZooKeeper');
  return server === undefined || zookeeper === undefined ? undefined : { server, zookeeper };
}

async function ask(url: string, text: string): Promise<string> {
  const answer = await fetch(url, { method: 'POST', body: text });
  const said = await answer.text();
  if (!answer.ok) throw new Error(said.trim());
  return said;
}

function replicaAt(program: string, place: ReplicaPlace): Replica {
  const url = `http://127.0.0.1:${place.ports.http}`;
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> = Promise.resolve();
  const killChild = (): void => void child?.kill('SIGKILL');
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    child?.kill(signal);
    await ended;
  };
  return {
    url,
    query: (text) => ask(url, text),
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async start() {
      child = spawn(program, [`--config-file=${join(place.folder, 'config.xml')}`], {
        cwd: place.folder,
        stdio: 'ignore',
      });
      ended = once(child, 'exit');
      // No server outlives the process that started it.
      process.once('exit', killChild);
      child.once('exit', () => process.off('exit', killChild));
      await untilServing({ port: place.ports.http, say: 'GET /ping HTTP/1.0\r\n\r\n', enough: 'Ok.' }, ended).catch(
        async (error: Error) => {
          throw new Error(
            `${error.message} ${await readFile(join(place.folder, 'error.log'), 'utf8').catch(() => '')}`,
          );
        },
      );
    },
  };
}

async function makePlace(folder: string, shard: number, replica: number): Promise<ReplicaPlace> {
  const [http = 0, tcp = 0, interserver = 0] = await freePorts(3);
  const place = { folder: join(folder, `s${shard}r${replica}`), shard, replica, ports: { http, tcp, interserver } };
  await mkdir(join(place.folder, 'tmp'), { recursive: true });
  return place;
}

/** Starts a cluster; two replicas in each shard. */
export async function startCluster(
  programs: { server: string; zookeeper: string },
  { shards = 1 } = {},
): Promise<ClickHouseCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-clickhouse-'));
  const zookeeper = await startZooKeeper(programs.zookeeper, folder);
  const config: ClusterConfig = { name: 'test', zookeeperPort: zookeeper.port, shards: [] };
  for (let shard = 1; shard <= shards; shard += 1) {
    config.shards.push([await makePlace(folder, shard, 1), await makePlace(folder, shard, 2)]);
  }
  const replicas = await Promise.all(
    config.shards.flat().map(async (place) => {
      await writeFile(join(place.folder, 'config.xml'), configXml(config, place));
      await writeFile(join(place.folder, 'users.xml'), USERS_XML);
      return replicaAt(programs.server, place);
    }),
  );
  const remove = async (): Promise<void> => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await zookeeper.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(replicas.map((replica) => replica.start()));
  } catch (error) {
    await remove();
    throw error;
  }
  return { name: config.name, replicas, remove };
}
