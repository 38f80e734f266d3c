/** Two real server processes whose configuration is one PostgreSQL, which comes and goes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { type PostgresServer, postgresPrograms, startPostgres } from '../contract/postgres-server.ts';

const programs = postgresPrograms();
/** Programs that name themselves are bots, and not counted. */
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

let events = 0;

/** Sends one event to a server, as a browser would, and gives the status. */
async function send(url: string): Promise<number> {
  events += 1;
  const id = `01993c00-0000-7000-8000-${String(events).padStart(12, '0')}`;
  const event = { i: id, n: 'bought', a: 0, u: 'https://shop.example/' };
  const body = JSON.stringify({ v: 1, s: 'shop.example', t: Date.now(), r: 0, e: [event] });
  return (await fetch(`${url}/e`, { method: 'POST', body, headers: { 'user-agent': BROWSER } })).status;
}

describe.runIf(programs !== undefined)('servers on PostgreSQL', () => {
  let postgres: PostgresServer;
  let address: string;
  const folders: string[] = [];
  const servers: Awaited<ReturnType<typeof startGoalpost>>[] = [];

  const start = async () => {
    const data = await mkdtemp(join(tmpdir(), 'goalpost-pg-serve-'));
    folders.push(data);
    const environment = { GOALPOST_CONFIG: address, GOALPOST_RATE_LIMIT: 'off' };
    const server = await startGoalpost({ data, environment });
    servers.push(server);
    return { ...server, data };
  };

  beforeAll(async () => {
    postgres = await startPostgres(String(programs));
    address = await postgres.createDatabase();
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    await postgres.remove();
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
  });

  test('what one is told the other knows, events are taken while it is away, and nothing is lost', async () => {
    const [one, two] = [await start(), await start()];
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data: one.data });
    const [first, second] = [one, two].map(({ url }) => goalpostApi({ url, key }));
    if (!first || !second) throw new Error('Two servers were started.');
    const site = await first.call('POST', '/api/sites', { domains: ['shop.example'] });
    const goals = `/api/sites/${site.id}/goals`;
    const goal = await first.call('POST', goals, { name: 'Bought', trigger: { type: 'event', name: 'bought' } });

    await expect.poll(async () => (await second.request('GET', `${goals}/${goal.id}`)).status).toBe(200);
    await expect.poll(async () => (await (await fetch(`${two.url}/plan/shop.example`)).json()).g?.length).toBe(1);

    expect(await send(two.url)).toBe(202);

    await postgres.kill();
    expect(await send(two.url)).toBe(202);
    const refused = await first.request('POST', goals, { name: 'Late', trigger: { type: 'engagement' } });
    expect(refused.status).toBe(503);
    expect(refused.body.error.code).toBe('overloaded');

    await postgres.start();
    await expect
      .poll(async () => (await first.request('POST', goals, { name: 'Late', trigger: { type: 'engagement' } })).status)
      .toBe(201);
    expect(await send(two.url)).toBe(202);
    const statistics = async () =>
      (await second.request('GET', `${goals}/${goal.id}/stats?fresh=true`)).body.conversions;
    await expect.poll(statistics).toBe(3);
  });
});
