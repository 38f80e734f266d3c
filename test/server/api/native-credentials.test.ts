/** Every native route refuses every kind of bad credential; a new route joins by existing. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import type { Route } from '../../../src/server/api/dialect.ts';
import { native } from '../../../src/server/api/dialects/native.ts';
import { SCOPES } from '../../../src/server/goals/key-request.ts';
import { EVERY_SCOPE, startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let own: Record<string, string>;
let foreignKey: string;
let revokedKey: string;
let expiredKey: string;

beforeAll(async () => {
  server = await startTestServer();
  const { site, key } = await server.addSite('shop.example');
  foreignKey = (await server.addSite('other.example', [...SCOPES])).key;
  const goal = (
    await server.ask('POST', `/api/sites/${site.id}/goals`, {
      key,
      body: { name: 'Buy', trigger: { type: 'event', name: 'buy' } },
    })
  ).json<Goal>();
  const { keys, clock } = server.app.backend;
  const origin = { origin: 'test' };
  const revoked = await keys.create({ site: null, scopes: ['admin'] }, origin);
  await keys.revoke(revoked.id, origin);
  revokedKey = revoked.key;
  expiredKey = (await keys.create({ site: null, scopes: ['admin'], expires_at: clock() + 1_000 }, origin)).key;
  await vi.waitFor(async () => expect(await keys.verify(expiredKey)).toBeUndefined(), { timeout: 10_000 });
  own = { site: site.id, goal: goal.id, key: 'some-key' };
});
afterAll(() => server.remove());

function pathOf({ path }: Route): string {
  return path.replace(/:(\w+)/g, (_, name: string) => own[name] ?? name);
}

const guarded = native.routes.filter((route) => route.scope !== null);

describe.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  const ask = (key: string | undefined, headers: Record<string, string> = {}) =>
    server.ask(route.method, pathOf(route), { key, headers, ...(route.body === null ? {} : { body: {} }) });

  test('asks for a key', async () => {
    const answer = await ask(undefined);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(answer.json()).toMatchObject({ error: { code: 'unauthorized', docs: '/api/docs#unauthorized' } });
  });

  test('refuses keys that are unknown, misspelt or in another scheme', async () => {
    for (const key of ['gp_account_wrong', 'x'.repeat(4_000), 'gp_']) {
      expect((await ask(key)).status).toBe(401);
    }
    for (const authorization of ['', 'Bearer', 'Bearer  ', 'Basic Z3A6eA==', 'gp_account_wrong']) {
      expect((await ask(undefined, { authorization })).status).toBe(401);
    }
  });

  test('refuses a key that was revoked or has expired', async () => {
    for (const key of [revokedKey, expiredKey]) expect((await ask(key)).status).toBe(401);
  });

  test('refuses a key without the scope', async () => {
    const others = EVERY_SCOPE.filter((scope) => scope !== route.scope);
    const answer = await ask(await server.addKey(null, others));
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ error: { code: 'forbidden' } });
  });

  if (!route.site) return;
  test('refuses the key of another site and does not know unknown ones', async () => {
    const answer = await ask(foreignKey);
    expect(answer.status).toBe(403);
    const unknown = route.path
      .replace(':site', 'site_unknown')
      .replace(/:(\w+)/g, (_, name: string) => own[name] ?? '');
    const sent = route.body === null ? {} : { body: {} };
    const missing = await server.ask(route.method, unknown, { key: foreignKey, ...sent });
    expect([missing.status, missing.json<{ error: { code: string } }>().error.code]).toEqual([404, 'unknown_site']);
  });
});
