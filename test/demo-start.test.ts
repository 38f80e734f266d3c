/** `npm start` again: beside one that runs, and after its own notes were damaged. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const START = fileURLToPath(new URL('../demo/start.mjs', import.meta.url));

/** A start in a data folder; its error output goes to `said`. */
function start(data: string, said: string[] = []): ChildProcess {
  const environment = { ...process.env, GOALPOST_DATA: data, GOALPOST_PORT: '0' };
  const child = spawn(process.execPath, [START], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  return child;
}

/** Resolves when it has said where to look. */
async function ready({ stdout }: ChildProcess): Promise<void> {
  for await (const line of createInterface({ input: stdout! })) if (line.includes('Ctrl-C')) return;
  throw new Error('It ended before it was ready.');
}

/** Ends it and resolves to its exit code. */
async function end(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'close');
  child.kill('SIGTERM');
  child.stdout?.resume();
  return (await ended)[0];
}

test('a second start is refused in words, and one after damage goes on with the same site', async () => {
  const data = await mkdtemp(join(tmpdir(), 'goalpost-start-'));
  onTestFinished(() => rm(data, { recursive: true, force: true }));
  const notes = join(data, 'demo.json');
  const first = start(data);
  await ready(first);
  const { siteId, apiKey } = JSON.parse(await readFile(notes, 'utf8'));

  const said: string[] = [];
  const [code] = await once(start(data, said), 'close');
  expect([code, said.join('')]).toEqual([
    1,
    expect.stringMatching(/^The server did not start: The data folder \S+ belongs/),
  ]);

  expect(await end(first)).toBe(0);
  await writeFile(notes, '{"siteId":');
  await writeFile(join(data, 'demo-orders.json'), '[[');
  const second = start(data);
  await ready(second);
  const found = JSON.parse(await readFile(notes, 'utf8'));
  expect([found.siteId, found.apiKey === apiKey]).toEqual([siteId, false]);
  expect(await end(second)).toBe(0);
});
