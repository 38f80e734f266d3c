/** What no route is there for: a wrong path, a wrong method, and a body that cannot be read. */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = (await server.addSite('shop.example')).key;
});
afterAll(() => server.remove());

interface Refused {
  error: { code: string; message: string };
}

test.each([
  ['PUT', '/api/sites/shop.example/goals', 'GET, HEAD, POST'],
  ['POST', '/api/sites/shop.example/goals/goal_x/', 'DELETE, GET, HEAD, PATCH'],
  ['DELETE', '/api/sites/shop.example/goals/goal_x/stats.csv', 'GET, HEAD'],
  ['OPTIONS', '/api/sites', 'GET, HEAD, POST'],
  ['POST', '/health', 'GET, HEAD'],
  ['POST', '/plan/shop.example', 'GET, HEAD'],
])('natively %s %s is answered with the methods there are', async (method, path, allow) => {
  const answer = await server.ask(method, path, { key });
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
  const { error } = answer.json<Refused>();
  expect(error).toMatchObject({ code: 'method_not_allowed', message: `There is no ${method} ${path}, only ${allow}.` });
});

test.each([
  ['GET', '/api/nothing'],
  ['GET', '/api/sites/shop.example/goals/goal_x/nothing'],
  ['POST', '/nowhere'],
  ['GET', `/api/sites/${'x'.repeat(3_000)}`],
  // These products' statuses are closed.
  ['PATCH', '/v2/project/shop.example/goals'],
  ['PATCH', '/api/websites/shop.example/goals'],
  ['POST', '/api/plugins/v1/goals'],
])('%s %s is not there', async (method, path) => {
  const answer = await server.ask(method, path, { key });
  expect([answer.status, answer.headers.get('allow')]).toEqual([404, null]);
});

test.each(['/api/sites/shop.example/goals', '/e'])('a compressed body sent to %s is refused as such', async (path) => {
  const packed = async (encoding: string, body: BodyInit) => {
    const headers = { authorization: `Bearer ${key}`, 'content-encoding': encoding };
    const answer = await fetch(`${server.url}${path}`, { method: 'POST', body, headers });
    const { error } = (await answer.json()) as Refused;
    return [answer.status, error.code, error.message];
  };
  const zipped = new Uint8Array(gzipSync('{"name":"x"}'));
  const told = 'The body is not JSON; compressed ones are not unpacked here.';
  expect(await packed('gzip', zipped)).toEqual([400, 'invalid_body', told]);
  expect(await packed('identity', '{')).toEqual([400, 'invalid_body', 'The body is not JSON.']);
});
