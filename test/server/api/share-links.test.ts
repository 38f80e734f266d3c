/** Share links: the statistics of one site and nothing else, until the link is revoked. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import { native } from '../../../src/server/api/dialects/native.ts';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let admin: string;
let site: string;
let goal: string;
let link: { id: string; token: string };

async function makeLink(body: unknown = {}): Promise<{ id: string; token: string }> {
  const made = await server.ask('POST', `/api/sites/${site}/share-links`, { key: admin, body });
  expect(made.status, made.text).toBe(201);
  const { id, url } = made.json<{ id: string; url: string }>();
  return { id, token: url.split('/share/')[1] ?? '' };
}

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  site = added.site.id;
  admin = await server.addKey(null, ['admin']);
  const made = await server.ask('POST', `/api/sites/${site}/goals`, {
    key: added.key,
    body: { name: 'Signup', trigger: { type: 'event', name: 'signup' } },
  });
  goal = made.json<{ id: string }>().id;
  link = await makeLink({ name: 'for the agency' });
});
afterAll(() => server.remove());

/** A path with something that exists for each of its parameters. */
function pathWith(path: string): string {
  const known: Record<string, string> = { ':site': site, ':goal': goal };
  return path.replace(/:\w+/g, (name) => known[name] ?? 'x');
}

describe('whoever has a share link', () => {
  test('may ask what is shared, and is refused everything else', async () => {
    for (const route of native.routes) {
      if (route.scope === null) continue;
      const answer = await server.ask(route.method, pathWith(route.path), {
        key: link.token,
        ...(route.body ? { body: {} } : {}),
      });
      const told = [route.method, route.path, answer.status === 403];
      expect(told).toEqual([route.method, route.path, !route.shared]);
    }
    const shared = native.routes.filter((route) => route.shared);
    expect(shared.length).toBeGreaterThan(8);
    expect(shared.filter((route) => route.method !== 'GET')).toEqual([]);
  });

  test('sees goals and their numbers', async () => {
    const stats = await server.ask('GET', `/api/sites/${site}/goals/stats`, { key: link.token });
    expect(stats.json()).toMatchObject({ goals: [{ goal_id: goal, conversions: 0 }] });
    const seen = await server.ask('GET', '/api/share', { key: link.token });
    expect(Object.keys(seen.json())).toEqual(['id', 'name', 'domains', 'timezone', 'currency']);
  });

  test('sees no other site', async () => {
    const { site: other } = await server.addSite('other.example');
    const answer = await server.ask('GET', `/api/sites/${other.id}/goals/stats`, { key: link.token });
    expect(answer.status).toBe(403);
  });

  test('opens no other product’s API', async () => {
    const foreign = DIALECTS.filter((dialect) => dialect !== native).flatMap((dialect) =>
      dialect.routes.filter((route) => route.scope !== null && route.method === 'GET'),
    );
    expect(foreign.length).toBeGreaterThan(5);
    for (const route of foreign) {
      const headers = { 'x-api-key': link.token, 'x-goalpost-key': link.token };
      const answer = await server.ask('GET', `${pathWith(route.path)}?site_id=shop.example`, {
        key: link.token,
        headers,
      });
      expect([route.path, answer.status >= 400, answer.status < 500]).toEqual([route.path, true, true]);
    }
  });
});

describe('a share link', () => {
  test('is listed without its secret and ends at once when it is revoked', async () => {
    const { id, token } = await makeLink();
    const list = await server.ask('GET', `/api/sites/${site}/share-links`, { key: admin });
    expect(list.json<{ links: { id: string }[] }>().links.map((listed) => listed.id)).toContain(id);
    expect(list.text).not.toContain(token);
    expect((await server.ask('GET', '/api/share', { key: token })).status).toBe(200);
    const revoked = await server.ask('DELETE', `/api/sites/${site}/share-links/${id}`, { key: admin });
    expect(revoked.status).toBe(204);
    expect((await server.ask('GET', '/api/share', { key: token })).status).toBe(401);
  });

  test('cannot be made to end in the past, nor by those who may not change settings', async () => {
    const path = `/api/sites/${site}/share-links`;
    const past = await server.ask('POST', path, { key: admin, body: { expires_at: 1 } });
    expect([past.status, past.json()]).toMatchObject([422, { error: { field: 'expires_at' } }]);
    const editor = await server.addKey(site, ['goals:read', 'goals:write', 'stats:read']);
    expect((await server.ask('POST', path, { key: editor, body: {} })).status).toBe(403);
  });
});
