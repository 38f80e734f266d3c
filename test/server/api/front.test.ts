/** What browsers ask for: beacons, plans, scripts; and the answers that need no key. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { pinnedTracker } from '../../../src/server/api/script-files.ts';
import { readConfig } from '../../../src/server/config.ts';
import { openLog } from '../../../src/server/log.ts';
import { startServer } from '../../../src/server/serve.ts';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let publicKey: string;
let key: string;

beforeAll(async () => {
  server = await startTestServer();
  const added = await server.addSite('shop.example');
  publicKey = added.site.key;
  key = added.key;
});
afterAll(() => server.remove());

/** The bytes as they travel, which fetch would unpack. */
function raw(
  path: string,
  headers: Record<string, string>,
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: Buffer }> {
  return new Promise((resolve, reject) => {
    request(`${server.url}${path}`, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('the plan', () => {
  test('is the same in every encoding and unknown only for unknown sites', async () => {
    const plain = await raw(`/plan/${publicKey}`, {});
    const gz = await raw(`/plan/${publicKey}`, { 'accept-encoding': 'gzip' });
    const br = await raw(`/plan/${publicKey}`, { 'accept-encoding': 'gzip, br;q=0.9' });
    const neither = await raw(`/plan/${publicKey}`, { 'accept-encoding': 'br;q=0, gzip;q=0.0' });
    expect(gunzipSync(gz.body)).toEqual(plain.body);
    expect(brotliDecompressSync(br.body)).toEqual(plain.body);
    expect(neither.body).toEqual(plain.body);
    expect(plain.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=600',
      vary: 'accept-encoding',
    });
    const unknown = await server.ask('GET', '/plan/none');
    expect([unknown.status, unknown.headers.get('access-control-allow-origin')]).toEqual([404, '*']);
    for (const path of ['/plan/', '/plan/a/b', '/plan/%E0%A4%A', '/plan/%00', `/plan/${'x'.repeat(5_000)}`]) {
      expect([path.slice(0, 20), (await server.ask('GET', path)).status]).toEqual([path.slice(0, 20), 404]);
    }
  });

  test('is not sent again until a goal changes', async () => {
    const first = await server.ask('GET', `/plan/${publicKey}`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\//);
    const again = await server.ask('GET', `/plan/${publicKey}`, { headers: { 'if-none-match': `"x", ${etag}` } });
    expect([again.status, again.text]).toEqual([304, '']);
    await server.ask('POST', '/api/sites/shop.example/goals', {
      key,
      body: { name: 'New', trigger: { type: 'engagement' } },
    });
    const changed = await server.ask('GET', `/plan/${publicKey}`, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
  });
});

describe('the script', () => {
  test('is sent compressed, and for ever under its own name', async () => {
    const { body, headers } = await raw('/tracker.js', { 'accept-encoding': 'br' });
    expect(headers).toMatchObject({ 'content-encoding': 'br', 'cross-origin-resource-policy': 'cross-origin' });
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    const hash = String(headers.etag).replaceAll('"', '');
    const pinned = await raw(`/tracker-0.1.0-${hash}.js`, { 'accept-encoding': 'br' });
    expect(pinned.headers['cache-control']).toContain('immutable');
    expect(pinned.body).toEqual(body);
    expect((await server.ask('GET', '/tracker-0.1.0-000000000000.js')).status).toBe(404);
  });

  test('of an earlier release stays served after an upgrade, if it is what its name says', async () => {
    const data = await mkdtemp(join(tmpdir(), 'goalpost-scripts-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const older = 'console.log("an earlier release")';
    const hash = createHash('sha256').update(older).digest('hex').slice(0, 12);
    await mkdir(join(data, 'scripts'));
    await writeFile(join(data, 'scripts', `tracker-0.0.9-${hash}.js`), older);
    await writeFile(join(data, 'scripts', `tracker-0.0.8-${hash}.js`), 'alert("another")');
    const running = await startServer(readConfig({ port: '0', data }, {}), openLog('silent'));
    onTestFinished(() => running.stop());
    const asked = (path: string) => fetch(`${running.url}${path}`);
    const found = await asked(`/tracker-0.0.9-${hash}.js`);
    expect([found.status, await found.text(), found.headers.get('cache-control')]).toEqual([
      200,
      older,
      expect.stringContaining('immutable'),
    ]);
    expect((await asked(`/tracker-0.0.8-${hash}.js`)).status).toBe(404);
    expect(await readdir(join(data, 'scripts'))).toContain(pinnedTracker().path.slice(1));
  });

  test('is pinned by a line whose hash is that of the file it names', async () => {
    const { site, key } = await server.addSite('pinned.example');
    const { pinned } = (await server.ask('GET', `/api/sites/${site.id}/snippet`, { key })).json<{ pinned: string }>();
    const [, src = '', integrity = ''] = /src="([^"]+)" integrity="([^"]+)" crossorigin="anonymous"/.exec(pinned) ?? [];
    const content = Buffer.from(await (await fetch(src)).arrayBuffer());
    expect(integrity).toBe(`sha384-${createHash('sha384').update(content).digest('base64')}`);
  });
});

describe('a beacon', () => {
  test('may come from any page and is refused in words', async () => {
    const preflight = await server.ask('OPTIONS', '/e', { headers: { origin: 'https://shop.example' } });
    expect([preflight.status, preflight.headers.get('access-control-max-age')]).toEqual([204, '86400']);
    const cases: [string, number, string][] = [
      ['{', 400, 'invalid_body'],
      ['5', 400, 'invalid_body'],
      ['{"v":1,"s":"none","t":1,"r":0,"e":[{}]}', 404, 'unknown_site'],
      [JSON.stringify({ v: 1, x: 'x'.repeat(100_000) }), 413, 'too_large'],
    ];
    for (const [text, status, code] of cases) {
      const answer = await server.ask('POST', '/e', { text });
      expect([answer.status, answer.json()]).toMatchObject([status, { error: { code } }]);
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    }
    const asked = await server.ask('GET', '/e');
    expect([asked.status, asked.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });

  test('and the plan are found with a slash at the end too', async () => {
    const text = JSON.stringify({ v: 1, s: publicKey, t: Date.now(), r: 0, e: [] });
    expect((await server.ask('POST', '/e/?from=proxy', { text })).json()).toMatchObject({ ok: true, accepted: 0 });
    expect((await server.ask('GET', `/plan/${publicKey}/`)).json()).toMatchObject({ v: 1 });
  });
});

describe('what needs no key', () => {
  test('answers: health, readiness, metrics, the OpenAPI document and its pages', async () => {
    for (const path of ['/health', '/api/health', '/ready', '/metrics', '/api/openapi.json', '/api/docs']) {
      expect([path, (await server.ask('GET', path)).status]).toEqual([path, 200]);
    }
  });

  test.each([
    ['/health', 200],
    ['http://proxy.example:8080/health', 200],
    ['HTTPS://proxy.example/api/docs?x#y', 200],
    ['http://proxy.example', 200],
    ['http://proxy.example?x', 200],
    ['*', 404],
  ])('is found by %s, which servers have to take', async (path, status) => {
    const answered = new Promise<number | undefined>((resolve, reject) => {
      request(server.url, { path }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end();
    });
    expect(await answered).toBe(status);
  });
});
