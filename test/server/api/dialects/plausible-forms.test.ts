/** Plausible's sites API takes forms, as the examples of its documents send them, within limits; other routes take none. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceForTests } from '../../../services.mjs';
import { startTestServer, type TestServer } from '../running-server.ts';

const GOALS = '/api/v1/sites/goals';
const PURCHASE = { goal_type: 'event', event_name: 'Purchase' };

let server: TestServer;
let key: string;
let domain: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

async function newSite(): Promise<void> {
  sites += 1;
  domain = `form${sites}.example`;
  ({ key } = await server.addSite(domain));
}

type Pairs = readonly (readonly [string, string | Blob])[];

/** Both ways in which a form travels. */
const WAYS: readonly (readonly [string, (pairs: Pairs) => FormData | URLSearchParams])[] = [
  [
    'multipart/form-data',
    (pairs) => {
      const form = new FormData();
      for (const [name, value] of pairs) form.append(name, value);
      return form;
    },
  ],
  ['urlencoded', (pairs) => new URLSearchParams(pairs.map(([name, value]) => [name, String(value)]))],
];

async function send(method: string, path: string, body: FormData | URLSearchParams | string) {
  const answer = await fetch(server.url + path, { method, headers: { authorization: `Bearer ${key}` }, body });
  const text = await answer.text();
  return { status: answer.status, text, json: () => JSON.parse(text) as Record<string, unknown> };
}

describe.each(WAYS)('a form as %s', (way, formOf) => {
  test('makes the goal that JSON would make, once, and deletes it', async () => {
    await newSite();
    const pairs = Object.entries({ ...PURCHASE, display_name: 'Größe & Zeit', site_id: domain });
    const made = await send('PUT', GOALS, formOf(pairs));
    expect(made.status, made.text).toBe(200);
    expect(made.json()).toMatchObject({ domain, goal_type: 'event', display_name: 'Größe & Zeit', custom_props: {} });
    const body = Object.fromEntries(pairs);
    expect((await server.ask('PUT', GOALS, { key, body })).text).toBe(made.text);
    const gone = await send('DELETE', `${GOALS}/${made.json().id}`, formOf([['site_id', domain]]));
    expect([gone.status, gone.text]).toEqual([200, '{"deleted":"true"}']);
  });

  test.each<[string, Pairs]>([
    ['as JSON', [['custom_props', '{"plan":"pro","size":"9"}']]],
    [
      'one by one',
      [
        ['custom_props[plan]', 'pro'],
        ['custom_props[size]', '9'],
      ],
    ],
  ])('carries properties %s', async (_how, properties) => {
    await newSite();
    const made = await send('PUT', GOALS, formOf([...Object.entries(PURCHASE), ...properties]));
    expect(made.json()).toMatchObject({ custom_props: { plan: 'pro', size: '9' } });
  });

  test.each<[string, Pairs, number]>([
    ['no field', [], 400],
    ['a field twice', [...Object.entries(PURCHASE), ['event_name', 'Other']], 400],
    ['a name that is too long', Object.entries({ ...PURCHASE, event_name: 'x'.repeat(30_000) }), 400],
    ['properties that are no JSON', Object.entries({ ...PURCHASE, custom_props: '{plan' }), 400],
    ['more bytes than a body may have', Object.entries({ ...PURCHASE, event_name: 'x'.repeat(1_100_000) }), 413],
    ['a name out of the prototype', Object.entries({ goal_type: 'event', constructor: 'x' }), 400],
  ])('with %s is refused in the product’s shape', async (_what, pairs, status) => {
    await newSite();
    const answer = await send('PUT', GOALS, formOf(pairs));
    // A form in parts is read part by part, so that what is too long is cut before it is too large.
    expect(answer.status).toBe(way === 'urlencoded' ? status : 400);
    expect(answer.json()).toEqual({ error: expect.any(String) });
    const listed = await server.ask('GET', `${GOALS}?site_id=${domain}`, { key });
    expect(listed.json()).toMatchObject({ goals: [] });
  });
});

test('a form with more fields than any goal has, or with a file, is too large', async () => {
  await newSite();
  const [, formOf] = WAYS[0] ?? [];
  const many = Array.from({ length: 60 }, (_, index) => [`field_${index}`, 'x'] as const);
  const file = [['event_name', new Blob(['x'])]] as const;
  for (const pairs of [many, file]) {
    const answer = await send('PUT', GOALS, (formOf ?? (() => ''))(pairs));
    expect([answer.status, Object.keys(answer.json())]).toEqual([413, ['error']]);
  }
});

test.runIf(serviceForTests('curl'))('the command of the product’s documents works as it stands there', async () => {
  await newSite();
  const fields = { site_id: domain, goal_type: 'event', event_name: 'Signup', display_name: 'My Signup Goal' };
  const forms = Object.entries(fields).flatMap(([name, value]) => ['-F', `${name}=${value}`]);
  const command = ['-sS', '-X', 'PUT', `${server.url}${GOALS}`, '-H', `Authorization: Bearer ${key}`, ...forms];
  const { stdout } = await promisify(execFile)('curl', command);
  expect(JSON.parse(stdout)).toMatchObject({ domain, event_name: 'Signup', display_name: 'My Signup Goal' });
});

test('a form on a route that takes JSON is refused there', async () => {
  await newSite();
  const form = new URLSearchParams({ name: 'Signup' });
  const answer = await send('POST', `/api/sites/${domain}/goals`, form);
  expect([answer.status, answer.json()]).toMatchObject([400, { error: { code: 'invalid_body' } }]);
});

test('the OpenAPI document says how bodies may travel', async () => {
  const { paths } = (await server.ask('GET', '/api/openapi.json')).json<{
    paths: Record<string, Record<string, { requestBody: { content: object } }>>;
  }>();
  const types = (path: string, method: string) => Object.keys(paths[path]?.[method]?.requestBody.content ?? {});
  const forms = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'];
  expect(types(GOALS, 'put')).toEqual(forms);
  expect(types(`${GOALS}/{id}`, 'delete')).toEqual(forms);
  expect(types('/api/sites/{site}/goals', 'post')).toEqual(['application/json']);
});
