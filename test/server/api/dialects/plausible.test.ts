/** Plausible's plugins API as its clients use it, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';
import { detailsOf, event, GOALS, page, revenue } from './plausible-client.ts';

const NO_PAGES = { pagination: { has_next_page: false, has_prev_page: false, links: {} } };

interface Listed {
  goals: { goal_type: string; goal: { id: number; display_name: string } & Record<string, unknown> }[];
  meta: { pagination: { has_next_page: boolean; has_prev_page: boolean; links: Record<string, { url: string }> } };
}

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

let sites = 0;
async function newSite(scopes?: string[]) {
  sites += 1;
  return server.addSite(`plausible${sites}.example`, scopes);
}

async function put(key: string, body: unknown) {
  return server.ask('PUT', GOALS, { key, body });
}

describe('a goal that is put', () => {
  test('is answered as a list with its place', async () => {
    const { key } = await newSite();
    const answer = await put(key, event(' Signup '));
    const { goals } = answer.json<Listed>();
    const id = goals[0]?.goal.id;
    expect(answer.status).toBe(201);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('location')).toBe(`${server.url}${GOALS}/${id}`);
    expect(answer.json()).toEqual({
      goals: [
        {
          goal_type: 'Goal.CustomEvent',
          goal: { id, display_name: 'Signup', event_name: 'Signup', custom_props: {} },
        },
      ],
      meta: NO_PAGES,
    });
  });

  test('is the same goal when it is put again', async () => {
    const { key } = await newSite();
    const [first, second] = [await put(key, page('/pricing')), await put(key, page(' pricing'))];
    expect([second.status, second.text]).toEqual([201, first.text]);
  });

  test('is found by Basic and by Bearer', async () => {
    const { key, site } = await newSite();
    const account = await server.addKey(null, ['goals:read']);
    for (const user of [site.domains[0], site.id, site.key]) {
      const authorization = `Basic ${Buffer.from(`${user}:${account}`).toString('base64')}`;
      expect((await server.ask('GET', GOALS, { headers: { authorization } })).status).toBe(200);
    }
    expect((await server.ask('GET', GOALS, { key })).status).toBe(200);
    expect((await server.ask('GET', `${GOALS}?site_id=${site.domains[0]}`, { key: account })).status).toBe(200);
    expect((await server.ask('GET', GOALS, { key: account })).status).toBe(401);
  });

  test('may be one of eight, each with its place', async () => {
    const { key } = await newSite();
    const wanted = [...'abcdef']
      .map((name) => event(name))
      .concat([page('/x') as never, revenue('Buy', 'eur') as never]);
    const answer = await put(key, { goals: wanted });
    expect(answer.status).toBe(201);
    expect(answer.json<Listed>().goals.map(({ goal_type }) => goal_type)).toEqual(wanted.map((one) => one.goal_type));
    expect(answer.json<Listed>().goals[7]?.goal).toMatchObject({ event_name: 'Buy', currency: 'EUR' });
    expect(answer.headers.get('location')?.split(', ')).toHaveLength(8);
  });

  test('is made with none of the others when one is refused', async () => {
    const { key } = await newSite();
    const answer = await put(key, { goals: [event('a'), event('engagement')] });
    expect(answer.status).toBe(422);
    expect((await server.ask('GET', GOALS, { key })).json<Listed>().goals).toEqual([]);
  });

  test('keeps custom properties, and other properties find it too', async () => {
    const { key } = await newSite();
    const first = await put(key, event('Signup', { custom_props: { plan: 'pro' } }));
    expect(first.json<Listed>().goals[0]?.goal.custom_props).toEqual({ plan: 'pro' });
    expect((await put(key, event('Signup', { custom_props: { plan: 'free' } }))).text).toBe(first.text);
  });

  test('is the revenue goal of its name where there is one', async () => {
    const { key } = await newSite();
    const first = await put(key, revenue('Purchase', 'EUR'));
    expect((await put(key, event('Purchase'))).text).toBe(first.text);
    expect((await put(key, revenue('Purchase', 'EUR'))).text).toBe(first.text);
    const other = await put(key, revenue('Purchase', 'USD'));
    expect([other.status, detailsOf(other.text)]).toEqual([
      422,
      ["event_name: 'Purchase' (with currency: EUR) has already been taken"],
    ]);
    await put(key, event('Signup'));
    expect((await put(key, revenue('Signup', 'EUR'))).status).toBe(422);
  });

  test('is one goal for two hundred who put it at once', async () => {
    const { key } = await newSite();
    const answers = await Promise.all(Array.from({ length: 200 }, () => put(key, event('Rush'))));
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await server.ask('GET', GOALS, { key })).json<Listed>().goals).toHaveLength(1);
  });
});

describe('goals that are listed', () => {
  test('come newest first, in pages that lead to each other', async () => {
    const { key } = await newSite();
    for (let at = 0; at < 12; at += 1) await put(key, event(`e${at}`));
    const first = (await server.ask('GET', GOALS, { key })).json<Listed>();
    expect(first.goals.map(({ goal }) => goal.display_name)).toEqual(
      [11, 10, 9, 8, 7, 6, 5, 4, 3, 2].map((at) => `e${at}`),
    );
    expect([first.meta.pagination.has_next_page, first.meta.pagination.has_prev_page]).toEqual([true, false]);
    const next = first.meta.pagination.links.next?.url ?? '';
    expect(next.startsWith(`${server.url}${GOALS}?`)).toBe(true);
    const second = (await server.ask('GET', next.slice(server.url.length), { key })).json<Listed>();
    expect(second.goals.map(({ goal }) => goal.display_name)).toEqual(['e1', 'e0']);
    expect([second.meta.pagination.has_next_page, second.meta.pagination.has_prev_page]).toEqual([false, true]);
    const back = second.meta.pagination.links.prev?.url.slice(server.url.length) ?? '';
    expect((await server.ask('GET', back, { key })).json<Listed>().goals).toEqual(first.goals);
  });

  test.each([
    ['1', 1],
    ['11', 11],
    ['0', 10],
    ['101', 10],
    ['many', 10],
  ])('number with limit=%s: %i', async (limit, count) => {
    const { key } = await newSite();
    const wanted = Array.from({ length: 12 }, (_, at) => event(`e${at}`));
    await put(key, { goals: wanted.slice(0, 8) });
    await put(key, { goals: wanted.slice(8) });
    expect((await server.ask('GET', `${GOALS}?limit=${limit}`, { key })).json<Listed>().goals).toHaveLength(count);
  });

  test('are shown one by one', async () => {
    const { key } = await newSite();
    const id = (await put(key, page('/checkout'))).json<Listed>().goals[0]?.goal.id;
    const shown = await server.ask('GET', `${GOALS}/${id}`, { key });
    expect([shown.status, shown.json()]).toEqual([
      200,
      {
        goal_type: 'Goal.Pageview',
        goal: { id, display_name: 'Visit /checkout', path: '/checkout', custom_props: {} },
      },
    ]);
    const unknown = await server.ask('GET', `${GOALS}/99999999`, { key });
    expect([unknown.status, detailsOf(unknown.text)]).toEqual([404, ['Plugins API: resource not found']]);
    const hello = await server.ask('GET', `${GOALS}/hello`, { key });
    expect([hello.status, detailsOf(hello.text)]).toEqual([422, ['Invalid integer. Got: string']]);
    const nowhere = await server.ask('GET', '/api/plugins/v1/nothing', { key });
    expect([nowhere.status, detailsOf(nowhere.text)]).toEqual([404, ['Plugins API: resource not found']]);
  });

  test('of another site are unknown', async () => {
    const [mine, other] = [await newSite(), await newSite()];
    const id = (await put(mine.key, event('Mine'))).json<Listed>().goals[0]?.goal.id;
    expect((await server.ask('GET', `${GOALS}/${id}`, { key: other.key })).status).toBe(404);
    expect((await server.ask('DELETE', `${GOALS}/${id}`, { key: other.key })).status).toBe(204);
    expect((await server.ask('GET', `${GOALS}/${id}`, { key: mine.key })).status).toBe(200);
  });
});

describe('goals that are deleted', () => {
  test('are gone, and deleting them again is no fault', async () => {
    const { key } = await newSite();
    const made = (await put(key, { goals: [event('a'), event('b'), event('c')] })).json<Listed>();
    const [a, b, c] = made.goals.map(({ goal }) => goal.id);
    for (let times = 0; times < 2; times += 1) {
      const gone = await server.ask('DELETE', `${GOALS}/${a}`, { key });
      expect([gone.status, gone.text]).toEqual([204, '']);
    }
    expect((await server.ask('DELETE', GOALS, { key, body: { goal_ids: [b, c, 99999999] } })).status).toBe(204);
    expect((await server.ask('GET', GOALS, { key })).json<Listed>().goals).toEqual([]);
  });

  test.each([
    [{ goal_ids: Array.from({ length: 8 }, (_, at) => 900_000 + at) }, 204],
    [{ goal_ids: Array.from({ length: 9 }, (_, at) => 900_000 + at) }, 422],
    [{ goal_ids: ['1'] }, 422],
    [{}, 422],
  ])('as %j asks: %i', async (body, status) => {
    const { key } = await newSite();
    expect((await server.ask('DELETE', GOALS, { key, body })).status).toBe(status);
  });
});
