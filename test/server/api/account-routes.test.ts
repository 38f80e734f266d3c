/** People at the API: set-up, login, roles, and the guard against forged requests. */
import { expect, test } from 'vitest';
import { type Sent, serverOfTest, type TestServer } from './running-server.ts';

const PASSWORD = 'a goal is a sentence';
const GOAL = { name: 'Signup', trigger: { type: 'event', name: 'signup' } };

/** A login as its browser has it. */
interface Login {
  cookie: string;
  csrf: string;
}

/** Answers the cookie and the token of a login. */
async function enter(server: TestServer, path: string, body: unknown): Promise<Login> {
  const answer = await server.ask('POST', path, { body });
  expect(answer.status, answer.text).toBeLessThan(300);
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^goalpost_session=\w{50}; Path=\/; HttpOnly; SameSite=Lax; Expires=/);
  return { cookie: cookie.split(';')[0] ?? '', csrf: String(answer.json().csrf_token) };
}

/** A server with its first owner. */
async function withOwner(
  environment: Record<string, string> = {},
): Promise<{ server: TestServer; owner: Login; token: string }> {
  const server = await serverOfTest(environment);
  const token = new URL(String(server.setup_url)).searchParams.get('token') ?? '';
  const body = { token, email: 'anna@example.com', password: PASSWORD };
  return { server, token, owner: await enter(server, '/api/account/join', body) };
}

/** A request as the dashboard sends it. */
function as({ cookie, csrf }: Login, body?: unknown): Sent {
  const headers = { cookie, 'x-csrf-token': csrf };
  return body === undefined ? { headers } : { headers, body };
}

test('the set-up token makes one owner, who may do everything', async () => {
  const { server, owner, token } = await withOwner();
  const again = { token, email: 'eve@example.com', password: PASSWORD };
  expect((await server.ask('POST', '/api/account/join', { body: again })).status).toBe(401);
  const made = await server.ask('POST', '/api/sites', as(owner, { domains: ['shop.example'] }));
  expect(made.status, made.text).toBe(201);
  expect((await server.ask('GET', '/api/sites', { headers: { cookie: owner.cookie } })).status).toBe(200);
});

test('a change without the token of the login is refused, whatever the cookie', async () => {
  const { server, owner } = await withOwner();
  const body = { domains: ['shop.example'] };
  const { cookie } = owner;
  expect((await server.ask('POST', '/api/sites', { headers: { cookie }, body })).status).toBe(403);
  const forged = { headers: { cookie, 'x-csrf-token': 'guess' }, body };
  expect((await server.ask('POST', '/api/sites', forged)).status).toBe(403);
  expect((await server.ask('POST', '/api/account/logout', { headers: { cookie } })).status).toBe(403);
});

test('a page of another site cannot log anybody in', async () => {
  const { server } = await withOwner();
  const headers = { 'sec-fetch-site': 'cross-site' };
  const body = { email: 'anna@example.com', password: PASSWORD };
  expect((await server.ask('POST', '/api/account/login', { headers, body })).status).toBe(403);
});

test('a login ends with its logout', async () => {
  const { server } = await withOwner();
  const login = await enter(server, '/api/account/login', { email: 'Anna@example.com ', password: PASSWORD });
  expect((await server.ask('POST', '/api/account/logout', as(login))).status).toBe(204);
  expect((await server.ask('GET', '/api/sites', as(login))).status).toBe(401);
  expect((await server.ask('GET', '/api/account', as(login))).json()).toEqual({
    member: null,
    csrf_token: null,
    needs_setup: false,
  });
});

test('a changed password ends every other login, and only its owner can change it', async () => {
  const { server, owner } = await withOwner();
  const other = await enter(server, '/api/account/login', { email: 'anna@example.com', password: PASSWORD });
  const path = '/api/account/password';
  const change = { current: PASSWORD, password: 'another sentence entirely' };
  const refused = [
    await server.ask('POST', path, { body: change }),
    await server.ask('POST', path, { headers: { cookie: owner.cookie }, body: change }),
    await server.ask('POST', path, as(owner, { ...change, current: 'wrong' })),
    await server.ask('POST', path, as(owner, { ...change, password: 'short' })),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 403, 422, 422]);
  expect([refused[2]?.json(), refused[3]?.json()]).toMatchObject([
    { error: { field: 'current' } },
    { error: { field: 'password' } },
  ]);
  const changed = await server.ask('POST', path, as(owner, change));
  expect(changed.status, changed.text).toBe(200);
  const sites = (login: Login) => server.ask('GET', '/api/sites', as(login));
  expect([(await sites(owner)).status, (await sites(other)).status]).toEqual([401, 401]);
  const cookie = changed.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await sites({ cookie, csrf: '' })).status).toBe(200);
  await enter(server, '/api/account/login', { email: 'anna@example.com', password: change.password });
});

test('wrong passwords are refused alike for members and strangers, and have to wait after ten', async () => {
  const { server } = await withOwner({ GOALPOST_RATE_LIMIT: 'on' });
  const attempt = (email: string) => server.ask('POST', '/api/account/login', { body: { email, password: 'wrong' } });
  const [member, stranger] = [await attempt('anna@example.com'), await attempt('eve@example.com')];
  expect(member.text).toBe(stranger.text);
  for (let count = 2; count <= 10; count += 1) expect((await attempt('anna@example.com')).status).toBe(401);
  const waiting = await attempt('anna@example.com');
  expect(waiting.status).toBe(429);
  expect(Number(waiting.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('an editor changes goals and no settings, a viewer only looks', async () => {
  const { server, owner } = await withOwner();
  const { site } = await server.addSite('shop.example');
  const goals = `/api/sites/${site.id}/goals`;
  const statuses: Record<string, number[]> = {};
  for (const role of ['editor', 'viewer']) {
    const invitation = await server.ask(
      'POST',
      '/api/members/invitations',
      as(owner, { email: `${role}@x.example`, role }),
    );
    const token = new URL(String(invitation.json().url)).searchParams.get('token');
    const login = await enter(server, '/api/account/join', { token, password: PASSWORD });
    statuses[role] = [
      (await server.ask('GET', goals, as(login))).status,
      (await server.ask('GET', `${goals}/stats`, as(login))).status,
      (await server.ask('POST', goals, as(login, GOAL))).status,
      (await server.ask('PATCH', `/api/sites/${site.id}`, as(login, { name: 'Mine' }))).status,
      (await server.ask('GET', '/api/members', as(login))).status,
      (await server.ask('POST', '/api/keys', as(login, { site: site.id, scopes: ['admin'] }))).status,
    ];
  }
  expect(statuses).toEqual({ editor: [200, 200, 201, 403, 403, 403], viewer: [200, 200, 403, 403, 403, 403] });
});

test('a login opens no other product’s API', async () => {
  const { server, owner } = await withOwner();
  await server.addSite('shop.example');
  const goals = await server.ask('GET', '/api/v1/sites/goals?site_id=shop.example', as(owner));
  expect(goals.status).toBe(401);
});

test('views are the page itself under a policy without anything inline', async () => {
  const { server } = await withOwner();
  for (const path of ['/', '/login', '/setup?token=x', '/sites/shop.example/goals/new']) {
    const page = await server.ask('GET', path);
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/<script(?![^>]* src=)|<style|style=|javascript:/);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';style-src 'self'");
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('what a key is told names no member by an address; who is logged in sees it', async () => {
  const { server, owner } = await withOwner();
  const { site, key } = await server.addSite('shop.example', ['goals:read', 'admin']);
  const made = await server.ask('POST', `/api/sites/${site.id}/goals`, as(owner, GOAL));
  const paths = [`/api/sites/${site.id}/goals/${made.json().id}/versions`, `/api/audit?site=${site.id}`];
  for (const path of paths) {
    const toKey = await server.ask('GET', path, { key });
    expect(toKey.status).toBe(200);
    expect(toKey.text).toMatch(/"actor_name":"user_/);
    expect(toKey.text).not.toContain('anna@example.com');
    expect((await server.ask('GET', path, as(owner))).text).toContain('"actor_name":"anna@example.com"');
  }
});
