/** What whoever runs a server relies on: metrics that add up, cookies that TLS protects, a crowd that brings nothing down. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { connectionLimit } from '../../../src/server/api/connection-limit.ts';
import { serverOfTest } from './running-server.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

function view(i: string, u = 'https://shop.example/') {
  return { i, n: '$pageview', a: 0, pv: i, u };
}

/** Values of a metric by its labels. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = text.matchAll(new RegExp(`^${name}(\\S*) (\\S+)$`, 'gm'));
  return Object.fromEntries([...lines].map(([, labels = '', value]) => [labels, Number(value)]));
}

test('metrics count each event once, under the reason that the site is told', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  const send = (e: unknown[]) =>
    server.ask('POST', '/e', { body: { v: 1, s: site.key, t: 0, r: 0, e }, headers: { 'user-agent': CHROME } });
  await server.ask('POST', `/api/sites/${site.id}/goals`, {
    key,
    body: { name: 'Bought', trigger: { type: 'event', name: 'bought' } },
  });
  const [one, two, three] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await send([view(one), view(one), view(two, 'https://evil.example/')]);
  await send([view(one), { ...view(three), n: 'bought', o: 'A-1' }]);
  await send([{ ...view(crypto.randomUUID()), n: 'bought', o: 'A-1' }]);
  expect((await server.ask('GET', `/api/sites/${site.id}/goals/stats?fresh=true`, { key })).status).toBe(200);
  const { text } = await server.ask('GET', '/metrics');
  expect(valuesOf(text, 'goalpost_events_dropped_total')).toEqual({
    '{reason="foreign_host"}': 1,
    '{reason="duplicate"}': 2,
    '{reason="duplicate_order"}': 1,
  });
  const drops = (await server.ask('GET', `/api/sites/${site.id}/drops`, { key })).json<{ totals: object[] }>();
  expect(drops.totals).toHaveLength(3);
  expect(valuesOf(text, 'goalpost_events_stored_total')).toEqual({ '': 3 });
  expect(valuesOf(text, 'goalpost_conversions_total')).toEqual({ '': 1 });
  expect(valuesOf(text, 'goalpost_query_seconds_count')['']).toBeGreaterThan(0);
  expect(valuesOf(text, 'goalpost_journal_sync_seconds_count')['']).toBeGreaterThan(0);
  for (const name of ['backlog_bytes', 'backlog_segments', 'drain_lag_seconds']) {
    expect(valuesOf(text, `goalpost_${name}`)).toEqual({ '': 0 });
  }
});

test('a login behind a proxy with TLS has a Secure cookie; a stranger cannot ask for one', async () => {
  const server = await serverOfTest();
  const token = new URL(String(server.setup_url)).searchParams.get('token');
  const person = { email: 'anna@example.com', password: 'a goal is a sentence' };
  await server.ask('POST', '/api/account/join', { body: { token, ...person } });
  const cookieOf = async (url: string, proto: string) => {
    const headers = { 'x-forwarded-proto': proto };
    const answer = await server.ask('POST', url, { body: person, headers });
    return answer.headers.get('set-cookie') ?? '';
  };
  expect(await cookieOf('/api/account/login', 'https')).toContain('; Secure');
  expect(await cookieOf('/api/account/login', 'http')).not.toContain('; Secure');
  const wary = await serverOfTest({ GOALPOST_TRUSTED_PROXIES: '192.0.2.1' });
  const { site, key } = await wary.addSite('shop.example');
  const headers = { 'x-forwarded-proto': 'https' };
  const { text } = await wary.ask('GET', `/api/sites/${site.id}/snippet`, { key, headers });
  expect(text).toContain('src=\\"http://127.0.0.1');
});

test('who guesses keys waits, whichever address of an IPv6 subscriber is used', async () => {
  const server = await serverOfTest({ GOALPOST_RATE_LIMIT: 'on' });
  const guess = async (address: string, key: string) =>
    (await server.ask('GET', '/api/sites', { key, headers: { 'x-forwarded-for': address } })).status;
  for (let n = 0; n < 20; n += 1) expect(await guess(`2001:db8:1:2::${n}`, `gp_${n}`)).toBe(401);
  expect(await guess('2001:db8:1:2:ffff::1', 'gp_more')).toBe(429);
  expect(await guess('2001:db8:1:3::1', 'gp_more')).toBe(401);
});

test('connections stay below what files need', () => {
  const limits = (hard: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            1024   ${hard}   files\n`;
  expect(connectionLimit(limits('700'))).toBe(188);
  expect(connectionLimit(limits('300'))).toBe(64);
  expect(connectionLimit(limits('1048576'))).toBe(10_000);
  expect(connectionLimit('')).toBe(10_000);
});

const MAIN = join(import.meta.dirname, '../../../dist/cli/bin.cjs');

/** A server in a process that may open so many files, with a site. */
async function startPoor(files: number): Promise<{ url: string; site: string }> {
  const data = await mkdtemp(join(tmpdir(), 'goalpost-crowd-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const environment = { ...process.env, GOALPOST_LOG: 'warn', GOALPOST_DATA: data };
  const run = (...args: string[]) =>
    spawn('sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, ...args], { env: environment });
  const first = async (child: ReturnType<typeof run>) => {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return JSON.parse(line) as Record<string, string>;
  };
  const adding = run(process.execPath, MAIN, 'site', 'add', 'shop.example', '--json');
  const ended = once(adding, 'exit');
  const { key: site = '' } = await first(adding);
  await ended;
  const child = run(process.execPath, MAIN, 'serve', '--json', '--port', '0');
  onTestFinished(async () => {
    child.kill();
    await once(child, 'exit');
  });
  const { url = '' } = await first(child);
  return { url, site };
}

/** Opens a connection that says half a sentence. */
async function openHalf(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write('POST /e HTTP/1.1\r\nHost: x\r\n');
  return socket;
}

test('a crowd of connections is turned away before the journal lacks a file, and leaves no trace', async () => {
  const { url, site } = await startPoor(700);
  const send = async () => {
    const body = JSON.stringify({ v: 1, s: site, t: 0, r: 0, e: [view(crypto.randomUUID())] });
    const headers = { 'user-agent': CHROME, connection: 'close' };
    return (await fetch(`${url}/e`, { method: 'POST', body, headers })).status;
  };
  expect(await send()).toBe(202);
  const sockets = await Promise.all(Array.from({ length: 900 }, () => openHalf(Number(new URL(url).port))));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  await expect.poll(() => sockets.filter((socket) => socket.closed).length).toBeGreaterThan(600);
  await expect(send()).rejects.toThrow('fetch failed');
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => send().catch(() => 0)).toBe(202);
  const stored = async () => {
    const text = await (await fetch(`${url}/metrics`, { headers: { connection: 'close' } })).text();
    return [valuesOf(text, 'goalpost_events_accepted_total'), valuesOf(text, 'goalpost_events_stored_total')];
  };
  await expect.poll(stored).toEqual([{ '': 2 }, { '': 2 }]);
}, 60_000);
