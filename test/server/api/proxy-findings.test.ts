/** A look through a real proxy in front of a real server: what it hands on, what it keeps, what it strips. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { lookAtPage } from '../../../src/server/api/page-findings.ts';
import { startTestServer, type TestServer } from './running-server.ts';

let server: TestServer;
let site: Awaited<ReturnType<TestServer['addSite']>>['site'];
beforeAll(async () => {
  server = await startTestServer();
  ({ site } = await server.addSite('shop.example'));
  return () => server.remove();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown;

async function listen(handler: Handler): Promise<string> {
  const listening = createServer(handler).listen(0, '127.0.0.1');
  await once(listening, 'listening');
  onTestFinished(() => void listening.close());
  return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
}

/** A proxy that hands paths below /stats/ on; `strip` takes headers away, what `keep` finds it answers itself. */
async function proxy(options: { strip?: string[]; keep?: RegExp } = {}): Promise<string> {
  const { strip = [], keep } = options;
  return listen(async ({ url = '' }, response) => {
    if (keep?.test(url)) return response.writeHead(404).end();
    const answer = await fetch(server.url + url.replace(/^\/stats/, ''));
    const headers = [...answer.headers].filter(([name]) => !/^(content-encoding|content-length)$/.test(name));
    const left = headers.filter(([name]) => !strip.includes(name));
    return response.writeHead(answer.status, Object.fromEntries(left)).end(await answer.text());
  });
}

/** What is found of a proxy on a page that takes the script from there. */
async function look(script: string, { mayAsk = (_: URL): boolean => true } = {}) {
  const html = `<script defer src="${script}" data-site="${site.key}"></script>`;
  const page = `${await listen((_, response) => response.end(html))}/`;
  const findings = await lookAtPage({
    page,
    base: server.url,
    site,
    mayAsk: (url) => url.href === page || mayAsk(url),
  });
  return findings.find(({ check }) => check === 'proxy');
}

test('a proxy that hands on what the script needs is well', async () => {
  expect(await look(`${await proxy()}/stats/tracker.js`)).toMatchObject({ ok: true });
});

test.each<[string, Parameters<typeof proxy>[0], string]>([
  ['keeps the script', { keep: /tracker\.js/ }, 'tracker.js answers 404'],
  ['keeps the plan', { keep: /plan/ }, 'answers 404'],
  ['strips a header', { strip: ['access-control-allow-origin'] }, 'without its Access-Control-Allow-Origin header'],
  ['hides that the script is one', { strip: ['content-type'] }, 'tracker.js answers with no script'],
])('a proxy that %s is found, with the cure', async (_, options, complaint) => {
  const found = await look(`${await proxy(options)}/stats/tracker.js`);
  expect(found).toMatchObject({ ok: false, text: expect.stringContaining(complaint) });
  expect(found?.text).toContain('Let the proxy hand on tracker.js, plan/… and e');
});

test('a proxy that nobody answers for is found', async () => {
  const found = await look('http://127.0.0.1:1/tracker.js');
  expect(found).toMatchObject({ ok: false, text: expect.stringContaining('cannot be reached') });
});

test('the server does not ask itself, nor a host that is not the site’s', async () => {
  expect(await look(`${server.url}/tracker.js`)).toBeUndefined();
  expect(await look(`${await proxy()}/stats/tracker.js`, { mayAsk: () => false })).toBeUndefined();
});
