/** Two hundred clients who want the same at the same moment: one of it is there afterwards, and the others are told. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { type Response, startTestServer, type TestServer } from './running-server.ts';

const CLIENTS = 200;

let server: TestServer;
let key: string;
let site: string;
let domain: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());
beforeEach(async () => {
  sites += 1;
  domain = `shop${sites}.example`;
  const added = await server.addSite(domain);
  key = added.key;
  site = added.site.id;
});

const native = () => `/api/sites/${site}`;
const everyone = <T>(ask: (client: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: CLIENTS }, (_, client) => ask(client)));
const goals = async (): Promise<Goal[]> =>
  (await server.ask('GET', `${native()}/goals?limit=500`, { key })).json<{ goals: Goal[] }>().goals;
/** How many answers had each status. */
function statuses(answers: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
const event = (name: string) => ({ type: 'event', name });

describe('natively', () => {
  test('one key is one goal', async () => {
    const answers = await everyone((client) => {
      const body = { name: `Goal ${client}`, key: 'wanted', trigger: event('a') };
      return server.ask('POST', `${native()}/goals`, { key, body });
    });
    expect(statuses(answers)).toEqual({ 201: 1, 409: CLIENTS - 1 });
    const refused = answers.filter(({ status }) => status === 409).map((answer) => answer.json());
    for (const body of refused) expect(body).toMatchObject({ error: { code: 'duplicate_key', field: 'key' } });
    expect((await goals()).map((goal) => goal.key)).toEqual(['wanted']);
  });

  test('different definitions put under one key are one goal, a version each', async () => {
    const answers = await everyone((client) => {
      const body = { name: `Goal ${client}`, trigger: event(`e${client}`) };
      return server.ask('PUT', `${native()}/goals/by-key/wanted`, { key, body });
    });
    expect(statuses(answers)).toEqual({ 201: 1, 200: CLIENTS - 1 });
    const [goal] = await goals();
    expect([goal?.version, new Set(answers.map((answer) => answer.json<Goal>().version)).size]).toEqual([200, 200]);
    const path = `${native()}/goals/${goal?.id}/versions`;
    const { versions } = (await server.ask('GET', path, { key })).json<{ versions: Record<string, unknown>[] }>();
    expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: CLIENTS }, (_, at) => CLIENTS - at));
    for (const { actor, at } of versions)
      expect([actor, at]).toEqual([expect.stringMatching(/^key:/), expect.any(Number)]);
  });

  test('of changes to one version one is made', async () => {
    const made = await server.ask('POST', `${native()}/goals`, { key, body: { name: 'Old', trigger: event('a') } });
    const path = `${native()}/goals/${made.json<Goal>().id}`;
    const answers = await everyone((client) =>
      server.ask('PATCH', path, { key, body: { name: `New ${client}` }, headers: { 'if-match': '"1"' } }),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 412: CLIENTS - 1 });
    expect((await goals())[0]).toMatchObject({ version: 2, name: expect.stringMatching(/^New /) });
    const put = await everyone((client) => {
      const body = { name: `Put ${client}`, trigger: event('a') };
      const headers = { 'if-match': '"2"' };
      return server.ask('PUT', `${native()}/goals/by-key/old`, { key, body, headers });
    });
    expect(statuses(put)).toEqual({ 200: 1, 412: CLIENTS - 1 });
    expect((await goals())[0]).toMatchObject({ version: 3, name: expect.stringMatching(/^Put /) });
  });

  test('a group of URLs is made once, a list imported once', async () => {
    const rules = [{ match: 'path', value: '/shop/**' }];
    const made = await everyone(() =>
      server.ask('POST', `${native()}/url-groups`, { key, body: { key: 'shop', name: 'Shop', rules } }),
    );
    expect(statuses(made)).toEqual({ 201: 1, 409: CLIENTS - 1 });
    const list = { goals: ['One', 'Two'].map((name) => ({ name, key: name.toLowerCase(), trigger: event(name) })) };
    const brought = await everyone(() => server.ask('POST', `${native()}/import`, { key, body: list }));
    expect(statuses(brought)).toEqual({ 200: CLIENTS });
    expect(await goals()).toHaveLength(2);
    const created = brought.map((answer) => answer.json<{ created: Goal[] }>().created.length);
    expect(created.filter((count) => count > 0)).toEqual([2]);
  });
});

describe('Plausible', () => {
  const put = (body: unknown, path = '/api/plugins/v1/goals') => server.ask('PUT', path, { key, body });

  test('eight goals put together are eight goals', async () => {
    const wanted = [...'abcdefgh'].map((event_name) => ({ goal_type: 'Goal.CustomEvent', goal: { event_name } }));
    const answers = await everyone(() => put({ goals: wanted }));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await goals()).toHaveLength(8);
  });

  test('a revenue goal has one currency, and those who want another are refused', async () => {
    const answers = await everyone((client) => {
      const currency = client % 2 === 0 ? 'EUR' : 'USD';
      return put({ goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency } });
    });
    expect(statuses(answers)).toEqual({ 201: CLIENTS / 2, 422: CLIENTS / 2 });
    expect(await goals()).toHaveLength(1);
  });

  test('the sites API gets what it would create', async () => {
    const body = { site_id: domain, goal_type: 'page', page_path: '/thanks' };
    const answers = await everyone(() => put(body, '/api/v1/sites/goals'));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await goals()).toHaveLength(1);
  });
});

test('Sparklytics: a goal is deleted once, and its fiftieth place is given once', async () => {
  const path = `/api/websites/${site}/goals`;
  const post = (name: string) =>
    server.ask('POST', path, { key, body: { name, goal_type: 'event', match_value: 'a' } });
  const first = (await post('First')).json<{ data: { id: string } }>().data.id;
  const gone = await everyone(() => server.ask('DELETE', `${path}/${first}`, { key }));
  expect(statuses(gone)).toEqual({ 204: 1, 404: CLIENTS - 1 });
  for (let at = 0; at < 49; at += 1) await post(`Goal ${at}`);
  const answers = await everyone((client) => post(`Last ${client}`));
  expect(statuses(answers)).toEqual({ 201: 1, 422: CLIENTS - 1 });
  const codes = new Set(
    answers
      .filter(({ status }) => status === 422)
      .map((answer) => answer.json<{ error: { code: string } }>().error.code),
  );
  expect(codes).toEqual(new Set(['limit_exceeded']));
  expect(await goals()).toHaveLength(50);
});

test('DataFast: a payment sent two hundred times is paid once, and refunded once', async () => {
  const payment = { amount: 29.99, currency: 'EUR', transaction_id: 'tx_1' };
  const pay = (more: object) =>
    everyone(() => server.ask('POST', '/api/v1/payments', { key, body: { ...payment, ...more } }));
  expect(statuses(await pay({}))).toEqual({ 200: CLIENTS });
  expect(statuses(await pay({ refunded: true }))).toEqual({ 200: CLIENTS });
  const [goal] = await goals();
  const stats = await server.ask('GET', `${native()}/goals/${goal?.id}/stats?fresh=true`, { key });
  expect(await goals()).toHaveLength(1);
  expect(stats.json()).toMatchObject({
    conversions: 1,
    revenue: [{ currency: 'EUR', total: '29.99', refunded: '29.99', net: '0.00' }],
  });
});

test('Mida: a goal is changed by all, deleted by one, and its key is free again for one', async () => {
  const path = `/v2/project/${site}`;
  const cta = { goal_name: 'CTA', goal_type: 'clickOnElement', goal_value: '.cta', goal_key: 'cta' };
  const made = await server.ask('POST', `${path}/goal`, { key, body: cta });
  const goal = `${path}/goal/${made.json<{ goal_profile_id: number }>().goal_profile_id}`;
  const changed = await everyone((client) =>
    server.ask('PATCH', goal, { key, body: { goal_value: `.cta-${client}` } }),
  );
  expect(statuses(changed)).toEqual({ 200: CLIENTS });
  expect(statuses(await everyone(() => server.ask('DELETE', goal, { key })))).toEqual({ 200: 1, 404: CLIENTS - 1 });
  const again = await everyone(() => server.ask('POST', `${path}/goal`, { key, body: cta }));
  expect(statuses(again)).toEqual({ 200: 1, 406: CLIENTS - 1 });
});

test('events of as many visitors that name one order are one conversion', async () => {
  await server.ask('POST', `${native()}/goals`, {
    key,
    body: { name: 'Order', trigger: { type: 'revenue', name: 'order' } },
  });
  const sent = await everyone((client) => {
    const order = { name: 'order', order_id: 'A-1', amount: '10.00', currency: 'EUR', visitor_id: `v${client}` };
    return server.ask('POST', `${native()}/events`, {
      key,
      body: { events: [order] },
    });
  });
  expect(statuses(sent)).toEqual({ 202: CLIENTS });
  const [goal] = await goals();
  const stats = await server.ask('GET', `${native()}/goals/${goal?.id}/stats?fresh=true`, { key });
  expect(stats.json()).toMatchObject({ conversions: 1, revenue: [{ total: '10.00' }] });
});
