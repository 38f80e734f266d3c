/** Sparklytics' goals and their statistics as its clients use them, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Response, startTestServer, type TestServer } from '../running-server.ts';

interface Row {
  id: string;
  website_id: string;
  name: string;
  goal_type: string;
  match_value: string;
  match_operator: string;
  value_mode: string;
  fixed_value: number | null;
  value_property_key: string | null;
  currency: string;
  created_at: string;
  updated_at: string;
}

const SIGNUP = {
  name: 'Pro Signup',
  goal_type: 'event',
  match_value: 'signup_click',
  match_operator: 'equals',
  value_mode: 'fixed',
  fixed_value: 99.0,
  currency: 'USD',
};
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

let server: TestServer;
let key: string;
let site: string;
let goals: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

async function newSite(): Promise<void> {
  sites += 1;
  const added = await server.addSite(`spark${sites}.example`);
  key = added.key;
  site = added.site.id;
  goals = `/api/websites/${site}/goals`;
}

const post = (body: unknown) => server.ask('POST', goals, { key, body });
const rowOf = (answer: Response) => answer.json<{ data: Row }>().data;
const refused = (answer: Response) => [answer.status, answer.json<{ error: unknown }>().error];

describe('a goal', () => {
  test('is created with twelve fields and listed', async () => {
    await newSite();
    const answer = await post(SIGNUP);
    const row = rowOf(answer);
    expect(answer.status).toBe(201);
    expect(row).toEqual({
      ...SIGNUP,
      id: expect.stringMatching(/^goal_[0-9a-z]{21}$/),
      website_id: site,
      value_property_key: null,
      created_at: expect.stringMatching(TIME),
      updated_at: expect.stringMatching(TIME),
    });
    expect(Object.keys(row)).toEqual([
      'id',
      'website_id',
      'name',
      'goal_type',
      'match_value',
      'match_operator',
      'value_mode',
      'fixed_value',
      'value_property_key',
      'currency',
      'created_at',
      'updated_at',
    ]);
    const listed = await server.ask('GET', goals, { key });
    expect([listed.status, listed.json()]).toEqual([200, { data: [row] }]);
  });

  test('has the defaults of the product', async () => {
    await newSite();
    const row = rowOf(await post({ name: 'Plain', goal_type: 'page_view', match_value: '/thank-you' }));
    expect(row).toMatchObject({ goal_type: 'pageview', match_operator: 'equals', value_mode: 'none', currency: 'USD' });
  });

  test('is listed with the newest first', async () => {
    await newSite();
    for (const name of ['a', 'b', 'c']) await post({ ...SIGNUP, name });
    const { data } = (await server.ask('GET', goals, { key })).json<{ data: Row[] }>();
    expect(data.map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  test('takes what is put over it, its type excepted', async () => {
    await newSite();
    const { id } = rowOf(await post(SIGNUP));
    const put = (body: unknown) => server.ask('PUT', `${goals}/${id}`, { key, body });
    const answer = await put({ name: 'Pro Signup (Updated)', fixed_value: 149.0, goal_type: 'pageview' });
    expect(answer.status).toBe(200);
    expect(rowOf(answer)).toMatchObject({ ...SIGNUP, name: 'Pro Signup (Updated)', fixed_value: 149 });
    expect(rowOf(await put({ value_mode: 'event_property', value_property_key: 'amount' }))).toMatchObject({
      value_mode: 'event_property',
      fixed_value: null,
      value_property_key: 'amount',
      currency: 'USD',
    });
    expect(rowOf(await put({ value_mode: 'none', currency: 'CREDITS!' }))).toMatchObject({
      value_mode: 'none',
      value_property_key: null,
      currency: 'CREDITS!',
    });
    expect(refused(await put({ value_mode: 'fixed' }))).toEqual([
      422,
      { code: 'validation_error', message: 'fixed_value is required when value_mode=fixed', field: 'fixed_value' },
    ]);
    expect((await put({ name: 'Pro Signup (Updated)' })).status).toBe(200);
  });

  test('is deleted once', async () => {
    await newSite();
    const { id } = rowOf(await post(SIGNUP));
    const gone = await server.ask('DELETE', `${goals}/${id}`, { key });
    expect([gone.status, gone.text]).toEqual([204, '']);
    const unknown = [404, { code: 'not_found', message: 'Goal not found', field: null }];
    expect(refused(await server.ask('DELETE', `${goals}/${id}`, { key }))).toEqual(unknown);
    expect(refused(await server.ask('PUT', `${goals}/${id}`, { key, body: {} }))).toEqual(unknown);
    expect(refused(await server.ask('GET', `${goals}/${id}/stats`, { key }))).toEqual(unknown);
    expect((await post(SIGNUP)).status).toBe(201);
  });
});

describe('a goal that is refused', () => {
  const invalid = (message: string, field: string) => ({ code: 'validation_error', message, field });
  const cases: [change: Record<string, unknown>, error: object | undefined][] = [
    [{ name: 'n'.repeat(100) }, undefined],
    [{ name: 'n'.repeat(101) }, invalid('name must be 100 characters or fewer', 'name')],
    [{ name: '  ' }, invalid('name must not be empty', 'name')],
    [{ match_value: 'v'.repeat(500) }, undefined],
    [{ match_value: 'v'.repeat(501) }, invalid('match_value must be 500 characters or fewer', 'match_value')],
    [{ match_value: ' ' }, invalid('match_value must not be empty', 'match_value')],
    [{ fixed_value: 0 }, undefined],
    [{ fixed_value: -0.01 }, invalid('fixed_value must be non-negative', 'fixed_value')],
    [{ fixed_value: null }, invalid('fixed_value is required when value_mode=fixed', 'fixed_value')],
    [{ currency: 'c'.repeat(8) }, undefined],
    [{ currency: 'c'.repeat(9) }, invalid('currency must be between 1 and 8 characters', 'currency')],
    [{ currency: '' }, invalid('currency must be between 1 and 8 characters', 'currency')],
    [
      { value_mode: 'event_property' },
      invalid('value_property_key is required when value_mode=event_property', 'value_property_key'),
    ],
    [
      { value_mode: 'event_property', value_property_key: ' ' },
      invalid('value_property_key must not be empty', 'value_property_key'),
    ],
    [{ value_mode: 'event_property', value_property_key: 'k'.repeat(300) }, undefined],
    [
      { value_mode: 'event_property', value_property_key: 'k'.repeat(301) },
      invalid('value_property_key must be 300 characters or fewer', 'value_property_key'),
    ],
    [{ fixed_value: 1_000_000_000 }, undefined],
    [{ fixed_value: 1_000_000_001 }, invalid('fixed_value must be a number up to 1000000000', 'fixed_value')],
    [{ goal_type: 'click' }, invalid('goal_type must be one of: event, pageview', 'goal_type')],
  ];
  test.each(cases.map(([change, error]) => ({ change, shown: JSON.stringify(change).slice(0, 60), error })))(
    'says why of $shown',
    async ({ change, error }) => {
      await newSite();
      const answer = await post({ ...SIGNUP, ...change });
      if (error === undefined) expect(answer.status).toBe(201);
      else expect(refused(answer)).toEqual([422, error]);
    },
  );

  test('has the name of another', async () => {
    await newSite();
    await post(SIGNUP);
    expect(refused(await post(SIGNUP))).toEqual([
      422,
      { code: 'duplicate_name', message: 'goal name already exists for this website', field: 'name' },
    ]);
  });

  test('is the fifty-first', async () => {
    await newSite();
    for (let at = 0; at < 50; at += 1) expect((await post({ ...SIGNUP, name: `g${at}` })).status).toBe(201);
    const limit = { code: 'limit_exceeded', message: 'maximum of 50 goals per website reached', field: 'goals' };
    expect(refused(await post({ ...SIGNUP, name: 'g50' }))).toEqual([422, limit]);
    // The product looks for room before it looks for the name.
    expect(refused(await post({ ...SIGNUP, name: 'g1' }))).toEqual([422, limit]);
  });

  test('is every one but one of two hundred at once', async () => {
    await newSite();
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(SIGNUP)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([201, ...Array.from({ length: 199 }, () => 422)]);
    expect((await server.ask('GET', goals, { key })).json<{ data: Row[] }>().data).toHaveLength(1);
  });

  test('comes from a stranger, for a site that is not there, or is no JSON', async () => {
    await newSite();
    const unauthorized = { code: 'unauthorized', message: expect.any(String), field: null };
    expect(refused(await server.ask('GET', goals))).toEqual([401, unauthorized]);
    expect(refused(await server.ask('GET', goals, { key: 'spk_selfhosted_unknown' }))).toEqual([401, unauthorized]);
    const readOnly = await server.addKey(site, ['goals:read']);
    expect((await server.ask('POST', goals, { key: readOnly, body: SIGNUP })).status).toBe(403);
    const account = await server.addKey(null, ['goals:read']);
    expect(refused(await server.ask('GET', '/api/websites/site_unknown/goals', { key: account }))).toEqual([
      404,
      { code: 'not_found', message: 'Website not found', field: null },
    ]);
    for (const text of ['{"name":', '', '[]']) {
      expect(refused(await server.ask('POST', goals, { key, text }))).toEqual([
        400,
        { code: 'validation_error', message: expect.any(String), field: null },
      ]);
    }
    expect((await server.ask('POST', goals, { key, body: { name: 'n'.repeat(1_100_000) } })).status).toBe(400);
    expect(refused(await server.ask('GET', '/api/websites/none', { key }))[0]).toBe(404);
  });
});
