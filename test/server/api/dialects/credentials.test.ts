/** Every route of every product refuses bad keys and bad bodies in that product's shape; a new route joins by existing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dialect, Route } from '../../../../src/server/api/dialect.ts';
import { DIALECTS } from '../../../../src/server/api/dialects/index.ts';
import { EVERY_SCOPE, type Response, startTestServer, type TestServer } from '../running-server.ts';

let server: TestServer;
let site: string;
let elsewhere: string;
beforeAll(async () => {
  server = await startTestServer();
  site = (await server.addSite('shop.example')).site.id;
  elsewhere = (await server.addSite('other.example')).key;
});
afterAll(() => server.remove());

const MESSAGE = expect.any(String);

/** What a product's refusals look like, and what it says to a key that is known and may not. */
interface Manner {
  shape: (status: number) => unknown;
  scheme: string;
  forbidden: number;
  /** To a key of another site that names this one. */
  stranger: number;
}

const MANNERS: Record<string, Manner> = {
  plausible: {
    shape: () => ({ errors: expect.arrayContaining([{ detail: MESSAGE }]) }),
    scheme: 'Bearer',
    forbidden: 401,
    stranger: 401,
  },
  'plausible-sites': { shape: () => ({ error: MESSAGE }), scheme: 'Bearer', forbidden: 401, stranger: 401 },
  'plausible-events': { shape: () => ({ errors: expect.any(Object) }), scheme: 'Bearer', forbidden: 0, stranger: 0 },
  pagesense: {
    shape: (status_code) => ({ status_code, message: MESSAGE }),
    scheme: 'Zoho-oauthtoken',
    forbidden: 401,
    stranger: 404,
  },
  sparklytics: {
    shape: () => ({ error: { code: MESSAGE, message: MESSAGE, field: expect.toBeOneOf([null, MESSAGE]) } }),
    scheme: 'Bearer',
    forbidden: 403,
    stranger: 403,
  },
  'sparklytics-collect': {
    shape: () => ({ error: { code: MESSAGE, message: MESSAGE, field: expect.toBeOneOf([null, MESSAGE]) } }),
    scheme: 'Bearer',
    forbidden: 0,
    stranger: 0,
  },
  datafast: {
    shape: (code) => ({ status: 'error', error: { code, message: MESSAGE } }),
    scheme: 'Bearer',
    forbidden: 403,
    stranger: 403,
  },
  mida: { shape: () => ({ error: MESSAGE }), scheme: 'Bearer', forbidden: 403, stranger: 403 },
};

const products = DIALECTS.filter(({ name }) => name !== 'native');
const cases = products.flatMap((dialect) =>
  dialect.routes.map((route) => ({ called: `${route.method} ${route.path}`, dialect, route })),
);
const guarded = cases.filter(({ route }) => route.scope !== null);

/** The path with the site in every place where some product has it. */
function pathOf({ path }: Route): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => (name === 'website' || name === 'project' ? site : '1'));
  return `${filled}?site_id=${site}&websiteId=${site}`;
}

function ask(route: Route, authorization: string | undefined, text?: string): Promise<Response> {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  return server.ask(route.method, pathOf(route), { headers, ...(text === undefined ? {} : { text }) });
}

function expectRefusal(answer: Response, dialect: Dialect, statuses: readonly number[]): void {
  expect(statuses).toContain(answer.status);
  expect(answer.json()).toEqual(MANNERS[dialect.name]?.shape(answer.status));
}

test('every product has its manner written down', () => {
  expect(products.map(({ name }) => name).filter((name) => MANNERS[name] === undefined)).toEqual([]);
});

describe.each(guarded)('$called', ({ dialect, route }) => {
  const { scheme = '', forbidden = 0, stranger = 0 } = MANNERS[dialect.name] ?? {};

  test('refuses no key, an unknown one and one in a strange scheme', async () => {
    const right = await server.addKey(site, [...EVERY_SCOPE]);
    const wrong = [undefined, '', scheme, `${scheme} gp_nobody`, `${scheme} ${right}x`, `Digest ${right}`, right];
    for (const authorization of wrong) expectRefusal(await ask(route, authorization), dialect, [401]);
  });

  test('refuses a key without the scope, of another site, and revoked', async () => {
    const others = EVERY_SCOPE.filter((scope) => scope !== route.scope);
    expectRefusal(await ask(route, `${scheme} ${await server.addKey(site, others)}`), dialect, [forbidden]);
    // What names no site lists the key's own, which are others.
    const answer = await ask(route, `${scheme} ${elsewhere}`, route.body === null ? undefined : '{}');
    if (answer.status >= 300) expectRefusal(answer, dialect, [stranger, 400]);
    else expect(dialect.name).toBe('pagesense');
    const { keys } = server.app.backend;
    const revoked = await keys.create({ site, scopes: [...EVERY_SCOPE] }, { origin: 'test' });
    await keys.revoke(revoked.id, { origin: 'test' });
    expectRefusal(await ask(route, `${scheme} ${revoked.key}`), dialect, [401]);
  });
});

describe.each(cases.filter(({ route }) => route.body !== null))('$called', ({ dialect, route }) => {
  test('refuses what is no JSON and what is too large', async () => {
    const { scheme = '' } = MANNERS[dialect.name] ?? {};
    const authorization = `${scheme} ${await server.addKey(site, [...EVERY_SCOPE])}`;
    for (const text of ['{', '{"a":}', 'hello', '\u0000']) {
      expectRefusal(await ask(route, authorization, text), dialect, [400]);
    }
    const large = await ask(route, authorization, JSON.stringify({ name: 'x'.repeat(1_048_576) }));
    expectRefusal(large, dialect, [400, 413]);
  });
});

describe.each(products.flatMap(({ name, prefixes }) => prefixes.map((prefix) => ({ name, prefix }))))(
  'a path below $prefix',
  ({ name, prefix }) => {
    test('that is no route is unknown in the shape of the product', async () => {
      const answer = await server.ask('GET', `${prefix}/no/such/route/at/all`);
      expect([answer.status, answer.json()]).toEqual([404, MANNERS[name]?.shape(404)]);
    });
  },
);
