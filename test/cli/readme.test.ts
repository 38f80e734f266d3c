/** Every command of README is run as it stands there: the server is real, and plays the five other products too. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../server/api/running-server.ts';
import { serviceForTests } from '../services.mjs';
import { ROOT } from '../tidy/source-files.ts';

const readme = await readFile(join(ROOT, 'README.md'), 'utf8');

/** Hosts that README names, and where the server under test answers for them. */
const HOSTS: Record<string, string> = {
  'https://goals.example.com': '',
  'https://plausible.io': '',
  'https://pagesense.zoho.com': '/pagesense',
  'https://sparklytics.example.com': '',
  'https://datafa.st': '',
  'https://api.mida.so': '',
};

/** Run elsewhere: by the browser tests, by the tests of doctor and move; or what runs this; or builds and long runs. */
const ELSEWHERE = [
  /^npm install && npm (start|test)$/,
  /^npx goalpost (serve|doctor|migrate)\b/,
  /^npm run (build|check|bench|test:long|test:browsers)\b/,
  /^node e2e\/pictures\.mjs$/,
];

/** Commands in order: indented lines and `sh` blocks, lines that end in a backslash joined, comments cut. */
function commandsOf(text: string): string[] {
  const shell = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map((block) => ({ at: block.index, text: block[1] ?? '' }));
  const indented = [...text.matchAll(/^ {4}((?:npm|npx|node|curl) .*)$/gm)].map((line) => ({
    at: line.index,
    text: line[1] ?? '',
  }));
  return [...shell, ...indented]
    .sort((a, b) => a.at - b.at)
    .flatMap(({ text: code }) => splitCommands(code))
    .map((command) => command.replace(/\s+#.*$/, '').trim());
}

/** A command goes on where a line ends in a backslash or within a quotation. */
function splitCommands(code: string): string[] {
  const commands: string[] = [];
  let open = '';
  for (const line of code.split('\n')) {
    open += open === '' ? line : `\n${line}`;
    if (line.endsWith('\\') || (open.match(/'/g)?.length ?? 0) % 2 === 1) continue;
    if (open.trim() !== '') commands.push(open);
    open = '';
  }
  return commands;
}

const commands = commandsOf(readme);
const here = commands.filter((command) => !ELSEWHERE.some((pattern) => pattern.test(command)));

let server: TestServer;
let folder: string;
let environment: NodeJS.ProcessEnv;
let goal: string;

/** Lets `npx goalpost` be this package's, whose server already runs. */
async function prepareShell(): Promise<void> {
  const bin = join(folder, 'bin');
  await mkdir(bin);
  const goalpost = `#!/bin/sh\n[ "$1" = goalpost ] || exec env PATH="$OUTER_PATH" npx "$@"\nshift\nexec "${process.execPath}" "${ROOT}dist/cli/bin.cjs" "$@"\n`;
  await writeFile(join(bin, 'npx'), goalpost);
  await chmod(join(bin, 'npx'), 0o755);
  environment = { ...process.env, PATH: `${bin}:${process.env.PATH}`, OUTER_PATH: process.env.PATH };
  Object.assign(environment, { GOALPOST_DATA: server.data_dir, GOALPOST_LOG: 'error' });
}

/** Runs one command in the folder of the test; throws with its words when it fails. */
async function shell(command: string): Promise<string> {
  const local = Object.entries(HOSTS).reduce(
    (text, [host, prefix]) => text.replaceAll(`${host}/`, `${server.url}${prefix}/`),
    command.replaceAll('goal_…', goal).replaceAll('site_…', 'shop.example').replaceAll('curl ', 'curl -fsS '),
  );
  const cwd = /^npx (vitest|playwright)/.test(command) ? ROOT : folder;
  const child = spawn('sh', ['-c', local], { env: environment, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`${command}\nended with ${code}: ${said}`);
  return said;
}

beforeAll(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), 'goalpost-readme-'));
  await prepareShell();
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

/** What README's reader has by the time it is needed: keys, a goal of each product, a page to look at. */
async function haveAtHand(): Promise<void> {
  const { backend } = server.app;
  const site = backend.registry.find('shop.example')?.site;
  if (site === undefined) throw new Error('README has not added shop.example.');
  const origin = { origin: 'test' };
  const { key } = await backend.keys.create({ site: site.id, scopes: ['admin'] }, origin);
  const names = ['GOALPOST_KEY', 'PLAUSIBLE_KEY', 'PAGESENSE_TOKEN', 'SPARKLYTICS_KEY', 'DATAFAST_KEY', 'MIDA_KEY'];
  for (const name of names) environment[name] = key;
  Object.assign(environment, { PORTAL: 'portal', PROJECT: site.id, WEBSITE_ID: site.id, PROJECT_KEY: site.key });
  const draft = { name: 'Signed up', trigger: { type: 'event', name: 'signed_up' } };
  const headers = { authorization: `Bearer ${key}` };
  const theirs = { name: 'Pricing', goal_type: 'page_view', match_operator: 'starts_with', match_value: '/pricing' };
  const made = await server.ask('POST', `/api/websites/${site.id}/goals`, { headers, body: theirs });
  expect(made.status, made.text).toBeLessThan(300);
  goal = (await backend.goals.create(site.id, draft, origin)).goal.id;
  const events = [{ name: 'signed_up', visitor_id: 'somebody' }];
  const sent = await server.ask('POST', `/api/sites/${site.id}/events`, { key, body: { events } });
  expect(sent.status, sent.text).toBe(202);
  await backend.collector.fresh();
}

/** Commands that only a list command would run for hours; they are asked what they would run. */
function asList(command: string): string {
  return command.replace('vitest run', 'vitest list').replace(/(playwright test .*)/, '$1 --list');
}

describe('README', () => {
  test('has commands, all of which are run here or known to be run elsewhere', () => {
    expect(here.length).toBeGreaterThan(15);
    expect(here.filter((command) => !/^(npx|curl) /.test(command))).toEqual([]);
    for (const pattern of ELSEWHERE)
      expect([pattern, commands.some((command) => pattern.test(command))]).toEqual([pattern, true]);
  });

  test.runIf(serviceForTests('curl'))('shows commands that do what they say', async () => {
    for (const command of here) {
      // So far the key was one of ours, since ours is the server that played the product.
      if (command.includes('key import')) environment.PLAUSIBLE_KEY = 'a-key-that-plausible-made-0001';
      const said = await shell(asList(command));
      expect([command, said === '']).toEqual([command, command.includes(' > ')]);
      if (command.includes('site add')) await haveAtHand();
    }
  });
});
