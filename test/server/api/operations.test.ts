/** What whoever runs a server relies on: metrics that add up, cookies that TLS protects, limits. */
import { expect, test } from 'vitest';
import { serverOfTest } from './running-server.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

function view(i: string, u = 'https://shop.example/') {
  return { i, n: '$pageview', a: 0, pv: i, u };
}

/** Values of a metric by its labels. */
function valuesOf(text: string, name: string): Record<string, number> {
  const lines = text.matchAll(new RegExp(`^${name}(\\S*) (\\S+)$`, 'gm'));
  return Object.fromEntries([...lines].map(([, labels = '', value]) => [labels, Number(value)]));
}

test('metrics count each event once, under the reason that the site is told', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  const send = (e: unknown[]) =>
    server.ask('POST', '/e', { body: { v: 1, s: site.key, t: 0, r: 0, e }, headers: { 'user-agent': CHROME } });
  await server.ask('POST', `/api/sites/${site.id}/goals`, {
    key,
    body: { name: 'Bought', trigger: { type: 'event', name: 'bought' } },
  });
  const [one, two, three] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
  await send([view(one), view(one), view(two, 'https://evil.example/')]);
  await send([view(one), { ...view(three), n: 'bought', o: 'A-1' }]);
  await send([{ ...view(crypto.randomUUID()), n: 'bought', o: 'A-1' }]);
  expect((await server.ask('GET', `/api/sites/${site.id}/goals/stats?fresh=true`, { key })).status).toBe(200);
  const { text } = await server.ask('GET', '/metrics');
  expect(valuesOf(text, 'goalpost_events_dropped_total')).toEqual({
    '{reason="foreign_host"}': 1,
    '{reason="duplicate"}': 2,
    '{reason="duplicate_order"}': 1,
  });
  const drops = (await server.ask('GET', `/api/sites/${site.id}/drops`, { key })).json<{ totals: object[] }>();
  expect(drops.totals).toHaveLength(3);
  expect(valuesOf(text, 'goalpost_events_stored_total')).toEqual({ '': 3 });
  expect(valuesOf(text, 'goalpost_conversions_total')).toEqual({ '': 1 });
  expect(valuesOf(text, 'goalpost_query_seconds_count')['']).toBeGreaterThan(0);
  expect(valuesOf(text, 'goalpost_journal_sync_seconds_count')['']).toBeGreaterThan(0);
  for (const name of ['backlog_bytes', 'backlog_segments', 'drain_lag_seconds']) {
    expect(valuesOf(text, `goalpost_${name}`)).toEqual({ '': 0 });
  }
});

test('a login behind a proxy with TLS has a Secure cookie; a stranger cannot ask for one', async () => {
  const server = await serverOfTest();
  const token = new URL(String(server.setup_url)).searchParams.get('token');
  const person = { email: 'anna@example.com', password: 'a goal is a sentence' };
  await server.ask('POST', '/api/account/join', { body: { token, ...person } });
  const cookieOf = async (url: string, proto: string) => {
    const headers = { 'x-forwarded-proto': proto };
    const answer = await server.ask('POST', url, { body: person, headers });
    return answer.headers.get('set-cookie') ?? '';
  };
  expect(await cookieOf('/api/account/login', 'https')).toContain('; Secure');
  expect(await cookieOf('/api/account/login', 'http')).not.toContain('; Secure');
  const wary = await serverOfTest({ GOALPOST_TRUSTED_PROXIES: '192.0.2.1' });
  const { site, key } = await wary.addSite('shop.example');
  const headers = { 'x-forwarded-proto': 'https' };
  const { text } = await wary.ask('GET', `/api/sites/${site.id}/snippet`, { key, headers });
  expect(text).toContain('src=\\"http://127.0.0.1');
});

test('who guesses keys waits, whichever address of an IPv6 subscriber is used', async () => {
  const server = await serverOfTest({ GOALPOST_RATE_LIMIT: 'on' });
  const guess = async (address: string, key: string) =>
    (await server.ask('GET', '/api/sites', { key, headers: { 'x-forwarded-for': address } })).status;
  for (let n = 0; n < 20; n += 1) expect(await guess(`2001:db8:1:2::${n}`, `gp_${n}`)).toBe(401);
  expect(await guess('2001:db8:1:2:ffff::1', 'gp_more')).toBe(429);
  expect(await guess('2001:db8:1:3::1', 'gp_more')).toBe(401);
});

test('null restores the default of what a site says', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example', ['admin']);
  const change = async (body: object) => {
    const answer = await server.ask('PATCH', `/api/sites/${site.id}`, { key, body });
    expect(answer.status, answer.text).toBe(200);
    return answer.json<Record<string, unknown>>();
  };
  await change({ timezone: 'Europe/Berlin', exclusions: { paths: ['/intern/*'] }, suspended: true });
  const restored = await change({ timezone: null, exclusions: null, suspended: null });
  expect(restored).toMatchObject({ timezone: 'UTC', suspended: false, exclusions: { paths: [] } });
});
