/** Mida's goals and events as its clients use them, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Response, startTestServer, type TestServer } from '../running-server.ts';

const CTA = {
  goal_name: 'CTA Button Click',
  goal_type: 'clickOnElement',
  goal_value: '.cta-button',
  goal_purpose: 'sell',
  element_url: 'https://example.com/',
};

let server: TestServer;
let key: string;
let site: string;
let project: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

async function newSite(): Promise<void> {
  sites += 1;
  const added = await server.addSite(`mida${sites}.example`);
  key = added.key;
  site = added.site.id;
  project = `/v2/project/${added.site.key}`;
}

const post = (body: unknown) => server.ask('POST', `${project}/goal`, { key, body });
const idOf = (answer: Response) => answer.json<{ goal_profile_id: number }>().goal_profile_id;
const refused = (answer: Response) => [answer.status, answer.json()];
const failure = (status: number, error: unknown = expect.any(String)) => [status, { error }];

describe('a goal', () => {
  test('is created, listed, shown, changed and deleted', async () => {
    await newSite();
    const made = await post(CTA);
    const goal_profile_id = idOf(made);
    expect([made.status, made.json()]).toEqual([
      200,
      { success: true, goal_profile_id: expect.any(Number), goal_key: 'cta_button_click', company_id: 1 },
    ]);
    const row = { goal_profile_id, goal_key: 'cta_button_click', ...CTA };
    expect((await server.ask('GET', `${project}/goals`, { key })).json()).toEqual({
      success: true,
      company_id: 1,
      count: 1,
      goals: [row],
    });
    const path = `${project}/goal/${goal_profile_id}`;
    const shown = { ...row, status: 1, created_at: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect((await server.ask('GET', path, { key })).json()).toEqual({ success: true, goal: shown });
    const patched = await server.ask('PATCH', path, { key, body: { goal_value: '#cta', element_url: null } });
    expect([patched.status, patched.json()]).toEqual([200, { success: true, goal_profile_id }]);
    const gone = await server.ask('DELETE', path, { key });
    expect([gone.status, gone.json()]).toEqual([200, { success: true, goal_profile_id, deleted: true }]);
    expect((await server.ask('GET', `${project}/goals`, { key })).json()).toMatchObject({ count: 0, goals: [] });
    expect((await server.ask('GET', path, { key })).json()).toEqual({
      success: true,
      goal: { ...shown, goal_value: '#cta', element_url: null, status: 2 },
    });
    for (const method of ['DELETE', 'PATCH']) {
      expect(refused(await server.ask(method, path, { key, body: {} }))).toEqual(failure(404));
    }
  });

  test('has the documents’ second example', async () => {
    await newSite();
    const page = {
      goal_name: 'Reached Thank You Page',
      goal_type: 'pageview',
      goal_value: 'https://example.com/thank-you',
    };
    expect((await post(page)).json()).toMatchObject({ success: true, goal_key: 'reached_thank_you_page' });
    const { goals } = (await server.ask('GET', `${project}/goals`, { key })).json<{ goals: unknown[] }>();
    expect(goals).toEqual([expect.objectContaining({ ...page, goal_purpose: 'sell', element_url: null })]);
  });

  test('has a key of its own, its name may repeat', async () => {
    await newSite();
    const taken = failure(406, 'A goal with the same goal_key already exists for this project');
    expect((await post({ ...CTA, goal_key: 'one' })).status).toBe(200);
    expect((await post({ ...CTA, goal_key: 'two' })).status).toBe(200);
    expect(refused(await post({ ...CTA, goal_key: 'one' }))).toEqual(taken);
    expect((await post(CTA)).status).toBe(200);
    expect(refused(await post(CTA))).toEqual(taken);
    const { goals } = (await server.ask('GET', `${project}/goals`, { key })).json<{ goals: { goal_key: string }[] }>();
    expect(goals.map(({ goal_key }) => goal_key)).toEqual(['cta_button_click', 'two', 'one']);
  });

  test('is one for two hundred who make it at once', async () => {
    await newSite();
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(CTA)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array.from({ length: 199 }, () => 406)]);
  });

  const types: [type: string, value: string, trigger: object][] = [
    ['clickOnElement', '#hero-cta', { type: 'element_click' }],
    ['clickOnText', 'Start Free Trial', { type: 'text_click', match: 'equals' }],
    ['formSubmit', 'form#signup', { type: 'form_submit' }],
    ['pageview', 'https://example.com/pricing', { type: 'pageview', url: { match: 'contains' } }],
    ['pageviewExact', 'https://example.com/pricing?plan=pro', { type: 'pageview', url: { match: 'exact' } }],
    ['pageviewWildcard', 'https://example.com/blog/*', { type: 'pageview', url: { match: 'wildcard' } }],
    ['pageviewRegex', '^https://example\\.com/blog/.+$', { type: 'pageview', url: { match: 'regex' } }],
    ['script', 'signup_completed', { type: 'event', name: 'signup_completed' }],
    ['externalLink', 'partner.example', { type: 'link_click' }],
    ['elementAppears', '.modal', { type: 'element_visible', ratio: 0 }],
    ['scrolling', '75', { type: 'scroll_depth', percent: 75 }],
    ['duration', '30', { type: 'time_spent', seconds: 30 }],
    ['event', 'signup', { type: 'event', name: 'signup' }],
    ['revenue', 'purchase', { type: 'revenue', name: 'purchase' }],
  ];
  test.each(types)('of type %s has its trigger and reads back', async (goal_type, goal_value, trigger) => {
    await newSite();
    const id = idOf(await post({ goal_name: 'G', goal_type, goal_value }));
    const { goal } = (await server.ask('GET', `${project}/goal/${id}`, { key })).json<{ goal: object }>();
    expect(goal).toMatchObject({ goal_type, goal_value });
    expect((await server.app.backend.goals.all(site))[0]?.trigger).toMatchObject(trigger);
  });

  test.each([
    [{ goal_name: undefined }, 'Missing required field: goal_name'],
    [{ goal_type: undefined }, 'Missing required field: goal_type'],
    [{ goal_value: undefined }, 'Missing required field: goal_value'],
    [{ goal_type: 'hover' }, 'Invalid goal_type: hover'],
    [{ goal_type: 'constructor' }, 'Invalid goal_type: constructor'],
    [{ goal_purpose: 'win' }, 'Invalid goal_purpose: win'],
    [{ goal_name: 7 }, expect.any(String)],
    [{ goal_name: 'n'.repeat(2_101) }, expect.any(String)],
    [{ goal_type: 'pageview', goal_value: `/${'v'.repeat(2_000)}` }, expect.any(String)],
    [{ goal_key: 'Not A Key' }, expect.any(String)],
    [{ goal_key: 'k'.repeat(65) }, expect.any(String)],
    [{ goal_type: 'scrolling', goal_value: '101' }, expect.any(String)],
    [{ goal_type: 'scrolling', goal_value: 'far' }, expect.any(String)],
    [{ goal_type: 'duration', goal_value: '86401' }, expect.any(String)],
    [{ goal_value: 'a[' }, expect.any(String)],
    [{ goal_type: 'pageviewRegex', goal_value: '(' }, expect.any(String)],
  ])('is refused with %o', async (change, error) => {
    await newSite();
    expect(refused(await post({ ...CTA, ...change }))).toEqual(failure(400, error));
  });

  test.each([
    [{ goal_key: 'k'.repeat(64) }],
    [{ goal_name: 'n'.repeat(2_100) }],
    [{ goal_type: 'pageview', goal_value: `/${'v'.repeat(1_999)}` }],
    [{ goal_type: 'scrolling', goal_value: '100' }],
    [{ goal_type: 'scrolling', goal_value: 1 }],
    [{ goal_type: 'duration', goal_value: '86400' }],
    [{ goal_purpose: 'engage' }],
    [{ goal_purpose: 'generate', element_url: 'https://example.com/*' }],
  ])('is taken with %o', async (change) => {
    await newSite();
    expect((await post({ ...CTA, ...change })).status).toBe(200);
  });

  test('is listed in pages of at most five hundred', async () => {
    await newSite();
    const drafts = Array.from({ length: 510 }, (_, at) => ({
      name: `g${at}`,
      trigger: { type: 'event', name: `g${at}` },
    }));
    await server.app.backend.goalsFromNow.createMany(site, drafts, { origin: 'test' });
    const count = async (query: string) =>
      (await server.ask('GET', `${project}/goals${query}`, { key })).json<{ count: number }>().count;
    expect(await count('')).toBe(50);
    expect(await count('?limit=500')).toBe(500);
    expect(await count('?limit=501')).toBe(500);
    expect(await count('?limit=0')).toBe(1);
    expect(await count('?limit=500&offset=505')).toBe(5);
    expect(await count('?offset=510')).toBe(0);
  });

  test('is no broken JSON, no stranger’s, no other site’s', async () => {
    await newSite();
    for (const text of ['{', '', '[]']) {
      expect(refused(await server.ask('POST', `${project}/goal`, { key, text }))).toEqual(failure(400));
    }
    expect(refused(await server.ask('POST', `${project}/goal`, { body: CTA }))).toEqual(failure(401));
    expect(refused(await server.ask('POST', `${project}/goal`, { key: 'nobody', body: CTA }))).toEqual(failure(401));
    for (const header of ['x-api-key', 'api-key']) {
      expect((await server.ask('GET', `${project}/goals`, { headers: { [header]: key } })).status).toBe(200);
    }
    const readOnly = await server.addKey(site, ['goals:read']);
    expect(refused(await server.ask('POST', `${project}/goal`, { key: readOnly, body: CTA }))).toEqual(failure(403));
    const account = await server.addKey(null, ['goals:read']);
    expect(refused(await server.ask('GET', '/v2/project/unknown/goals', { key: account }))).toEqual(failure(404));
    for (const id of ['1e3', 'hello', '99999999']) {
      expect(refused(await server.ask('GET', `${project}/goal/${id}`, { key }))).toEqual(failure(404));
    }
    expect(refused(await server.ask('GET', `${project}/experiments`, { key }))).toEqual(failure(404));
  });
});

describe('an event', () => {
  const send = (body: unknown) => server.ask('POST', `${project}/event`, { key, body });

  test('of a visitor is recorded and counted', async () => {
    await newSite();
    await post({ goal_name: 'Signup', goal_type: 'script', goal_value: 'signup_completed' });
    for (const visitor of [{ mida_uuid: 'u-1' }, { email: 'a@example.com' }, { id: 7 }]) {
      const answer = await send({ event_name: 'signup_completed', properties: { plan: 'pro' }, ...visitor });
      expect([answer.status, answer.json()]).toEqual([200, { success: true, message: 'Event recorded successfully' }]);
    }
    const [goal] = await server.app.backend.goals.all(site);
    const stats = await server.ask('GET', `/api/sites/${site}/goals/${goal?.id}/stats?fresh=true`, { key });
    expect(stats.json()).toMatchObject({ conversions: 3, converting_visitors: 3 });
  });

  test.each([
    [{ mida_uuid: 'u' }, 'Missing required field: event_name'],
    [{ event_name: 'e' }, 'Missing required field: mida_uuid, email or id'],
    [{ event_name: 'e', id: 'u', properties: [] }, 'properties must be an object'],
    [{ event_name: '$pageview', id: 'u' }, expect.any(String)],
  ])('is refused as %o', async (body, error) => {
    await newSite();
    expect(refused(await send(body))).toEqual(failure(400, error));
  });
});
