/** The picker's token: saves goals of one site for a quarter of an hour, and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PickTokens } from '../../../src/server/goals/pick-tokens.ts';
import { Salts } from '../../../src/server/goals/salts.ts';
import { refusal, temporaryConfiguration } from '../goals/temporary-configuration.ts';
import { EVERY_SCOPE, startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let site: string;
let key: string;
let token: string;

const GOAL = { name: 'Clicked Buy', trigger: { type: 'element_click', selector: '#buy' } };

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example', EVERY_SCOPE);
  site = added.site.id;
  key = added.key;
  const made = await server.ask('POST', `/api/sites/${site}/picker`, { key });
  expect(made.status, made.text).toBe(201);
  token = made.json<{ token: string }>().token;
});
afterAll(() => server.remove());

/** As a page of another origin sends it, without a preflight. */
const save = (body: unknown) =>
  server.ask('POST', '/api/picker/goals', {
    text: JSON.stringify(body),
    headers: { 'content-type': 'text/plain', origin: 'https://shop.example', 'sec-fetch-site': 'cross-site' },
  });

describe('the picker', () => {
  test('saves a goal from a page of another origin, in the name of whoever opened it', async () => {
    const saved = await save({ token, goal: GOAL });
    expect([saved.status, saved.headers.get('access-control-allow-origin')]).toEqual([201, '*']);
    const { id, url } = saved.json<{ id: string; url: string }>();
    expect(url).toBe(`${server.url}/sites/shop.example/goals/${id}`);
    const goals = await server.ask('GET', `/api/sites/${site}/goals/${id}/versions`, { key });
    expect(goals.json()).toMatchObject({ versions: [{ actor: expect.stringMatching(/^key:key_/) }] });
  });

  test('reads why a goal is refused', async () => {
    const taken = await save({ token, goal: GOAL });
    const wrong = await save({
      token,
      goal: { ...GOAL, name: 'Other', trigger: { type: 'element_click', selector: '[' } },
    });
    expect([taken.status, wrong.status]).toEqual([409, 422]);
    expect(wrong.headers.get('access-control-allow-origin')).toBe('*');
    expect(wrong.json()).toMatchObject({ error: { field: 'trigger.selector' } });
  });

  test('is refused with a token that was changed, or is none', async () => {
    const parts = token.split('.');
    const { site: other } = await server.addSite('other.example');
    const changed = [
      parts.with(0, (Number.parseInt(parts[0] ?? '', 36) + 1).toString(36)),
      parts.with(1, other.id),
      parts.with(2, Buffer.from('socket').toString('base64url')),
      parts.with(3, 'f'.repeat(64)),
      parts.slice(0, 3),
      [''],
    ];
    for (const forged of changed) {
      const refused = await save({ token: forged.join('.'), goal: { ...GOAL, name: 'Forged' } });
      expect([forged.join('.'), refused.status]).toEqual([forged.join('.'), 401]);
    }
  });

  test('may do nothing else with its token', async () => {
    const asKey = await server.ask('GET', `/api/sites/${site}/goals`, { key: token });
    expect(asKey.status).toBe(401);
    const reader = await server.addKey(site, ['goals:read', 'stats:read']);
    expect((await server.ask('POST', `/api/sites/${site}/picker`, { key: reader })).status).toBe(403);
  });

  test('ends with the key that opened it', async () => {
    const { keys } = server.app.backend;
    const passing = await keys.create({ site, scopes: ['goals:write'] }, { origin: 'test' });
    const made = await server.ask('POST', `/api/sites/${site}/picker`, { key: passing.key });
    const late = made.json<{ token: string }>().token;
    await keys.revoke(passing.id, { origin: 'test' });
    expect((await save({ token: late, goal: { ...GOAL, name: 'Late' } })).status).toBe(403);
  });
});

test('a token is over after a quarter of an hour, also across midnight', async () => {
  const { configuration, clock } = await temporaryConfiguration();
  const salts = new Salts(configuration.store, () => {});
  const tokens = new PickTokens(configuration.store, salts);
  clock.ms = Date.UTC(2026, 0, 1, 23, 55);
  const grant = { site_id: 'site_1', actor: 'user:user_1' };
  const { token: made, expires_at } = await tokens.make(grant);
  clock.ms = expires_at - 1;
  expect(await tokens.read(made)).toEqual(grant);
  clock.ms = expires_at;
  expect(await refusal(tokens.read(made))).toMatchObject({ code: 'unauthorized' });
  salts.stop();
});
