/** Every route of every dialect refuses every kind of bad credential, in its own shape; a new route joins by existing. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import type { Dialect, Route } from '../../../src/server/api/dialect.ts';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import { SCOPES } from '../../../src/server/goals/key-request.ts';
import { EVERY_ROUTE, expectRefusal, filledPath, MANNERS, type Manner, mannerOf } from './manners.ts';
import { type Response, startTestServer, type TestServer } from './running-server.ts';

const EVERYTHING = SCOPES.filter((scope) => scope !== 'admin');

let server: TestServer;
let names: Record<string, string>;
/** A key with every scope but the one named; every scope there is for `none`. */
const lacking: Record<string, string> = {};
let right: string;
let elsewhere: string;
let revoked: string;
let revokedForeign: string;
let expired: string;
let share: string;

beforeAll(async () => {
  server = await startTestServer();
  const { keys, clock, shareLinks } = server.app.backend;
  const { site } = await server.addSite('shop.example');
  const scopes = [...SCOPES];
  right = await server.addKey(site.id, scopes);
  elsewhere = (await server.addSite('other.example', scopes)).key;
  for (const scope of SCOPES) {
    lacking[scope] = await server.addKey(
      site.id,
      EVERYTHING.filter((one) => one !== scope),
    );
  }
  const body = { name: 'Buy', trigger: { type: 'event', name: 'buy' } };
  const goal = (await server.ask('POST', `/api/sites/${site.id}/goals`, { key: right, body })).json<Goal>();
  const origin = { origin: 'test' };
  const gone = await keys.create({ site: null, scopes }, origin);
  await keys.revoke(gone.id, origin);
  revoked = gone.key;
  revokedForeign = 'spk_selfhosted_0123456789abcdef';
  await keys.revoke((await keys.importKey(revokedForeign, { site: null, scopes }, origin)).id, origin);
  expired = (await keys.create({ site: null, scopes, expires_at: clock() + 3_000 }, origin)).key;
  await vi.waitFor(async () => expect(await keys.verify(expired)).toBeUndefined(), { timeout: 60_000 });
  share = (await shareLinks.create(site.id, {}, origin)).token;
  names = { site: site.id, goal: goal.id };
});
afterAll(() => server.remove());

type Headers = Record<string, string>;
const authorised = ({ scheme }: Manner, key: string): Headers => ({ authorization: `${scheme} ${key}` });
const basic = (text: string): Headers => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
/** What the header holds when its first letters are written otherwise; a key's own case counts. */
const otherCase = (key: string) => (key.toUpperCase() === key ? key.toLowerCase() : key.toUpperCase());

/** What stands where a key should, and is none. */
const NO_KEYS: Record<string, (manner: Manner) => Headers> = {
  'no key': () => ({}),
  'an empty header': () => ({ authorization: '' }),
  'a scheme alone': ({ scheme }) => ({ authorization: scheme }),
  'an unknown key': (manner) => authorised(manner, `gp_account_${'x'.repeat(52)}`),
  "a key's beginning": (manner) => authorised(manner, right.slice(0, -1)),
  'a key and more': (manner) => authorised(manner, `${right}x`),
  'a key in another case': (manner) => authorised(manner, otherCase(right)),
  'four thousand characters': (manner) => authorised(manner, 'x'.repeat(4_000)),
  'what is no ASCII': (manner) => authorised(manner, 'schlüssel'),
  'a right key in another scheme': () => ({ authorization: `Digest ${right}` }),
  'a right key without a scheme': () => ({ authorization: right }),
  'two right keys': (manner) => ({ authorization: `${manner.scheme} ${right}, ${manner.scheme} ${right}` }),
  'Basic without a password': () => basic(right),
  'Basic that is no base64': () => ({ authorization: 'Basic ???' }),
  'an unknown key in the other headers': () => ({ 'x-api-key': 'gp_nobody', 'api-key': 'gp_nobody' }),
  'a login nobody has': () => ({ cookie: 'goalpost_session=abc', 'x-csrf-token': 'abc' }),
  'a key that was revoked': (manner) => authorised(manner, revoked),
  "a product's key that was revoked": (manner) => authorised(manner, revokedForeign),
  'a key that has expired': (manner) => authorised(manner, expired),
};

function ask(route: Route, headers: Headers, own = names): Promise<Response> {
  const path = `${filledPath(route, own)}?site_id=${own.site}&websiteId=${own.site}`;
  return server.ask(route.method, path, { headers, ...(route.body === null ? {} : { body: {} }) });
}

/** Natively also what a refusal is called. */
function expectCode(answer: Response, { name }: Dialect, code: string): void {
  if (name !== 'native') return;
  expect(answer.json()).toMatchObject({ error: { code, docs: `/api/docs#${code}` } });
  if (code === 'unauthorized') expect(answer.headers.get('www-authenticate')).toBe('Bearer');
}

test('every dialect has its manner written down', () => {
  expect(Object.keys(MANNERS).sort()).toEqual(DIALECTS.map(({ name }) => name).sort());
});

describe.each(EVERY_ROUTE.filter(({ route }) => route.scope !== null))('$called', ({ dialect, route }) => {
  const manner = mannerOf(dialect);

  test.each(Object.keys(NO_KEYS))('refuses %s', async (kind) => {
    const answer = await ask(route, NO_KEYS[kind]?.(manner) ?? {});
    expectRefusal(answer, dialect, [401]);
    expectCode(answer, dialect, 'unauthorized');
  });

  test('refuses a key without its scope', async () => {
    const answer = await ask(route, authorised(manner, lacking[route.scope ?? ''] ?? ''));
    expectRefusal(answer, dialect, [manner.forbidden]);
    expectCode(answer, dialect, 'forbidden');
  });

  test('refuses the key of another site', async () => {
    const answer = await ask(route, authorised(manner, elsewhere));
    // What names no site is about the key's own.
    if (answer.status < 300)
      expect([dialect.name, route.site]).toEqual([expect.stringMatching(/^(pagesense|native)$/), false]);
    else if (route.site) expectRefusal(answer, dialect, manner.stranger);
  });

  if (!route.site) return;
  test('does not know the site that nobody has', async () => {
    const answer = await ask(route, authorised(manner, elsewhere), { ...names, site: 'site_unknown' });
    expectRefusal(answer, dialect, [manner.nowhere]);
    expectCode(answer, dialect, 'unknown_site');
  });

  if (dialect.name === 'native') return;
  test('refuses a share link, which shows statistics natively only', async () => {
    expectRefusal(await ask(route, authorised(manner, share)), dialect, [401]);
  });
});

test('who guesses keys is told to wait, in the shape of every dialect', async () => {
  const limited = await startTestServer({ GOALPOST_RATE_LIMIT: 'on' });
  try {
    const guarded = EVERY_ROUTE.filter(({ route }) => route.scope !== null);
    const one = new Map(guarded.map(({ dialect, route }) => [dialect, route]));
    let address = 0;
    for (const [dialect, route] of one) {
      address += 1;
      const headers = {
        ...authorised(mannerOf(dialect), 'gp_nobody'),
        'x-forwarded-for': `198.51.100.${address}`,
      };
      const path = `${filledPath(route, names)}?site_id=${names.site}&websiteId=${names.site}`;
      const guess = () => limited.ask(route.method, path, { headers, ...(route.body === null ? {} : { body: {} }) });
      for (let times = 0; times < 20; times += 1) expectRefusal(await guess(), dialect, [401]);
      const refused = await guess();
      expectRefusal(refused, dialect, [429]);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  } finally {
    await limited.remove();
  }
});
