/** What remains of visitors: nothing in any file and in any line of the log that leads back to a person. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { DuckdbStore } from '../../src/server/store/duckdb-store.ts';
import { encodeRow } from '../../src/server/store/event-row.ts';
import { eventRow } from './store/rows.ts';

const MAIN = join(import.meta.dirname, '../../dist/cli/bin.cjs');

/** What is sent and must not remain. */
const SECRETS = {
  address: '198.51.100.77',
  'IPv6 address': '2001:db8:7:7::7',
  agent: 'MarkedAgent7341',
  'e-mail': 'jane.doe',
  'encoded e-mail': 'jane%2Edoe',
  token: 'topsecrettoken',
  'wrong key': 'gp_notakeyofours',
  'wrong password': 'wrongpassword99',
  'person in a record': 'QuarantinedPerson',
};
const AGENT = `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 ${SECRETS.agent}`;

interface Process {
  url: string;
  /** Everything it has written. */
  written: () => string;
  /** Resolves when it has ended. */
  ended: Promise<unknown>;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

/** Runs the built program on the folder; `ready` waits for its first line. */
async function run(data: string, args: string[]): Promise<Process & { first: Record<string, string> }> {
  const env = { ...process.env, GOALPOST_DATA: data, GOALPOST_LOG: 'trace' };
  const child = spawn(process.execPath, [MAIN, ...args, '--json'], { env });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  const ended = once(child, 'close');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const first = JSON.parse(line) as Record<string, string>;
  const stop = async (signal?: NodeJS.Signals) => {
    child.kill(signal);
    await ended;
  };
  return { url: first.url ?? '', written: () => text, ended, stop, first };
}

/** A request as a visitor makes it, from an address and an agent that nobody else has; answers what it was told. */
function from(url: string, address: string) {
  return async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<string> => {
    const answer = await fetch(`${url}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'user-agent': AGENT, 'x-forwarded-for': address, ...headers },
    });
    return answer.text();
  };
}

/** Everything a visitor, and somebody who guesses, may send. */
async function visit(url: string, site: string, address: string): Promise<void> {
  const post = from(url, address);
  const i = crypto.randomUUID();
  const event = {
    i,
    n: '$pageview',
    a: 0,
    pv: i,
    u: 'https://shop.example/reset?email=jane.doe@mail.example&token=topsecrettoken&x=jane%2Edoe%40mail.example',
    f: 'https://mail.example/jane.doe@mail.example?password=topsecrettoken',
    d: 'Welcome back, jane.doe@mail.example',
  };
  const taken = await post('/e', { v: 1, s: site, t: 0, r: 0, e: [event] });
  expect(JSON.parse(taken)).toMatchObject({ accepted: 1 });
  await post('/e', {
    v: 1,
    s: site,
    t: 0,
    r: 0,
    e: [{ ...event, i: 'x', u: 'https://evil.example/jane.doe@x.example' }],
  });
  await post('/e', '{"broken": "jane.doe@mail.example');
  await post('/api/event', { name: 'pageview', url: event.u, domain: 'shop.example', referrer: event.f });
  await post('/api/sites/shop.example/goals', { name: 'x' }, { authorization: 'Bearer gp_notakeyofours' });
  await post('/api/account/login', { email: 'jane.doe@mail.example', password: 'wrongpassword99' });
  await post('/api/nothing/jane.doe@mail.example', { token: 'topsecrettoken' });
}

/** Bytes on a socket that are no request. */
async function mumble(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(`GET /jane.doe@mail.example HTTP/9\r\nUser-Agent: ${SECRETS.agent}\r\n\r\n`);
  socket.resume();
  await once(socket, 'close');
}

function expectNothingIn(text: string, where: string): void {
  const found = Object.entries(SECRETS).filter(([, secret]) => text.toLowerCase().includes(secret.toLowerCase()));
  expect(found.map(([name]) => `${name} in ${where}`)).toEqual([]);
}

/** Every file of the folder, and every row of the event store as text. */
async function expectNothingKept(data: string): Promise<void> {
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    // A segment of the journal may be in the store and gone by now.
    const text = await readFile(join(entry.parentPath, entry.name), 'latin1').catch(() => '');
    expectNothingIn(text, entry.name);
  }
}

test('neither files nor logs keep addresses, agents, e-mails, secrets, nor what a refused record says', async () => {
  const data = await mkdtemp(join(tmpdir(), 'goalpost-traces-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const added = await run(data, ['site', 'add', 'shop.example']);
  await added.ended;
  const server = await run(data, ['serve', '--port', '0']);
  onTestFinished(() => server.stop());
  await visit(server.url, added.first.key ?? '', SECRETS.address);
  await visit(server.url, added.first.key ?? '', SECRETS['IPv6 address']);
  await mumble(server.url);
  await expectNothingKept(data);
  await server.stop();
  expectNothingIn(server.written(), 'the log');
  await expectNothingKept(data);

  const store = new DuckdbStore({ path: join(data, 'events.duckdb') });
  await store.open();
  const rows = await store.query('SELECT * FROM events', []);
  expect(rows.length).toBeGreaterThanOrEqual(2);
  for (const table of ['events', 'sessions', 'conversions', 'claims']) {
    const kept = await store.query(`SELECT CAST(t AS VARCHAR) AS row FROM ${table} t`, []);
    expectNothingIn(JSON.stringify(kept), table);
  }
  await store.close();

  const name = join(data, 'journal', 'later-00000001.v1.csv');
  await writeFile(name, encodeRow(eventRow({ id: 'no UUID', title: SECRETS['person in a record'] })));
  const again = await run(data, ['serve', '--port', '0']);
  // Asked to stop it would go on trying for a while.
  onTestFinished(() => again.stop('SIGKILL'));
  await expect.poll(again.written).toContain('refused a segment');
  expectNothingIn(again.written(), 'the log of a refusal');
});
