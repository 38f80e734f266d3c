/** Two real server processes whose configuration is one PostgreSQL, which comes and goes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goalpostApi } from '../../demo/goalpost.mjs';
import { type PostgresServer, postgresPrograms, startPostgres } from '../contract/postgres-server.ts';
import { adminKey, buy, plannedGoals, ServedProcesses, siteOfOrders } from './served.ts';

const programs = postgresPrograms();

describe.runIf(programs !== undefined)('servers on PostgreSQL', () => {
  const processes = new ServedProcesses();
  let postgres: PostgresServer;
  let environment: Record<string, string>;

  beforeAll(async () => {
    postgres = await startPostgres(String(programs));
    environment = { GOALPOST_CONFIG: await postgres.createDatabase(), GOALPOST_RATE_LIMIT: 'off' };
  });
  afterAll(async () => {
    await processes.end();
    await postgres.remove();
  });

  test('what one is told the other knows, events are taken while it is away, and nothing is lost', async () => {
    const [one, two] = [await processes.start(environment), await processes.start(environment)];
    const key = await adminKey(one);
    const [first, second] = [goalpostApi({ url: one.url, key }), goalpostApi({ url: two.url, key })];
    const { goals, goal, statistics } = await siteOfOrders(first);

    await expect.poll(async () => (await second.request('GET', goal)).status).toBe(200);
    await expect.poll(() => plannedGoals(two)).toBe(1);
    expect(await buy(two.url)).toBe(202);

    await postgres.kill();
    expect(await buy(two.url)).toBe(202);
    const late = { name: 'Late', trigger: { type: 'engagement' } };
    const refused = await first.request('POST', goals, late);
    expect([refused.status, refused.body.error.code]).toEqual([503, 'overloaded']);

    await postgres.start();
    await expect.poll(async () => (await first.request('POST', goals, late)).status).toBe(201);
    expect(await buy(two.url)).toBe(202);
    const conversions = async () => (await second.request('GET', `${statistics}&fresh=true`)).body.conversions;
    await expect.poll(conversions).toBe(3);
  });
});
