/** DataFast's goal events, analytics and identities as its clients use them, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Response, startTestServer, type TestServer } from '../running-server.ts';
import { CHROME } from './clients.ts';

const VISITOR = 'a3ab2331-989f-4cfa-91c6-2461c9e3c6bd';
const SIGNUP = { datafast_visitor_id: VISITOR, name: 'newsletter_signup', metadata: { plan: 'pro' } };

let server: TestServer;
let key: string;
let site: string;
let domain: string;
let sites = 0;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.remove());

/** A page view of the visitor, as our own script sends it. */
async function view(visitor = VISITOR): Promise<void> {
  const id = crypto.randomUUID();
  const event = { i: id, pv: id, n: '$pageview', a: 0, u: `https://${domain}/`, vi: visitor };
  const batch = { v: 1, s: domain, t: Date.now(), r: 0, e: [event] };
  const headers = { 'user-agent': CHROME, 'content-type': 'text/plain' };
  const answer = await server.ask('POST', '/e', { headers, text: JSON.stringify(batch) });
  expect(answer.json()).toMatchObject({ ok: true, accepted: 1 });
}

async function newSite(): Promise<void> {
  sites += 1;
  domain = `fast${sites}.example`;
  const added = await server.addSite(domain);
  key = added.key;
  site = added.site.id;
  await view();
}

const post = (body: unknown, path = 'goals') => server.ask('POST', `/api/v1/${path}`, { key, body });
const refused = (answer: Response) => [answer.status, answer.json()];
const failure = (code: number, message: unknown = expect.any(String)) => [
  code,
  { status: 'error', error: { code, message } },
];
async function rowsOf(query = ''): Promise<unknown[]> {
  const answer = await server.ask('GET', `/api/v1/analytics/goals${query}`, { key });
  expect(answer.status).toBe(200);
  return answer.json<{ data: unknown[] }>().data;
}

describe('a goal event', () => {
  test('is recorded for a visitor who was seen, before the view is drained', async () => {
    await newSite();
    const answer = await post(SIGNUP);
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        status: 'success',
        data: [{ message: 'Custom event created successfully', eventId: expect.stringMatching(/^[0-9a-f]{24}$/) }],
      },
    ]);
    expect(await rowsOf()).toEqual([{ goal: 'newsletter_signup', completions: 1, visitors: 1 }]);
  });

  test('makes its goal on first use, once for two hundred at once, and none where one counts it', async () => {
    await newSite();
    const body = { ...SIGNUP, name: 'Free  Trial' };
    const answers = await Promise.all(Array.from({ length: 200 }, () => post(body)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const { goals } = server.app.backend;
    expect((await goals.all(site)).map(({ trigger }) => trigger)).toEqual([
      { type: 'event', name: 'free_trial', match: 'equals', source: 'any' },
    ]);
    expect(await rowsOf()).toEqual([{ goal: 'free_trial', completions: 200, visitors: 1 }]);
    await goals.create(
      site,
      { name: 'Any', trigger: { type: 'event', name: 'step:', match: 'starts_with' } },
      { origin: 't' },
    );
    await post({ ...SIGNUP, name: 'step:one' });
    expect(await goals.all(site)).toHaveLength(2);
  });

  test('is recorded at the limit of goals too', async () => {
    await newSite();
    const drafts = Array.from({ length: 1_000 }, (_, at) => ({
      name: `g${at}`,
      trigger: { type: 'event', name: `g${at}` },
    }));
    await server.app.backend.goalsFromNow.createMany(site, drafts, { origin: 'test' });
    expect((await post(SIGNUP)).status).toBe(200);
    expect(await server.app.backend.goals.all(site)).toHaveLength(1_000);
  });

  test('keeps metadata without markup, and its description', async () => {
    await newSite();
    await post({ ...SIGNUP, description: 'From <b>footer</b>', metadata: { plan: '<i>pro</i>', seats: 3 } });
    await server.app.backend.collector.fresh();
    const rows = await server.app.backend.store.query<{ props: string }>(
      "SELECT CAST(props AS VARCHAR) AS props FROM events WHERE name = 'newsletter_signup' AND props LIKE '%footer%'",
      [],
    );
    expect(rows.map(({ props }) => JSON.parse(props))).toEqual([
      { description: 'From footer', plan: 'pro', seats: '3' },
    ]);
  });

  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));
  test.each([
    [{ name: 'n'.repeat(64) }, 200],
    [{ name: 'n'.repeat(65) }, 400],
    [{ name: 'A b-c_d:e' }, 200],
    [{ name: 'ä' }, 400],
    [{ name: ' ' }, 400],
    [{ name: 7 }, 400],
    [{ name: 'Identify' }, 400],
    [{ metadata: keys(10) }, 200],
    [{ metadata: keys(11) }, 400],
    [{ metadata: { ['k'.repeat(64)]: 'v'.repeat(255) } }, 200],
    [{ metadata: { ['k'.repeat(65)]: 'v' } }, 400],
    [{ metadata: { k: 'v'.repeat(256) } }, 400],
    [{ metadata: { K: 'v' } }, 400],
    [{ metadata: { k: {} } }, 400],
    [{ metadata: [] }, 400],
    [{ datafast_visitor_id: undefined }, 400],
    [{ datafast_visitor_id: undefined, visitorId: VISITOR }, 200],
    [{ datafast_visitor_id: 7 }, 400],
    [{ datafast_visitor_id: 'v'.repeat(128) }, 404],
    [{ datafast_visitor_id: 'v'.repeat(129) }, 400],
    [{ description: 'd'.repeat(1_000) }, 200],
    [{ description: 'd'.repeat(1_001) }, 400],
  ])('with %o: %i', async (change, status) => {
    await newSite();
    const answer = await post({ ...SIGNUP, ...change });
    expect(answer.status).toBe(status);
    if (status !== 200) expect(refused(answer)).toEqual(failure(status));
  });

  test('is refused by a suspended site', async () => {
    await newSite();
    await server.app.backend.sites.update(site, { suspended: true }, { origin: 'test' });
    expect(refused(await post(SIGNUP))).toEqual(failure(403));
  });

  test.each(['{', '', '[]', '7'])('is no %j', async (text) => {
    await newSite();
    expect(refused(await server.ask('POST', '/api/v1/goals', { key, text }))).toEqual(failure(400));
  });

  test('goes by event, visitor, name or time', async () => {
    await newSite();
    await view('other');
    for (const name of ['one', 'two']) {
      await post({ ...SIGNUP, name });
      await post({ ...SIGNUP, name, datafast_visitor_id: 'other' });
    }
    const remove = (query: string, body?: unknown) => server.ask('DELETE', `/api/v1/goals${query}`, { key, body });
    expect(refused(await remove(''))).toEqual(failure(400));
    expect((await remove('?name=one&datafast_visitor_id=other')).json()).toEqual({
      status: 'success',
      data: [{ message: expect.any(String), goal_name: 'one' }],
    });
    expect(await rowsOf()).toEqual([
      { goal: 'two', completions: 2, visitors: 2 },
      { goal: 'one', completions: 1, visitors: 1 },
    ]);
    const future = new Date(Date.now() + 60_000).toISOString();
    expect((await remove('', { startAt: future })).json()).toEqual({
      status: 'success',
      data: [{ message: expect.any(String), timeRange: { startAt: future, endAt: null } }],
    });
    expect(await rowsOf()).toHaveLength(2);
    await server.app.backend.goals.create(
      site,
      { name: 'Steps', trigger: { type: 'event', name: 'step:', match: 'starts_with' } },
      { origin: 'test' },
    );
    await post({ ...SIGNUP, name: 'step:one' });
    expect(await rowsOf()).toHaveLength(3);
    await remove('', { end: future });
    expect(await rowsOf()).toEqual([]);
    expect(refused(await remove('?startAt=soon'))).toEqual(failure(400));
  });
});

describe('a key', () => {
  test('is a website’s, or names the website', async () => {
    await newSite();
    const token = await server.addKey(null, ['goals:write']);
    const ask = (query: string, secret = token) =>
      server.ask('POST', `/api/v1/goals${query}`, { key: secret, body: SIGNUP });
    expect(refused(await ask(''))).toEqual(failure(400));
    expect((await ask(`?websiteId=${site}`)).status).toBe(200);
    expect(refused(await ask('?websiteId=site_unknown'))).toEqual(failure(404));
    const elsewhere = await server.addSite(`else${sites}.example`);
    expect(refused(await ask(`?websiteId=${site}`, elsewhere.key))).toEqual(failure(403));
    const readOnly = await server.addKey(site, ['goals:read', 'stats:read']);
    expect(refused(await ask('', readOnly))).toEqual(failure(403));
    expect(refused(await ask('', 'df_nobody'))).toEqual(failure(401));
    expect(refused(await server.ask('POST', '/api/v1/goals', { body: SIGNUP }))).toEqual(failure(401));
  });

  test('of the product goes on working', async () => {
    await newSite();
    const { keys } = server.app.backend;
    await keys.importKey(`df_${site.toLowerCase()}`, { site, scopes: ['goals:write'] }, { origin: 'test' });
    key = `df_${site.toLowerCase()}`;
    expect((await post(SIGNUP)).status).toBe(200);
    key = `dft_${site.toLowerCase()}`;
    await keys.importKey(key, { site: null, scopes: ['goals:write'] }, { origin: 'test' });
    expect(refused(await post(SIGNUP))).toEqual(failure(400));
    expect((await post(SIGNUP, `goals?websiteId=${site}`)).status).toBe(200);
  });
});

describe('analytics', () => {
  test('answer the fields, filters and pages asked for', async () => {
    await newSite();
    for (const name of ['one', 'one', 'two', 'three', 'three', 'three']) await post({ ...SIGNUP, name });
    expect(await rowsOf('?fields=name,visitors&limit=2')).toEqual([
      { goal: 'three', visitors: 1 },
      { goal: 'one', visitors: 1 },
    ]);
    expect(await rowsOf('?limit=2&offset=2')).toEqual([{ goal: 'two', completions: 1, visitors: 1 }]);
    expect(await rowsOf('?filter_browser=is:Chrome,Safari')).toHaveLength(3);
    expect(await rowsOf('?filter_browser=is_not:Chrome')).toEqual([]);
    expect(await rowsOf('?startAt=2020-01-01&endAt=2020-01-31&timezone=Asia/Tokyo')).toEqual([]);
    for (const [query, limit] of Object.entries({ '': 100, '?limit=1000': 1_000, '?limit=1001': 1_000 })) {
      const answer = await server.ask('GET', `/api/v1/analytics/goals${query}`, { key });
      expect(answer.json()).toMatchObject({ pagination: { limit, total: 3 } });
    }
    for (const wrong of ['?startAt=soon', '?timezone=Mars/Base', '?filter_mood=is:good']) {
      expect(refused(await server.ask('GET', `/api/v1/analytics/goals${wrong}`, { key }))).toEqual(failure(400));
    }
  });
});

describe('identities', () => {
  test('are kept as a digest', async () => {
    await newSite();
    const answer = await post({ datafast_visitor_id: VISITOR, email: 'a@example.com' }, 'identify');
    expect([answer.status, answer.json()]).toEqual([
      200,
      {
        status: 'success',
        data: [{ message: 'Visitor identified successfully', profileId: expect.stringMatching(/^[0-9a-f]{24}$/) }],
      },
    ]);
    expect(refused(await post({ datafast_visitor_id: 'nobody' }, 'identify'))).toEqual(failure(404));
  });
});
