/** What the products' documents print, asked and answered: names, types, order, status and headers, to the byte. */
import { once } from 'node:events';
import { request } from 'node:http';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Response, serverOfTest, type TestServer } from '../running-server.ts';
import { CHROME } from './clients.ts';

let server: TestServer;
let key: string;
let site: string;
let domain: string;

// Each has a server of its own, so that the numbers it gives are those that the documents print.
beforeEach(async () => {
  server = await serverOfTest();
  domain = 'example.com';
  const added = await server.addSite(domain);
  key = added.key;
  site = added.site.id;
});

const json = /^application\/json(; charset=utf-8)?$/;
/** Status, type and text, with what differs every time put as the documents have it. */
function transcript(answer: Response, changes: readonly [pattern: RegExp, printed: string][] = []): [number, string] {
  if (answer.text !== '') expect(answer.headers.get('content-type')).toMatch(json);
  return [answer.status, changes.reduce((text, [pattern, printed]) => text.replaceAll(pattern, printed), answer.text)];
}

describe('Plausible', () => {
  const GOALS = '/api/plugins/v1/goals';
  const signup = { goal_type: 'Goal.CustomEvent', goal: { event_name: 'Signup' } };
  const pages = '"meta":{"pagination":{"has_next_page":false,"has_prev_page":false,"links":{}}}';
  const one =
    '{"goal_type":"Goal.CustomEvent","goal":{"id":1,"display_name":"Signup","event_name":"Signup","custom_props":{}}}';

  test('a goal is put, put again and listed', async () => {
    for (let times = 0; times < 2; times += 1) {
      const put = await server.ask('PUT', GOALS, { key, body: signup });
      expect(transcript(put)).toEqual([201, `{"goals":[${one}],${pages}}`]);
    }
    expect(transcript(await server.ask('GET', GOALS, { key }))).toEqual([200, `{"goals":[${one}],${pages}}`]);
    expect(transcript(await server.ask('GET', `${GOALS}/1`, { key }))).toEqual([200, one]);
    expect(transcript(await server.ask('DELETE', `${GOALS}/1`, { key }))).toEqual([204, '']);
  });

  test('each of several goals has a location header of its own', async () => {
    const goals = [
      signup,
      { goal_type: 'Goal.Pageview', goal: { path: '/pricing' } },
      { goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency: 'EUR' } },
    ];
    const headers = { authorization: `Basic ${Buffer.from(`${domain}:${key}`).toString('base64')}` };
    const sent = request(`${server.url}${GOALS}`, { method: 'PUT', headers });
    sent.end(JSON.stringify({ goals }));
    const [answer] = await once(sent, 'response');
    const found = answer.rawHeaders.filter((_: string, at: number) => answer.rawHeaders[at - 1] === 'location');
    answer.resume();
    expect([answer.statusCode, found]).toEqual([201, [1, 2, 3].map((id) => `${server.url}${GOALS}/${id}`)]);
  });

  test('refusals say the field and what is wrong with it', async () => {
    const put = (body: unknown) => server.ask('PUT', GOALS, { key, body });
    const unknown = await server.ask('GET', GOALS);
    expect(transcript(unknown)).toEqual([401, '{"errors":[{"detail":"Plugins API: unauthorized"}]}']);
    expect(unknown.headers.get('www-authenticate')).toMatch(/^Basic /);
    const missing = await server.ask('GET', `${GOALS}/9`, { key });
    expect(transcript(missing)).toEqual([404, '{"errors":[{"detail":"Plugins API: resource not found"}]}']);
    await put({ goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency: 'EUR' } });
    const other = await put({ goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency: 'USD' } });
    expect(transcript(other)).toEqual([
      422,
      `{"errors":[{"detail":"event_name: 'Purchase' (with currency: EUR) has already been taken"}]}`,
    ]);
  });
});

describe('PageSense', () => {
  const headers = () => ({ authorization: `Zoho-oauthtoken ${key}` });
  const time: [RegExp, string] = [/"\d+ ms"/g, '"12 ms"'];
  const took = '"timeTakenToProcessTheResult":"12 ms","timeTakenToProcessTheRequest":"12 ms"';

  test('an answer is the envelope', async () => {
    const listed = await server.ask('GET', `/pagesense/rest/v1/portal/acme/projectgoals/${domain}`, {
      headers: headers(),
    });
    const words = '"status_string":"Operation completed successfully"';
    expect(transcript(listed, [time])).toEqual([200, `{"status_code":"10000","projectgoals":[],${words},${took}}`]);
    const body = { customevent: { event_name: 'Premium Signup CTA', project_linkname: domain } };
    const made = await server.ask('POST', '/pagesense/rest/v1/portal/acme/customevents', { headers: headers(), body });
    expect(transcript(made, [time])).toEqual([
      201,
      `{"status_code":"10000","customevents":[{"event_id":1,"success":true,"linkname":"premiumsignupcta"}],${words},${took}}`,
    ]);
  });

  test('an error is its code and a message', async () => {
    const unknown = await server.ask('DELETE', '/pagesense/rest/v1/portal/acme/projectgoals/none', {
      headers: headers(),
    });
    expect(transcript(unknown)).toEqual([404, '{"status_code":404,"message":"Goal not found"}']);
  });
});

describe('Sparklytics', () => {
  const goals = () => `/api/websites/${site}/goals`;
  const signup = {
    name: 'Pro Signup',
    goal_type: 'event',
    match_value: 'signup_click',
    match_operator: 'equals',
    value_mode: 'fixed',
    fixed_value: 99.0,
    currency: 'USD',
  };
  const printed = (name: string, value: number) =>
    `{"id":"goal_abc123","website_id":"site_xyz789","name":"${name}","goal_type":"event","match_value":"signup_click","match_operator":"equals","value_mode":"fixed","fixed_value":${value},"value_property_key":null,"currency":"USD","created_at":"2026-03-01T10:00:00Z","updated_at":"2026-03-01T10:00:00Z"}`;
  const given: [RegExp, string][] = [
    [/goal_[0-9a-z]{21}/g, 'goal_abc123'],
    [/site_[0-9a-z]{21}/g, 'site_xyz789'],
    [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2026-03-01T10:00:00Z'],
  ];

  test('a goal is created, listed, updated and deleted', async () => {
    const made = await server.ask('POST', goals(), { key, body: signup });
    expect(transcript(made, given)).toEqual([201, `{"data":${printed('Pro Signup', 99)}}`]);
    const listed = await server.ask('GET', goals(), { key });
    expect(transcript(listed, given)).toEqual([200, `{"data":[${printed('Pro Signup', 99)}]}`]);
    const path = `${goals()}/${made.json<{ data: { id: string } }>().data.id}`;
    const put = await server.ask('PUT', path, { key, body: { name: 'Pro Signup (Updated)', fixed_value: 149.0 } });
    expect(transcript(put, given)).toEqual([200, `{"data":${printed('Pro Signup (Updated)', 149)}}`]);
    expect(transcript(await server.ask('DELETE', path, { key }))).toEqual([204, '']);
    const gone = '{"error":{"code":"not_found","message":"Goal not found","field":null}}';
    expect(transcript(await server.ask('DELETE', path, { key }))).toEqual([404, gone]);
  });

  test('refusals have the four printed bodies', async () => {
    const post = (change: object) => server.ask('POST', goals(), { key, body: { ...signup, ...change } });
    const error = (code: string, message: string, field: string) =>
      `{"error":{"code":"${code}","message":"${message}","field":"${field}"}}`;
    await post({});
    const refused = [
      [{}, error('duplicate_name', 'goal name already exists for this website', 'name')],
      [{ name: ' ' }, error('validation_error', 'name must not be empty', 'name')],
      [
        { name: 'b', fixed_value: undefined },
        error('validation_error', 'fixed_value is required when value_mode=fixed', 'fixed_value'),
      ],
    ] as const;
    for (const [change, text] of refused) expect(transcript(await post(change))).toEqual([422, text]);
    for (let at = 1; at < 50; at += 1) expect((await post({ name: `g${at}` })).status).toBe(201);
    expect(transcript(await post({ name: 'g50' }))).toEqual([
      422,
      error('limit_exceeded', 'maximum of 50 goals per website reached', 'goals'),
    ]);
  });

  test('the four goals that the guide shows are taken as they stand, and the value is extracted', async () => {
    const shown = [
      { name: 'Signup Clicks', goal_type: 'event', match_value: 'signup_click', match_operator: 'equals' },
      { name: 'Checkout Complete', goal_type: 'pageview', match_value: '/checkout/success', match_operator: 'equals' },
      { name: 'Pro Plan Signup', goal_type: 'event', match_value: 'signup_pro', value_mode: 'fixed', fixed_value: 99 },
      {
        name: 'Purchase',
        goal_type: 'event',
        match_value: 'purchase',
        value_mode: 'event_property',
        value_property_key: 'amount',
      },
    ];
    const ids: string[] = [];
    for (const body of shown) {
      const made = await server.ask('POST', goals(), { key, body });
      const row = made.json<{ data: { id: string } }>().data;
      expect([made.status, row]).toEqual([201, expect.objectContaining(body)]);
      ids.push(row.id);
    }
    const did = (event_name: string, event_data: object) => ({
      website_id: site,
      type: 'event',
      url: '/',
      event_name,
      event_data,
    });
    const events = [
      did('signup_click', { plan: 'pro' }),
      { website_id: site, type: 'pageview', url: '/checkout/success' },
      did('signup_pro', {}),
      did('purchase', { amount: 49.99 }),
    ];
    const sent = await server.ask('POST', '/api/collect', { body: events, headers: { 'user-agent': CHROME } });
    expect(transcript(sent)).toEqual([202, '{"ok":true}']);
    const revenues = [];
    for (const id of ids) {
      const summary = await server.ask('GET', `/api/websites/${site}/revenue/summary?goal_id=${id}`, { key });
      revenues.push(summary.json<{ data: { conversions: number; revenue: number } }>().data);
    }
    expect(revenues.map(({ conversions, revenue }) => [conversions, revenue])).toEqual([
      [1, 0],
      [1, 0],
      [1, 99],
      [1, 49.99],
    ]);
  });
});

describe('DataFast', () => {
  test('a goal event is answered with its id', async () => {
    const visitor = 'a3ab2331-989f-4cfa-91c6-2461c9e3c6bd';
    const seen = { i: 'v1', pv: 'v1', n: '$pageview', a: 0, u: `https://${domain}/`, vi: visitor };
    const batch = { v: 1, s: domain, t: Date.now(), r: 0, e: [seen] };
    await server.ask('POST', '/e', { text: JSON.stringify(batch), headers: { 'user-agent': CHROME } });
    const text = `{"datafast_visitor_id":"${visitor}","name":"newsletter_signup","metadata":{"plan":"pro"}}`;
    const answer = await server.ask('POST', '/api/v1/goals', { key, text });
    expect(transcript(answer, [[/"[0-9a-f]{24}"/g, '"67f8b9b5c320277df9a9d681"']])).toEqual([
      200,
      '{"status":"success","data":[{"message":"Custom event created successfully","eventId":"67f8b9b5c320277df9a9d681"}]}',
    ]);
  });
});

describe('Mida', () => {
  test('the two goals that the document shows are made', async () => {
    const post = (text: string) => server.ask('POST', `/v2/project/${site}/goal`, { key, text });
    const click = await post(
      '{"goal_name":"CTA Button Click","goal_type":"clickOnElement","goal_value":".cta-button","goal_purpose":"sell","element_url":"https://example.com/"}',
    );
    expect(transcript(click)).toEqual([
      200,
      '{"success":true,"goal_profile_id":1,"goal_key":"cta_button_click","company_id":1}',
    ]);
    const page = await post(
      '{"goal_name":"Reached Thank You Page","goal_type":"pageview","goal_value":"https://example.com/thank-you"}',
    );
    expect(transcript(page)).toEqual([
      200,
      '{"success":true,"goal_profile_id":2,"goal_key":"reached_thank_you_page","company_id":1}',
    ]);
    const again = '{"error":"A goal with the same goal_key already exists for this project"}';
    const same = '{"goal_name":"CTA Button Click","goal_type":"script","goal_value":"x"}';
    expect(transcript(await post(same))).toEqual([406, again]);
  });
});
