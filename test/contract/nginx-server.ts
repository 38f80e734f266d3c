/** nginx of the machine's own, with a configuration of `demo/deploy` whose names are put in place of free ports. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serviceForTests } from '../services.mjs';
import { freePorts } from './free-ports.mjs';
import { untilServing } from './zookeeper.ts';

/** The program, or undefined when the machine lacks it and may do without. */
export function nginxProgram(): string | undefined {
  return serviceForTests('nginx');
}

/** What to start. */
export interface NginxOptions {
  program: string;
  /** Path of a file that belongs in `http { … }`. */
  config: string;
  /** Texts of the file and what stands for them here, such as hosts that are known inside containers only. */
  replace: Readonly<Record<string, string>>;
}

/** A running nginx. */
export interface NginxServer {
  url: string;
  /** Ends it and removes its folder. */
  remove(): Promise<void>;
}

function wholeConfig(inner: string, folder: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 512; }
http { access_log off; ${folders.join(' ')} ${inner} }`;
}

/** Starts it on a free port; throws what nginx says of the file when it does not like it. */
export async function startNginx({ program, config, replace }: NginxOptions): Promise<NginxServer> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-nginx-'));
  const [port = 0] = await freePorts(1);
  let text = await readFile(config, 'utf8');
  for (const [name, value] of Object.entries(replace)) text = text.replaceAll(name, value);
  text = text.replaceAll('listen 80;', `listen 127.0.0.1:${port};`);
  const file = join(folder, 'nginx.conf');
  await writeFile(file, wholeConfig(text, folder));
  const settings = ['-p', folder, '-c', file, '-e', join(folder, 'error.log')];
  try {
    await promisify(execFile)(program, ['-t', ...settings]);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const child = spawn(program, settings, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const killChild = (): boolean => child.kill('SIGTERM');
  process.once('exit', killChild);
  await untilServing({ port, say: '', enough: 'listening' }, ended);
  return {
    url: `http://127.0.0.1:${port}`,
    async remove() {
      killChild();
      await ended;
      process.off('exit', killChild);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
