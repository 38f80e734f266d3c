/** Events collected the way Sparklytics collects them, and what they come to, on a real server. */
import { describe, expect, test } from 'vitest';
import { startTestServer } from '../running-server.ts';
import { dataOf, did, domain, goal, headers, newSite, send, server, viewed, withServer } from './sparklytics-client.ts';

withServer();

const PATHS = ['/api/collect', '/e'];
const BYTES = 102_400;

test('a batch of our own script is answered alike on either path', async () => {
  await newSite();
  const event = (i: string) => ({ i, n: 'signup', a: 0, u: `https://${domain}/` });
  const sending = (path: string, e: unknown, v = 1) => send(path, { v, s: domain, t: Date.now(), r: 0, e });
  for (const path of PATHS) {
    const taken = await sending(path, [event(`a${path}`), event('')]);
    const dropped = [{ i: '', reason: 'bad_event' }];
    expect([taken.status, taken.json()]).toEqual([202, { ok: true, r: expect.any(Number), accepted: 1, dropped }]);
  }
  for (const e of [{}, Array.from({ length: 101 }, () => event('b')), ['x'.repeat(100_100)]]) {
    const [ours, theirs] = await Promise.all(PATHS.map((path) => sending(path, e)));
    expect([theirs?.status, theirs?.text]).toEqual([ours?.status, ours?.text]);
    expect(ours?.json()).toMatchObject({ error: { docs: expect.stringMatching(/^\/api\/docs#/) } });
  }
});

describe.each(PATHS)('what is sent to %s', (path) => {
  test('is taken alone and as a batch, and counted', async () => {
    await newSite();
    const click = await goal({
      name: 'Clicks',
      goal_type: 'event',
      match_value: 'signup',
      match_operator: 'starts_with',
    });
    const thanks = await goal({ name: 'Thanks', goal_type: 'pageview', match_value: '/thank-you' });
    const alone = await send(path, viewed({ visitor_id: 'v1', language: 'de', screen: '1920x1080', referrer: '' }));
    expect([alone.status, alone.text]).toEqual([202, '{"ok":true}']);
    expect(alone.headers.get('access-control-allow-origin')).toBe('*');
    const batch = [
      did('signup_click', { visitor_id: 'v1', event_data: { plan: 'pro' } }),
      viewed({ visitor_id: 'v2', url: `https://${domain}/thank-you?order=1`, referrer: 'https://news.example/' }),
    ];
    expect((await send(path, batch)).status).toBe(202);
    expect(await dataOf(`goals/${click}/stats`)).toMatchObject({ conversions: 1, total_sessions: 2 });
    expect(await dataOf(`goals/${thanks}/stats`)).toMatchObject({ conversions: 1, conversion_rate: 0.5 });
    expect(await dataOf(`goals/${thanks}/stats?filter_referrer=news.example`)).toMatchObject({ total_sessions: 1 });
  });

  test('is at most fifty events', async () => {
    await newSite();
    const events = Array.from({ length: 51 }, () => viewed());
    expect((await send(path, events.slice(1))).status).toBe(202);
    const answer = await send(path, events);
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: { code: 'batch_too_large', message: expect.any(String), field: 'events' } },
    ]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('is for a site that is there', async () => {
    await newSite();
    const answer = await send(path, [viewed(), viewed({ website_id: 'site_unknown' })]);
    expect([answer.status, answer.json()]).toEqual([
      404,
      { error: { code: 'not_found', message: 'Website not found', field: null } },
    ]);
  });

  test.each([
    [{ type: 'click' }, 'type'],
    [{ type: 'event' }, 'event_name'],
    [{ url: '' }, 'url'],
    [{ url: 7 }, 'url'],
    [{ event_data: [] }, 'event_data'],
    [{ website_id: null }, 'website_id'],
  ])('is refused with %j', async (change, field) => {
    await newSite();
    const answer = await send(path, viewed(change));
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: { code: 'validation_error', message: expect.any(String), field } },
    ]);
  });

  test('may be asked for first by pages of any origin', async () => {
    const answer = await server.ask('OPTIONS', path, {
      headers: { origin: 'https://x.example', 'access-control-request-method': 'POST' },
    });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  });
});

describe('a body of the product', () => {
  const ofBytes = (bytes: number) => {
    const text = JSON.stringify(did('big', { event_data: { a: '' } }));
    return text.replace('"a":""', `"a":"${'x'.repeat(bytes - text.length)}"`);
  };

  test.each(PATHS)(`has at most ${BYTES} bytes at %s`, async (path) => {
    await newSite();
    expect((await server.ask('POST', path, { headers, text: ofBytes(BYTES) })).status).toBe(202);
    const answer = await server.ask('POST', path, { headers, text: ofBytes(BYTES + 1) });
    expect([answer.status, answer.json()]).toEqual([
      400,
      { error: { code: 'payload_too_large', message: expect.any(String), field: null } },
    ]);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('that is no JSON is refused in its shape', async () => {
    for (const text of ['{', '', '7', '[7]']) {
      const answer = await server.ask('POST', '/api/collect', { headers, text });
      expect([answer.status, answer.json()]).toEqual([
        400,
        { error: { code: 'validation_error', message: expect.any(String), field: null } },
      ]);
    }
    const broken = await server.ask('POST', '/e', { headers, text: '[{"website_id":' });
    expect([broken.status, broken.json()]).toEqual([
      400,
      { error: { code: 'validation_error', message: expect.any(String), field: null } },
    ]);
  });

  test('is refused with the limit when an address sends too many', async () => {
    const limited = await startTestServer({ GOALPOST_RATE_LIMIT: 'on' });
    const added = await limited.addSite('limited.example');
    const event = { website_id: added.site.id, type: 'pageview', url: '/' };
    const batch = JSON.stringify(Array.from({ length: 50 }, () => event));
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => limited.ask('POST', '/api/collect', { headers, text: batch })),
    );
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.json()).toEqual({ error: { code: 'rate_limited', message: expect.any(String), field: null } });
    expect(Number(refused?.headers.get('x-ratelimit-limit'))).toBeGreaterThan(0);
    expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(Number(refused?.headers.get('x-ratelimit-reset'))).toBeGreaterThan(0);
    await limited.remove();
  });
});
