/** Runs the built command line as people and scripts do, in a data folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, onTestFinished } from 'vitest';

const ENTRY = fileURLToPath(new URL('../../dist/cli/bin.cjs', import.meta.url));

/** How a command ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Standard output as JSON. Throws when it is none. */
  json<T = Record<string, unknown>>(): T;
}

/** A `goalpost serve` that runs. */
export interface Served {
  child: ChildProcess;
  ready: { event: string; url: string; setup_url: string | null };
  /** Sends a signal and resolves with the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

function start(args: readonly string[], data: string, environment: Record<string, string> = {}): ChildProcess {
  const { GOALPOST_DATA: _, ...inherited } = process.env;
  return spawn(process.execPath, [ENTRY, ...args], {
    env: { ...inherited, GOALPOST_LOG: 'warn', GOALPOST_DATA: data, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'goalpost-cli-'));
const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** A data folder that goes with the test. */
export async function dataFolder(): Promise<string> {
  const folder = await newFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** Runs a command to its end. */
export async function run(
  data: string,
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<Ended> {
  const child = start(args, data, environment);
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    stderr += String(chunk);
  });
  child.stdin?.end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}

async function startServing(data: string, args: readonly string[] = []): Promise<Served> {
  const child = start(['serve', '--port', '0', '--json', ...args], data);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return (await closed)[0];
  };
  const failed = closed.then(([code]) =>
    Promise.reject(new Error(`The server ended with ${code} before it was ready.`)),
  );
  const [line] = (await Promise.race([once(createInterface(child.stdout!), 'line'), failed])) as [string];
  return { child, ready: JSON.parse(line), end };
}

const endNow = async ({ child, end }: Served): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
};

/** Starts a server on a free port and resolves with its first line. */
export async function serve(data: string, args: readonly string[] = []): Promise<Served> {
  const served = await startServing(data, args);
  onTestFinished(() => endNow(served));
  return served;
}

/** Gives the tests around this one server together; the answer tells its data folder and where it listens. */
export function servedTogether(): () => { data: string; url: string } {
  let data = '';
  let served: Served | undefined;
  beforeAll(async () => {
    data = await newFolder();
    served = await startServing(data);
  });
  afterAll(async () => {
    if (served) await endNow(served);
    await removeFolder(data);
  });
  return () => ({ data, url: served?.ready.url ?? '' });
}
