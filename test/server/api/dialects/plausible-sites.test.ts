/** Plausible's sites API for goals and its events API, on a real server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';
import { CHROME } from './clients.ts';

const GOALS = '/api/v1/sites/goals';

interface Flat {
  id: string;
  goal_type: string;
  display_name: string;
  event_name: string | null;
  page_path: string | null;
  custom_props: Record<string, string>;
}

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
  domain = `flat${sites}.example`;
  ({ key } = await server.addSite(domain));
}

describe('the sites API', () => {
  test('gets or creates a goal as a flat object', async () => {
    await newSite();
    const wanted = { site_id: domain, goal_type: 'event', event_name: 'Signup', display_name: 'Sign-ups' };
    const first = await server.ask('PUT', GOALS, { key, body: wanted });
    expect(first.status).toBe(200);
    expect(first.json()).toEqual({
      domain,
      id: expect.stringMatching(/^\d+$/),
      goal_type: 'event',
      display_name: 'Sign-ups',
      event_name: 'Signup',
      page_path: null,
      custom_props: {},
    });
    expect((await server.ask('PUT', GOALS, { key, body: wanted })).text).toBe(first.text);
  });

  test('lists goals, those of the plugins API too', async () => {
    await newSite();
    const page = { goal_type: 'Goal.Pageview', goal: { path: '/thanks', custom_props: { plan: 'pro' } } };
    await server.ask('PUT', '/api/plugins/v1/goals', { key, body: page });
    const listed = await server.ask('GET', `${GOALS}?site_id=${domain}`, { key });
    const flat = { goal_type: 'page', display_name: 'Visit /thanks', event_name: null, page_path: '/thanks' };
    expect(listed.status).toBe(200);
    expect(listed.json<{ goals: Flat[] }>().goals).toEqual([
      { ...flat, id: expect.stringMatching(/^\d+$/), custom_props: { plan: 'pro' } },
    ]);
  });

  test('deletes a goal once', async () => {
    await newSite();
    const body = { site_id: domain, goal_type: 'page', page_path: '/a' };
    const { id } = (await server.ask('PUT', GOALS, { key, body })).json<Flat>();
    const gone = await server.ask('DELETE', `${GOALS}/${id}?site_id=${domain}`, { key });
    expect([gone.status, gone.text]).toEqual([200, '{"deleted":"true"}']);
    const again = await server.ask('DELETE', `${GOALS}/${id}`, { key, body: { site_id: domain } });
    expect([again.status, again.json()]).toEqual([404, { error: 'Goal could not be found' }]);
  });

  test.each([
    [{ goal_type: 'event' }, 400],
    [{ goal_type: 'click', event_name: 'a' }, 400],
    [{ goal_type: 'event', event_name: 'x'.repeat(121) }, 400],
    [{ goal_type: 'page', page_path: 1 }, 400],
    [[], 400],
  ])('refuses %j', async (body, status) => {
    await newSite();
    const answer = await server.ask('PUT', GOALS, { key, body });
    expect([answer.status, answer.json()]).toEqual([status, { error: expect.any(String) }]);
  });

  test('refuses strangers in its own words', async () => {
    await newSite();
    const readOnly = await server.addKey(domain, ['goals:read']);
    const error = 'Invalid API key. Please make sure you are using a valid API key.';
    for (const sent of [{}, { key: 'gp_nobody' }, { key: readOnly }]) {
      const body = { site_id: domain, goal_type: 'event', event_name: 'a' };
      const answer = await server.ask('PUT', GOALS, { ...sent, body });
      expect([answer.status, answer.json()]).toEqual([401, { error }]);
    }
  });
});

describe('the site', () => {
  test('is named by site_id, or is the only one of the key', async () => {
    await newSite();
    const account = await server.addKey(null, ['goals:read']);
    const status = async (query: string, secret: string) =>
      (await server.ask('GET', `${GOALS}${query}`, { key: secret })).status;
    expect(await status('', key)).toBe(200);
    expect(await status(`?site_id=${domain}`, account)).toBe(200);
    expect(await status('', account)).toBe(401);
    expect(await status('?site_id=nobody.example', account)).toBe(404);
  });
});

describe('the events API', () => {
  const headers = { 'user-agent': CHROME, 'content-type': 'text/plain', 'x-forwarded-for': '203.0.113.9' };
  const send = (event: unknown) => server.ask('POST', '/api/event', { headers, text: JSON.stringify(event) });
  const countsOf = async (name: string) => {
    const { goals, registry } = server.app.backend;
    const goal = (await goals.all(registry.find(domain)!.site.id)).find((one) => one.name === name);
    const stats = await server.ask('GET', `/api/sites/${domain}/goals/${goal?.id}/stats?fresh=true`, { key });
    return stats.json<{ conversions: number; revenue: { currency: string; total: string }[] }>();
  };

  test('counts a page view, an event and money, in long names and in short ones', async () => {
    await newSite();
    const goals = [
      { goal_type: 'Goal.Pageview', goal: { path: '/blog/*' } },
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'Signup', custom_props: { plan: 'pro' } } },
      { goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency: 'EUR' } },
    ];
    await server.ask('PUT', '/api/plugins/v1/goals', { key, body: { goals } });
    const url = `https://${domain}/blog/one`;
    const events = [
      { name: 'pageview', url, domain, referrer: 'https://news.example/' },
      { n: 'pageview', u: url, d: domain, r: null },
      { name: 'Signup', url, domain, props: { plan: 'pro' } },
      { n: 'Signup', u: url, d: domain, p: '{"plan":"pro"}' },
      { n: 'Signup', u: url, d: domain, m: { plan: 'free' } },
      { name: 'Purchase', url, domain, revenue: { currency: 'EUR', amount: '19.90' } },
      { n: 'Purchase', u: url, d: domain, $: '{"currency":"EUR","amount":0.1}' },
    ];
    for (const event of events) {
      const answer = await send(event);
      expect([answer.status, answer.text, answer.headers.get('x-plausible-dropped')]).toEqual([202, 'ok', null]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
    expect((await countsOf('Visit /blog/*')).conversions).toBe(2);
    expect((await countsOf('Signup')).conversions).toBe(2);
    expect(await countsOf('Purchase')).toMatchObject({
      conversions: 2,
      revenue: [{ currency: 'EUR', total: '20.00' }],
    });
  });

  test('says what it drops', async () => {
    await newSite();
    const url = `https://${domain}/`;
    const dropped = async (event: unknown, agent = CHROME) => {
      const sent = { headers: { ...headers, 'user-agent': agent }, text: JSON.stringify(event) };
      const answer = await server.ask('POST', '/api/event', sent);
      return [answer.status, answer.headers.get('x-plausible-dropped')];
    };
    expect(await dropped({ name: 'pageview', url, domain })).toEqual([202, null]);
    expect(await dropped({ name: 'pageview', url, domain: 'unknown.example' })).toEqual([202, '1']);
    expect(await dropped({ name: 'pageview', url: 'https://elsewhere.example/', domain })).toEqual([202, '1']);
    expect(await dropped({ name: 'pageview', url, domain }, 'Googlebot/2.1')).toEqual([202, '1']);
    const several = `${domain},unknown.example,nobody.example`;
    expect(await dropped({ name: 'pageview', url, domain: several })).toEqual([202, '2']);
  });

  test('gives an event to every domain that it names, once', async () => {
    await newSite();
    const first = { domain, key };
    await newSite();
    const url = 'https://localhost/thanks';
    const sent = await send({ n: 'pageview', u: url, d: `${first.domain}, ${domain},${domain}` });
    expect([sent.status, sent.headers.get('x-plausible-dropped')]).toEqual([202, null]);
    for (const site of [first, { domain, key }]) {
      const rows = await server.ask('GET', `/api/sites/${site.domain}/goals/stats?fresh=true`, { key: site.key });
      expect(rows.status).toBe(200);
      const { number } = server.app.backend.registry.find(site.domain)!.site;
      const found = await server.app.backend.store.query(`SELECT name FROM events WHERE site = ${number}`, []);
      expect(found).toEqual([{ name: '$pageview' }]);
    }
  });

  test.each([
    [{ url: 'https://x.example/' }, 'event_name'],
    [{ name: 'pageview' }, 'url'],
    [{ name: 'pageview', url: 'https://x.example/', domain: ' ' }, 'domain'],
    [{ name: 'pageview', url: 'https://x.example/', domain: 7 }, 'domain'],
  ])('names the field that %j lacks', async (event, field) => {
    await newSite();
    const answer = await send({ domain, ...event });
    expect([answer.status, answer.json()]).toEqual([400, { errors: { [field]: [expect.any(String)] } }]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('lets pages of any origin ask first', async () => {
    const answer = await server.ask('OPTIONS', '/api/event', {
      headers: { origin: 'https://x.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-methods')).toContain('POST');
  });

  test('is a bad request when it is no JSON', async () => {
    const answer = await server.ask('POST', '/api/event', { headers, text: '{' });
    expect([answer.status, answer.json()]).toEqual([400, { errors: { request: [expect.any(String)] } }]);
  });
});
