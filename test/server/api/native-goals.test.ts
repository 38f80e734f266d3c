/** Goals through the native API: their life, their refusals, their limits. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { startTestServer, type TestServer } from './running-server.ts';

interface Refused {
  error: { code: string; message: string; field?: string; docs: string };
}

let server: TestServer;
let key: string;
let goals: string;
let counter = 0;

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  key = added.key;
  goals = `/api/sites/${added.site.id}/goals`;
});
afterAll(() => server.remove());

function named(more: Record<string, unknown> = {}) {
  counter += 1;
  return { name: `Goal ${counter}`, trigger: { type: 'event', name: 'buy' }, ...more };
}

async function create(more: Record<string, unknown> = {}): Promise<Goal> {
  const answer = await server.ask('POST', goals, { key, body: named(more) });
  expect(answer.text).toContain('"id"');
  return answer.json<Goal>();
}

describe('a goal', () => {
  test('is created with its defaults and found again by site id, key and domain', async () => {
    const answer = await server.ask('POST', goals, { key, body: named() });
    const goal = answer.json<Goal>();
    expect(answer.status).toBe(201);
    expect(answer.headers.get('location')).toBe(`${goals}/${goal.id}`);
    expect(goal).toMatchObject({ active: true, version: 1, count: 'every', value: { mode: 'given' }, warnings: [] });
    for (const site of [goal.site_id, 'shop.example', server.app.backend.registry.find(goal.site_id)!.site.key]) {
      const found = await server.ask('GET', `/api/sites/${site}/goals/${goal.id}`, { key });
      expect([found.status, found.json<Goal>().id]).toEqual([200, goal.id]);
    }
  });

  test('is in the plan as soon as it is answered', async () => {
    const goal = await create({ trigger: { type: 'element_click', selector: '#cta' } });
    const plan = await server.ask('GET', '/plan/shop.example');
    expect(plan.json<{ g: unknown[] }>().g).toContainEqual({ i: goal.id, t: 2, h: ['cta'], s: '#cta' });
  });

  test('can be sent back as it was read', async () => {
    const goal = await create();
    const read = await server.ask('GET', `${goals}/${goal.id}`, { key });
    const patched = await server.ask('PATCH', `${goals}/${goal.id}`, { key, text: read.text });
    expect(patched.status).toBe(200);
    expect(patched.json<Goal>()).toMatchObject({ id: goal.id, name: goal.name });
  });

  test('is changed only at the version that If-Match names', async () => {
    const goal = await create();
    const path = `${goals}/${goal.id}`;
    const first = await server.ask('PATCH', path, { key, body: { active: false }, headers: { 'if-match': '"1"' } });
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    const second = await server.ask('PATCH', path, { key, body: { active: true }, headers: { 'if-match': '"1"' } });
    expect([second.status, second.json<Refused>().error.code]).toEqual([412, 'precondition_failed']);
    const either = { 'if-match': '"x", W/"7", "2"' };
    expect((await server.ask('PATCH', path, { key, body: { active: false }, headers: either })).status).toBe(200);
    for (const tag of ['"x"', '1.5', '"0"', '"7", "8"']) {
      const odd = await server.ask('PATCH', path, { key, body: { active: true }, headers: { 'if-match': tag } });
      expect(odd.status).toBe(412);
    }
    const any = await server.ask('PATCH', path, { key, body: { active: true }, headers: { 'if-match': '*' } });
    expect(any.status).toBe(200);
  });

  test('is deleted, unknown, restored and has all its versions', async () => {
    const goal = await create();
    const path = `${goals}/${goal.id}`;
    expect((await server.ask('DELETE', path, { key })).status).toBe(204);
    expect((await server.ask('GET', path, { key })).status).toBe(404);
    expect((await server.ask('DELETE', path, { key })).json<Refused>().error.code).toBe('unknown_goal');
    const ids = async (query: string) =>
      (await server.ask('GET', `${goals}?limit=1000${query}`, { key }))
        .json<{ goals: Goal[] }>()
        .goals.map(({ id }) => id);
    expect([(await ids('')).includes(goal.id), (await ids('&deleted=true')).includes(goal.id)]).toEqual([false, true]);
    expect((await server.ask('POST', `${path}/restore`, { key })).json<Goal>()).toMatchObject({ id: goal.id });
    const { versions } = (await server.ask('GET', `${path}/versions`, { key })).json<{ versions: unknown[] }>();
    expect(versions).toHaveLength(3);
  });

  test('is duplicated under a name of its own', async () => {
    const goal = await create();
    const copy = await server.ask('POST', `${goals}/${goal.id}/duplicate`, { key, body: { name: 'The copy' } });
    expect(copy.status).toBe(201);
    expect(copy.json<Goal>()).toMatchObject({ name: 'The copy', key: 'the_copy', trigger: goal.trigger });
    const plain = await server.ask('POST', `${goals}/${goal.id}/duplicate`, { key });
    expect([plain.status, plain.json<Goal>().name]).toEqual([201, `${goal.name} (copy)`]);
    const second = await server.ask('POST', `${goals}/${goal.id}/duplicate`, { key });
    expect([second.status, second.json<Goal>().name]).toEqual([201, `${goal.name} (copy 2)`]);
  });

  test('is made once by PUT under its key and replaced after that', async () => {
    const path = `${goals}/by-key/upserted`;
    const made = await server.ask('PUT', path, { key, body: named() });
    const again = await server.ask('PUT', path, { key, body: named({ active: false }) });
    expect([made.status, again.status]).toEqual([201, 200]);
    expect(again.json<Goal>()).toMatchObject({ id: made.json<Goal>().id, active: false, key: 'upserted' });
    const onlyNew = await server.ask('PUT', path, { key, body: named(), headers: { 'if-none-match': '*' } });
    expect([onlyNew.status, onlyNew.json<Refused>().error.code]).toEqual([412, 'precondition_failed']);
    expect((await server.ask('GET', path, { key })).json<Goal>()).toMatchObject({ id: made.json<Goal>().id });
    const other = await server.ask('PUT', path, { key, body: named({ key: 'another' }) });
    expect([other.status, other.json<Refused>().error.field]).toEqual([422, 'key']);
    expect((await server.ask('GET', `${goals}/by-key/another`, { key })).status).toBe(404);
    expect((await server.ask('PUT', `${goals}/by-key/No%20Key`, { key, body: named() })).status).toBe(400);
  });

  test('is put only over the version that If-Match names', async () => {
    const path = `${goals}/by-key/guarded`;
    const put = (tag: string) => server.ask('PUT', path, { key, body: named(), headers: { 'if-match': tag } });
    const refused = async (...tags: string[]) => {
      for (const tag of tags) {
        const answer = await put(tag);
        expect([tag, answer.status, answer.json<Refused>().error.code]).toEqual([tag, 412, 'precondition_failed']);
      }
    };
    await refused('"1"', '*');
    const { id } = (await server.ask('PUT', path, { key, body: named() })).json<Goal>();
    const second = await put('"1"');
    expect([second.status, second.headers.get('etag')]).toEqual([200, '"2"']);
    await refused('"1"', '"3"', '"x"');
    expect((await put('*')).json<Goal>()).toMatchObject({ id, version: 3 });
  });

  test('of a name that is taken is refused', async () => {
    const goal = await create();
    const answer = await server.ask('POST', goals, { key, body: { ...named(), name: goal.name } });
    expect([answer.status, answer.json<Refused>().error.field]).toEqual([409, 'name']);
  });

  test('is one of many or none is made', async () => {
    const before = (await server.ask('GET', `${goals}?limit=500`, { key })).json<{ goals: Goal[] }>().goals.length;
    const bad = { goals: [named(), named({ trigger: { type: 'scroll_depth', percent: 101 } })] };
    const refused = await server.ask('POST', `${goals}/many`, { key, body: bad });
    expect([refused.status, refused.json<Refused>().error.field]).toEqual([422, 'goals.1.trigger.percent']);
    const made = await server.ask('POST', `${goals}/many`, { key, body: { goals: [named(), named()] } });
    expect(made.json<{ goals: Goal[] }>().goals).toHaveLength(2);
    const after = (await server.ask('GET', `${goals}?limit=500`, { key })).json<{ goals: Goal[] }>().goals.length;
    expect(after).toBe(before + 2);
  });

  test('is listed by pages without gaps, by trigger and by text', async () => {
    const { site, key: other } = await server.addSite('pages.example');
    const path = `/api/sites/${site.id}/goals`;
    const bodies = Array.from({ length: 7 }, () => named());
    bodies.push(named({ name: 'Needle', trigger: { type: 'engagement' } }));
    await server.ask('POST', `${path}/many`, { key: other, body: { goals: bodies } });
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const from: string = next === '' ? '' : `&cursor=${next}`;
      const answer = await server.ask('GET', `${path}?limit=3${from}`, { key: other });
      const page: { goals: Goal[]; next: string | null } = answer.json();
      seen.push(...page.goals.map((goal) => goal.name));
      next = page.next;
    }
    expect(seen).toEqual(bodies.map(({ name }) => name).reverse());
    for (const query of ['trigger=engagement', 'q=NEEDLE']) {
      const found = (await server.ask('GET', `${path}?${query}`, { key: other })).json<{ goals: Goal[] }>();
      expect(found.goals.map((goal) => goal.name)).toEqual(['Needle']);
    }
  });
});

describe('a wrong field is named', () => {
  const click = { type: 'element_click', selector: 'a' };
  test.each<[string, Record<string, unknown>]>([
    ['name', { name: '' }],
    ['name', { name: 5 }],
    ['name', { name: 'x'.repeat(2_101) }],
    ['key', { key: 'No Key' }],
    ['active', { active: 'yes' }],
    ['trigger', { trigger: undefined }],
    ['trigger', { trigger: [] }],
    ['trigger.type', { trigger: {} }],
    ['trigger.type', { trigger: { type: 'hover' } }],
    ['trigger.url', { trigger: { type: 'pageview' } }],
    ['trigger.url.match', { trigger: { type: 'pageview', url: { match: 'is', value: '/' } } }],
    ['trigger.url.value', { trigger: { type: 'pageview', url: { match: 'exact', value: '' } } }],
    ['trigger.url.value', { trigger: { type: 'pageview', url: { match: 'regex', value: '^(a+)+$' } } }],
    ['trigger.url.value', { trigger: { type: 'pageview', url: { match: 'regex', value: '(' } } }],
    ['trigger.view', { trigger: { type: 'pageview', url: { match: 'exact', value: '/' }, view: 'all' } }],
    ['trigger.selector', { trigger: { type: 'element_click', selector: 'div[' } }],
    ['trigger.selector', { trigger: { type: 'element_click' } }],
    ['trigger.selectr', { trigger: { ...click, selectr: 'a' } }],
    ['trigger.seconds', { trigger: { type: 'time_spent', seconds: 0 } }],
    ['trigger.seconds', { trigger: { type: 'time_spent', seconds: '30' } }],
    ['trigger.percent', { trigger: { type: 'scroll_depth', percent: 101 } }],
    ['trigger.ratio', { trigger: { type: 'element_visible', selector: 'a', ratio: 2 } }],
    ['trigger.name', { trigger: { type: 'event', name: ' ' } }],
    ['trigger.currency', { trigger: { type: 'revenue', name: 'buy', currency: 'EURO' } }],
    ['value.mode', { value: { mode: 'some' } }],
    ['value.amount', { value: { mode: 'fixed', amount: 'much' } }],
    ['value.currency', { value: { mode: 'fixed', amount: '1', currency: 'EURO' } }],
    ['where.include.0.match', { where: { include: [{ match: 'is', value: '/' }] } }],
    ['where.included', { where: { included: [] } }],
    ['properties', { properties: { a: '1', b: '2', c: '3', d: '4' } }],
    ['count', { count: 'twice' }],
    ['purpose', { purpose: 'fun' }],
    ['description', { description: 'x'.repeat(301) }],
    ['foreign', { foreign: { mida: { text: 'x'.repeat(5_000) } } }],
    ['colour', { colour: 'red' }],
  ])('%s: %j', async (field, wrong) => {
    const answer = await server.ask('POST', goals, { key, body: { ...named(), ...wrong } });
    const { error } = answer.json<Refused>();
    expect([answer.status, error.code, error.field]).toEqual([422, 'invalid_field', field]);
    expect(error.message.length).toBeGreaterThan(5);
    expect(error.docs).toBe('/api/docs#invalid_field');
  });
});

describe('200 simultaneous requests for one goal', () => {
  const everyone = <T>(ask: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: 200 }, (_, index) => ask(index)));

  test('by its name leave one goal and 199 refusals', async () => {
    const body = { name: 'Only one', trigger: { type: 'engagement' } };
    const answers = await everyone(() => server.ask('POST', goals, { key, body }));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 199 }, () => 409)]);
    const { goals: found } = (await server.ask('GET', `${goals}?q=only`, { key })).json<{ goals: Goal[] }>();
    expect(found).toHaveLength(1);
  });

  test('by PUT under its key leave one goal, made once', async () => {
    const body = { name: 'Upserted at once', trigger: { type: 'engagement' } };
    const answers = await everyone(() => server.ask('PUT', `${goals}/by-key/at_once`, { key, body }));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.json<Goal>().id)).size).toBe(1);
  });
});
