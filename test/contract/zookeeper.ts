/** ZooKeeper of the machine's own programs on loopback, with its data in a given folder; ClickHouse's replicas need it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePorts } from './free-ports.mjs';

/** How long to leave a port alone that nobody listens on yet. */
const KNOCK_MS = 100;
/** And how long to wait for somebody who takes a connection and says nothing, as a server may that is about to start. */
const SILENT_MS = 2_000;
const START_MS = 60_000;
/** Sessions last from two to twenty of these; a killed server's is to end soon, so that it may come back. */
const TICK_MS = 500;

/** What a port of this machine answers to some bytes, as far as `enough` of it; '' when nobody listens. */
function answerOf({ port, say, enough }: Knock): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => (say === '' ? socket.destroy() : socket.write(say)));
    let answer = say === '' ? enough : '';
    socket.setEncoding('utf8').on('data', (text) => {
      answer += text;
    });
    socket.setTimeout(SILENT_MS, () => socket.destroy());
    socket.once('error', () => resolve('')).once('close', () => resolve(answer));
  });
}

/** How to ask a server whether it serves. */
interface Knock {
  port: number;
  /** What to send; '': that it listens is enough. */
  say: string;
  /** What the answer of one that serves contains. */
  enough: string;
}

/** Resolves when a server serves; rejects when its process has ended or takes a minute. */
export async function untilServing(knock: Knock, ended: Promise<unknown>): Promise<void> {
  let over: string | undefined;
  ended.then(() => {
    over = 'it ended';
  });
  const late = Date.now() + START_MS;
  while (!(await answerOf(knock)).includes(knock.enough)) {
    if (Date.now() > late) over ??= 'it took a minute';
    if (over !== undefined) throw new Error(`A server does not serve: ${over}.`);
    await new Promise((resolve) => setTimeout(resolve, KNOCK_MS));
  }
}

/** Starts one; `jar` is Debian's, which names all it needs besides. */
export async function startZooKeeper(jar: string, folder: string): Promise<{ port: number; stop(): Promise<void> }> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('No port is free.');
  const settings = [
    '-Xmx192m',
    '-Xss512k',
    // It lives for a minute: what starts quickly and syncs nothing is best.
    '-XX:TieredStopAtLevel=1',
    '-XX:+UseSerialGC',
    '-Dzookeeper.forceSync=no',
    '-Dzookeeper.admin.enableServer=false',
    '-Dzookeeper.4lw.commands.whitelist=srvr',
    '-cp',
    jar,
  ];
  const main = 'org.apache.zookeeper.server.ZooKeeperServerMain';
  const child = spawn('java', [...settings, main, String(port), join(folder, 'zookeeper'), String(TICK_MS)], {
    stdio: 'ignore',
  });
  const killChild = (): boolean => child.kill('SIGKILL');
  process.once('exit', killChild);
  const ended = once(child, 'exit');
  await untilServing({ port, say: 'srvr', enough: 'Zookeeper version' }, ended).catch((error: unknown) => {
    killChild();
    throw error;
  });
  return {
    port,
    async stop() {
      killChild();
      await ended;
      process.off('exit', killChild);
    },
  };
}
