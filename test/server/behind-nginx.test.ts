/** Two real servers on one PostgreSQL behind a real nginx with the file that is deployed: who goes where, and who steps in. */
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { freePorts } from '../contract/free-ports.mjs';
import { type NginxServer, nginxProgram, startNginx } from '../contract/nginx-server.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../contract/postgres-server.ts';
import { ROOT } from '../tidy/source-files.ts';

const programs = { postgres: postgresPrograms(), nginx: nginxProgram() };
const CONFIG = join(ROOT, 'demo/deploy/cluster/nginx.conf');
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const VISITORS = 24;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
}

/** Sends one event from an address of the loopback network, which is what tells visitors apart. */
function send(url: string, address: string): Promise<Answer> {
  const event = { i: crypto.randomUUID(), n: 'bought', a: 0, u: 'https://shop.example/' };
  const body = JSON.stringify({ v: 1, s: 'shop.example', t: Date.now(), r: 0, e: [event] });
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}/e`,
      { method: 'POST', localAddress: address, agent: false, headers: { 'user-agent': BROWSER } },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

const addressOf = (visitor: number): string => `127.0.1.${visitor + 1}`;

let postgres: PostgresServer;
let nginx: NginxServer;
let environment: Record<string, string>;
const collectors: { data: string; port: number; server: Awaited<ReturnType<typeof startGoalpost>> }[] = [];

/** One PostgreSQL, two servers, nginx before them. */
async function startAll(): Promise<void> {
  postgres = await startPostgres(String(programs.postgres));
  environment = { GOALPOST_CONFIG: await postgres.createDatabase(), GOALPOST_RATE_LIMIT: 'off' };
  const ports = await freePorts(2);
  for (const port of ports) {
    const data = await mkdtemp(join(tmpdir(), 'goalpost-nginx-data-'));
    collectors.push({ data, port, server: await startGoalpost({ data, port, environment }) });
  }
  const [first, second] = ports;
  nginx = await startNginx({
    program: String(programs.nginx),
    config: CONFIG,
    replace: { 'collector1:8080': `127.0.0.1:${first}`, 'collector2:8080': `127.0.0.1:${second}` },
  });
}

async function stopAll(): Promise<void> {
  await nginx.remove();
  for (const { server } of collectors) await server.stop();
  await postgres.remove();
  await Promise.all(collectors.map(({ data }) => rm(data, { recursive: true, force: true })));
}

describe.runIf(programs.postgres !== undefined && programs.nginx !== undefined)('collectors behind nginx', () => {
  beforeAll(startAll);
  afterAll(stopAll);

  test('a visitor stays with one collector, goes to the other when that is away, and is told to come again by none', async () => {
    const [one, two] = collectors;
    if (!one || !two) throw new Error('Two were started.');
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data: one.data });
    // The API answers through nginx as it does itself, whichever collector is asked.
    const api = goalpostApi({ url: nginx.url, key });
    const site = await api.call('POST', '/api/sites', { domains: ['shop.example'] });
    const goals = `/api/sites/${site.id}/goals`;
    const goal = await api.call('POST', goals, { name: 'Bought', trigger: { type: 'event', name: 'bought' } });
    for (const { server } of collectors) {
      const plan = async () => (await (await fetch(`${server.url}/plan/shop.example`)).json()).g?.length;
      await expect.poll(plan).toBe(1);
    }
    /** What each collector counted by itself, for each has an event store of its own here. */
    const counts = () =>
      Promise.all(
        collectors.map(({ server }) =>
          goalpostApi({ url: server.url, key }).call('GET', `${goals}/${goal.id}/stats?fresh=true`),
        ),
      );
    const everyone = async (): Promise<number[]> => {
      const answers = await Promise.all(
        Array.from({ length: VISITORS }, (_, visitor) => send(nginx.url, addressOf(visitor))),
      );
      return [...new Set(answers.map(({ status }) => status))];
    };

    for (let round = 0; round < 3; round += 1) expect(await everyone()).toEqual([202]);
    const [first, second] = await counts();
    expect(first.converting_visitors + second.converting_visitors).toBe(VISITORS);
    expect(first.conversions + second.conversions).toBe(3 * VISITORS);
    expect(Math.min(first.converting_visitors, second.converting_visitors)).toBeGreaterThan(0);

    await one.server.stop();
    expect(await everyone()).toEqual([202]);
    await two.server.stop();
    const { status, headers } = await send(nginx.url, addressOf(0));
    expect([status, headers['access-control-allow-origin'], Number(headers['retry-after']) > 0]).toEqual([
      503,
      '*',
      true,
    ]);

    for (const collector of collectors) collector.server = await startGoalpost({ ...collector, environment });
    await expect.poll(everyone).toEqual([202]);
    const back = await counts();
    expect(back[0].conversions).toBeGreaterThanOrEqual(first.conversions);
    expect(back[1].conversions).toBeGreaterThanOrEqual(second.conversions + VISITORS);
  });
});
