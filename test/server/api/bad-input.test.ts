/** Nothing that anybody sends is answered with a 5xx, and every refusal has the shape of the path's dialect. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Route } from '../../../src/server/api/dialect.ts';
import { DIALECTS } from '../../../src/server/api/dialects/index.ts';
import { dialectOf, pathOf } from '../../../src/server/api/handle.ts';
import { SCOPES } from '../../../src/server/goals/key-request.ts';
import { startTestServer, type TestServer } from './running-server.ts';

const RUNS = process.env.GOALPOST_LONG === '1' ? 2_000 : 12;

let server: TestServer;
let key: string;
let site: string;
let goal: string;

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  site = added.site.id;
  key = await server.addKey(null, [...SCOPES]);
  const body = { name: 'Buy', trigger: { type: 'event', name: 'buy' } };
  goal = (await server.ask('POST', `/api/sites/${site}/goals`, { key, body })).json<{ id: string }>().id;
});
afterAll(() => server.remove());

/** Removing the site would leave nothing to send to, and a stream has no end to wait for. */
const routes = DIALECTS.flatMap((dialect) => dialect.routes).filter(
  (route) => !route.path.endsWith('/live') && !(route.method === 'DELETE' && route.path === '/api/sites/:site'),
);

function filled({ path }: Route, other: string): string {
  return path.replace(/:(\w+)/g, (_, name: string) => {
    if (name === 'site' || name === 'website' || name === 'project' || name === 'project_key') return site;
    return name === 'goal' ? goal : encodeURIComponent(other) || 'x';
  });
}

/** What clients of all products send as their key. */
const everyHeader = () => ({
  authorization: `Bearer ${key}`,
  'x-api-key': key,
});

/** A refusal as the dialect of the path writes it, by the names of its members. */
function expectRefusal(path: string, answer: { status: number; text: string }): void {
  const dialect = dialectOf(DIALECTS, pathOf(path));
  if (dialect.name !== 'native') return;
  expect(JSON.parse(answer.text)).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
}

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

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_, route) => {
  test('answers anything with less than 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        jsonLike,
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.webQueryParameters(),
        async (text, other, query) => {
          const path = `${filled(route, other)}?${query}`;
          const sent = route.method === 'GET' ? {} : { text };
          const answer = await server.ask(route.method, path, { headers: everyHeader(), ...sent });
          expect([answer.status, answer.status < 500 ? '' : answer.text]).toEqual([expect.any(Number), '']);
          if (answer.status >= 400) expectRefusal(path, answer);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('a body', () => {
  test('that is too large is refused before it is read to its end', async () => {
    const answer = await server.ask('POST', `/api/sites/${site}/goals`, {
      key,
      text: `{"name":"${'x'.repeat(1_048_576)}"}`,
    });
    expect([answer.status, answer.json()]).toMatchObject([413, { error: { code: 'too_large' } }]);
  });

  test('that tries to change prototypes is refused', async () => {
    for (const text of ['{"__proto__":{"admin":true}}', '{"trigger":{"constructor":{"prototype":{"x":1}}}}']) {
      const answer = await server.ask('POST', `/api/sites/${site}/goals`, { key, text });
      expect([answer.status, answer.json()]).toMatchObject([400, { error: { code: 'invalid_body' } }]);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test('is JSON whatever its type says', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'nonsense',
      'application/json; charset=latin1',
    ]) {
      const name = `Typed ${type}`;
      const text = JSON.stringify({ name, trigger: { type: 'event', name: 'x' } });
      const answer = await server.ask('POST', `/api/sites/${site}/goals`, {
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
