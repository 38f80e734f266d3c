/** `POST /e` from the wire to the rows that are kept. */
import { describe, expect, it } from 'vitest';
import { checkServerEvent } from '../../../src/core/check-event.ts';
import { BEACON_BYTES } from '../../../src/core/limits.ts';
import { SESSION_DIMENSIONS } from '../../../src/server/store/event-store.ts';
import { freshId, runCollector, view } from './running-collector.ts';

const MINUTE = 60_000;

describe('a beacon', () => {
  it('is acknowledged when it is on disk, and becomes one row', async () => {
    const { post, rows } = await runCollector();
    const sent = view({ u: 'https://www.shop.example/p/1?utm_source=news', f: 'https://www.google.com/', d: 'One' });
    expect(await post([sent], { batch: { l: 'de-DE', w: 1200 } })).toEqual({
      status: 202,
      answer: { ok: true, r: 1, accepted: 1, dropped: [] },
    });
    const [row] = await rows<Record<string, unknown>>(
      `SELECT s.*, e.* EXCLUDE (site, session, visitor, identified, bot, test, ${SESSION_DIMENSIONS.join(', ')}) FROM events e JOIN sessions s USING (session)`,
    );
    expect(row).toMatchObject({
      id: sent.i,
      name: '$pageview',
      origin: 'browser',
      view_kind: 'load',
      hostname: 'shop.example',
      path: '/p/1',
      title: 'One',
      source: 'news',
      referrer_host: 'google.com',
      utm_source: 'news',
      browser: 'Chrome',
      os: 'Windows',
      device: 'desktop',
      language: 'de-DE',
      viewport: 1200,
      bot: false,
      test: false,
    });
    expect(JSON.stringify(row, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      '198.51',
    );
  });

  it('that is sent again is told to be a duplicate and counted once', async () => {
    const { post, rows, collector } = await runCollector();
    const sent = view();
    await post([sent]);
    expect((await post([sent])).answer).toMatchObject({ accepted: 0, dropped: [{ i: sent.i, reason: 'duplicate' }] });
    expect(await rows('SELECT id FROM events')).toHaveLength(1);
    expect(collector.drops(1).totals).toMatchObject([{ reason: 'duplicate', count: 1 }]);
  });

  it('loses only its bad events', async () => {
    const { post, rows } = await runCollector({
      exclusions: { paths: ['/admin*'], hosts: ['old.shop.example'], addresses: [] },
    });
    const good = view();
    const bad = {
      foreign_host: view({ u: 'https://evil.example/' }),
      excluded_path: view({ u: 'https://shop.example/admin/x' }),
      bad_url: view({ u: 'ftp://shop.example/' }),
      bad_name: view({ n: '$unheard' }),
      too_old: view({ a: -8 * 86_400_000 }),
      from_future: view({ a: 6 * MINUTE }),
      unknown_view: { i: freshId(), n: '$engagement', a: 0, pv: freshId(), en: 1_000 },
    };
    const hidden = view({ u: 'https://old.shop.example/' });
    const { answer } = await post([...Object.values(bad), hidden, good]);
    expect(answer.accepted).toBe(1);
    expect(answer.dropped).toEqual([
      ...Object.entries(bad).map(([reason, { i }]) => ({ i, reason })),
      { i: hidden.i, reason: 'foreign_host' },
    ]);
    expect(await rows('SELECT id FROM events')).toEqual([{ id: good.i }]);
  });

  it('counts subdomains and localhost, the latter as a test', async () => {
    const { post, rows } = await runCollector();
    await post([view({ u: 'https://eu.shop.example/' }), view({ u: 'http://localhost:3000/' })]);
    expect(await rows('SELECT hostname, test FROM events ORDER BY hostname')).toEqual([
      { hostname: 'eu.shop.example', test: false },
      { hostname: 'localhost', test: true },
    ]);
  });

  it('counts only allowed hosts when the site names them', async () => {
    const { post } = await runCollector({ allowed_hosts: ['*.partner.example'] });
    const { answer } = await post([view(), view({ u: 'https://a.partner.example/' })]);
    expect(answer.accepted).toBe(1);
  });

  it('from an excluded address is dropped whole', async () => {
    const { post, rows } = await runCollector({ exclusions: { addresses: ['203.0.113.0/24'], paths: [], hosts: [] } });
    const sent = view();
    const { answer } = await post([sent], { address: '203.0.113.9' });
    expect(answer).toMatchObject({ accepted: 0, dropped: [{ i: sent.i, reason: 'excluded_ip' }] });
    expect(await rows('SELECT id FROM events')).toEqual([]);
  });

  it('from an excluded address may still come from a server, which says what visitors did', async () => {
    const { collector, configuration, clock, rows } = await runCollector({
      exclusions: { addresses: ['203.0.113.0/24'], paths: [], hosts: [] },
    });
    const { site } = configuration.registry.find('shop.example')!;
    const paid = checkServerEvent({ name: 'paid' }, { received_ms: clock.ms, site, makeId: freshId });
    const office = { address: '203.0.113.9', user_agent: 'backend', received_ms: clock.ms };
    expect(await collector.acceptEvents('shop.example', [paid], office)).toMatchObject({ accepted: 1, dropped: [] });
    expect(await rows('SELECT origin FROM events')).toEqual([{ origin: 'server' }]);
  });

  it('of a bot is kept apart', async () => {
    const { post, rows } = await runCollector();
    const { answer } = await post([view()], { user_agent: 'Googlebot/2.1' });
    expect(answer).toMatchObject({ accepted: 0, dropped: [{ reason: 'bot' }] });
    expect(await rows('SELECT bot FROM events')).toEqual([{ bot: true }]);
  });

  it('of a bot counts where the site includes bots', async () => {
    const { post } = await runCollector({ bots: 'include' });
    expect((await post([view()], { user_agent: 'Googlebot/2.1' })).answer).toMatchObject({ accepted: 1, dropped: [] });
  });

  it('finds its site by the host of its page', async () => {
    const { post } = await runCollector();
    expect((await post([view({ u: 'https://www.shop.example/' })], { batch: { s: undefined } })).status).toBe(202);
  });

  it('keeps the event and drops an amount that is none', async () => {
    const { post, rows } = await runCollector();
    const sent = view({ n: 'purchase', m: 'a lot' });
    expect((await post([sent])).answer).toMatchObject({ accepted: 1, dropped: [{ i: sent.i, reason: 'bad_amount' }] });
    expect(await rows('SELECT amount FROM events')).toEqual([{ amount: null }]);
  });
});

describe('the answer to a beacon', () => {
  const raw = (url: string, init: RequestInit) => fetch(url, { method: 'POST', ...init });

  it.each([
    ['nothing', '', 400],
    ['no JSON', '{"v":1', 400],
    ['a number', '7', 400],
    ['another version', '{"v":2,"s":"shop.example","e":[]}', 400],
    ['no events', '{"v":1,"s":"shop.example"}', 400],
    ['an unknown site', '{"v":1,"s":"nobody.example","e":[]}', 404],
    ['too many events', JSON.stringify({ v: 1, s: 'shop.example', e: Array(101).fill({}) }), 413],
    ['too many bytes', `{"v":1,"s":"shop.example","e":[],"x":"${'x'.repeat(BEACON_BYTES)}"}`, 413],
    ['an array, for another dialect', '[]', 299],
    ['an object with website_id, for another dialect', '{"website_id":"x"}', 299],
    ['an empty batch', '{"v":1,"s":"shop.example","e":[]}', 202],
  ])('to %s carries its status and CORS headers', async (_, body, status) => {
    const { url } = await runCollector();
    const response = await raw(url, { body });
    expect(response.status).toBe(status);
    if (status === 299) return;
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it('to a preflight allows any origin for a day', async () => {
    const { url } = await runCollector();
    const response = await raw(url, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-max-age')).toBe('86400');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('to another method is 405', async () => {
    const { url } = await runCollector();
    expect((await fetch(url)).status).toBe(405);
  });

  it('to a body of unknown length that grows too large is 413', async () => {
    const { url } = await runCollector();
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(50_000)));
      },
    });
    const response = await raw(url, { body, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(413);
  });

  it('to a suspended site is 403', async () => {
    const { post } = await runCollector({ suspended: true });
    expect((await post([view()])).status).toBe(403);
  });

  it('to too many events from one address says when to come again', async () => {
    const { post, url, clock } = await runCollector();
    const batch = () => Array.from({ length: 100 }, () => view());
    for (let n = 0; n < 10; n += 1) expect((await post(batch())).status).toBe(202);
    const refused = await raw(url, {
      headers: { 'x-forwarded-for': '198.51.100.1' },
      body: JSON.stringify({ v: 1, s: 'shop.example', t: 0, r: 0, e: batch() }),
    });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(refused.headers.get('access-control-expose-headers')).toBe('Retry-After');
    expect((await post(batch(), { address: '198.51.100.2' })).status).toBe(202);
    clock.ms += 2_000;
    expect((await post(batch())).status).toBe(202);
  });
});
