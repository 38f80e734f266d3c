/** Nothing that anybody sends is answered with a 5xx, and every refusal has the shape of the path's dialect. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import { SCOPES } from '../../../src/server/goals/key-request.ts';
import { BODIES, VISITOR } from './bodies.ts';
import { CHROME } from './dialects/clients.ts';
import { EVERY_ROUTE, expectRefusal, filledPath, mannerOf } from './manners.ts';
import { type Response, startTestServer, type TestServer } from './running-server.ts';

const RUNS = process.env.GOALPOST_LONG === '1' ? 2_000 : 12;

let server: TestServer;
let key: string;
let names: { site: string; goal: string };
let number: string;

beforeAll(async () => {
  server = await startTestServer();
  const { id: site } = (await server.addSite('shop.example')).site;
  key = await server.addKey(null, [...SCOPES]);
  names = { site, goal: '' };
  const seen = { i: 'v1', pv: 'v1', n: '$pageview', a: 0, u: 'https://shop.example/', vi: VISITOR };
  const batch = { v: 1, s: 'shop.example', t: Date.now(), r: 0, e: [seen] };
  await server.ask('POST', '/e', { text: JSON.stringify(batch), headers: { 'user-agent': CHROME } });
});
afterAll(() => server.remove());

let made = 0;
async function make(value: object): Promise<Goal> {
  made += 1;
  const body = { name: `Goal ${made}`, trigger: { type: 'event', name: 'buy' }, value };
  return (await server.ask('POST', `/api/sites/${names.site}/goals`, { key, body })).json<Goal>();
}

/** Removing the site would leave nothing to send to, and a stream has no end to wait for. */
const cases = EVERY_ROUTE.filter(
  ({ route }) => !route.path.endsWith('/live') && !(route.method === 'DELETE' && route.path === '/api/sites/:site'),
);

const jsonLike = fc.oneof(
  fc.json(),
  fc.constantFrom(
    '',
    '{',
    'null',
    '[]',
    '{}',
    '"x"',
    '1e999',
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{}}}',
  ),
  fc
    .record({ name: fc.jsonValue(), trigger: fc.jsonValue(), goals: fc.jsonValue(), events: fc.jsonValue() })
    .map((value) => JSON.stringify(value)),
);

/** A body as it should be, with one member, at any depth, of any other value or gone. */
function spoilt(body: unknown, place: number, value: unknown): string {
  let left = place;
  const text = JSON.stringify(body, (_, member: unknown) => {
    left -= 1;
    return left === -1 ? value : member;
  });
  return text ?? '';
}

/** How many members there are, the whole among them. */
function membersOf(body: unknown): number {
  let count = 0;
  JSON.stringify(body, (_, member: unknown) => {
    count += 1;
    return member;
  });
  return count;
}

/** Bodies that are well-formed and name what is not there. */
const UNKNOWN = ['POST /api/sites/:site/refunds'];

test('every route of a product that reads a body has one that is spoilt', () => {
  const reading = EVERY_ROUTE.filter(({ dialect, route }) => dialect.name !== 'native' && route.body !== null);
  expect(reading.filter(({ called }) => BODIES[called] === undefined).map(({ called }) => called)).toEqual([]);
});

describe.each(cases)('$called', ({ called, dialect, route }) => {
  const { scheme } = mannerOf(dialect);
  beforeAll(async () => {
    // What other routes' bodies made may be at some product's limit, or have the names of this route's.
    const { goals } = server.app.backend;
    for (const { id } of await goals.all(names.site)) {
      await goals.remove({ site: names.site, goal: id }, { origin: 'test' });
    }
    // One that products list which have a goal's id in their paths, and one of those that have its number.
    names.goal = (await make({ mode: 'none' })).id;
    number = String((await make({ mode: 'given' })).number);
  });

  const ask = (text: string | undefined, { query = '', other = number } = {}) => {
    const path = filledPath(route, { ...names, id: other, portal: other, key: other });
    const sent = text === undefined || route.method === 'GET' ? {} : { text };
    // Products that have no site in their paths have it here; natively nothing unknown is taken.
    const about = dialect.name === 'native' ? '' : `site_id=${names.site}&websiteId=${names.site}&`;
    return server.ask(route.method, `${path}?${about}${query}`, {
      headers: { authorization: `${scheme} ${key}` },
      ...sent,
    });
  };
  const expectAnswer = (answer: Response) => {
    expect([answer.status, answer.status < 500 ? '' : answer.text]).toEqual([expect.any(Number), '']);
    if (answer.status >= 400) expectRefusal(answer, dialect, [answer.status]);
  };

  test('answers anything with less than 500, in its own shape', async () => {
    const anywhere = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeURIComponent(text) || 'x');
    await fc.assert(
      fc.asyncProperty(jsonLike, anywhere, fc.webQueryParameters(), async (text, other, query) =>
        expectAnswer(await ask(text, { query, other })),
      ),
      { numRuns: RUNS },
    );
  });

  const body = BODIES[called];
  if (body !== undefined) {
    test('answers its own body with anything in the place of a member', async () => {
      const whole = await ask(JSON.stringify(body));
      expect([whole.status < 300 || UNKNOWN.includes(called), whole.text]).toEqual([true, whole.text]);
      const place = fc.nat({ max: membersOf(body) - 1 });
      await fc.assert(
        fc.asyncProperty(place, fc.option(fc.jsonValue(), { nil: undefined }), async (at, value) =>
          expectAnswer(await ask(spoilt(body, at, value))),
        ),
        { numRuns: 2 * RUNS },
      );
    });
  }

  if (route.body === null) return;
  test('refuses what is no JSON, and what is too large', async () => {
    for (const text of ['{', '{"a":}', 'hello', '\u0000']) expectRefusal(await ask(text), dialect, [400]);
    const large = await ask(JSON.stringify({ name: 'x'.repeat(1_048_576) }));
    expectRefusal(large, dialect, [mannerOf(dialect).large]);
  });
});

const prefixes = DIALECTS.flatMap((dialect) => dialect.prefixes.map((prefix) => ({ dialect, prefix })));
test.each(prefixes)('a path below $prefix that is no route is unknown in its shape', async ({ dialect, prefix }) => {
  const answer = await server.ask('GET', `${prefix === '/' ? '/api' : prefix}/no/such/route/at/all`);
  expectRefusal(answer, dialect, [404]);
});

describe('a body', () => {
  test('that is too large is refused before it is read to its end', async () => {
    const answer = await server.ask('POST', `/api/sites/${names.site}/goals`, {
      key,
      text: `{"name":"${'x'.repeat(1_048_576)}"}`,
    });
    expect([answer.status, answer.json()]).toMatchObject([413, { error: { code: 'too_large' } }]);
  });

  test('that tries to change prototypes is refused', async () => {
    for (const text of ['{"__proto__":{"admin":true}}', '{"trigger":{"constructor":{"prototype":{"x":1}}}}']) {
      const error = { code: 'invalid_body', field: /__proto__|constructor/.exec(text)?.[0] };
      const answer = await server.ask('POST', `/api/sites/${names.site}/goals`, { key, text });
      expect([answer.status, answer.json()]).toMatchObject([400, { error }]);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('is JSON whatever its type says', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'nonsense', 'application/json; charset=latin1'];
    for (const type of types) {
      const name = `Typed ${type}`;
      const text = JSON.stringify({ name, trigger: { type: 'event', name: 'x' } });
      const answer = await server.ask('POST', `/api/sites/${names.site}/goals`, {
        key,
        text,
        headers: { 'content-type': type },
      });
      expect([type, answer.status]).toEqual([type, 201]);
    }
  });
});

/** Sends bytes and resolves with what came back until the server closed. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

describe('a socket', () => {
  test.each<[string, string, number]>([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['an unknown method', 'BREW /api/sites HTTP/1.1\r\nHost: x\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd', 400],
    [
      'a length and chunks',
      'POST /e HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a bad chunk', 'POST /api/sites HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n', 400],
    ['no path at all', 'OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a whole URL of nothing', 'GET http://x/api/no HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
    ['a path that is none', 'GET /api/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 404],
  ])('with %s is answered and closed', async (_, bytes, status) => {
    const text = await raw(bytes);
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(text).toContain('{"error":{"code":');
  });

  test('with several requests at once gets its answers in order', async () => {
    const one = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
    const text = await raw(one('/health') + one('/api/nothing') + one('/health', 'Connection: close\r\n'));
    expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((found) => found[1])).toEqual(['200', '404', '200']);
  });
});

describe('limits', () => {
  test('slow down the guessing of keys, and a right key of elsewhere goes on', async () => {
    const limited = await startTestServer({ GOALPOST_RATE_LIMIT: 'on' });
    try {
      const { site: guarded, key: right } = await limited.addSite('shop.example');
      const from = (address: string, sent: string) =>
        limited.ask('GET', `/api/sites/${guarded.id}`, { key: sent, headers: { 'x-forwarded-for': address } });
      for (let guess = 0; guess < 20; guess += 1) expect((await from('198.51.100.1', `gp_${guess}`)).status).toBe(401);
      const refused = await from('198.51.100.1', 'gp_more');
      expect([refused.status, Number(refused.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
      expect((await from('198.51.100.2', right)).status).toBe(200);
    } finally {
      await limited.remove();
    }
  });
});
