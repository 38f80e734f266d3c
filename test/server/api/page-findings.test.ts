/** A look at a page: what is found on it, what stands in the script's way, and whom the server asks at all. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { allowsScript, findInPage } from '../../../src/server/api/installed-page.ts';
import { lookAtPage } from '../../../src/server/api/page-findings.ts';
import type { Finding } from '../../../src/server/api/page-question.ts';
import { serverOfTest } from './running-server.ts';

const SITE = { id: 'site_1', key: 'abc', domains: ['shop.example'], allowed_hosts: [] };
const BASE = 'https://goals.example';

/** A page on a port of its own; `headers` come with it. */
async function pageOf(html: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_, response) => response.writeHead(headers.location ? 302 : 200, headers).end(html));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const failed = (findings: readonly Finding[]) => findings.filter(({ ok }) => !ok).map(({ check }) => check);

describe('a page', () => {
  test('shows its tracker', () => {
    expect(findInPage('<script src="/js/tracker.js?v=1" data-site=abc></script>')).toMatchObject({
      src: '/js/tracker.js?v=1',
      site: 'abc',
    });
    expect(findInPage('<script src="/app.js"></script>').src).toBeUndefined();
  });

  test.each<[string, boolean]>([
    ["img-src 'none'", true],
    ['script-src https://goals.example; connect-src https://goals.example', true],
    ['script-src *.example; connect-src goals.example', true],
    ["script-src 'nonce-abc'; connect-src *", true],
    ["script-src 'self'; connect-src *", false],
    ['script-src https:; connect-src https://api.example', false],
    ["default-src 'none'", false],
  ])('with the policy %s lets the script run: %s', (policy, allowed) => {
    const urls = { script: 'https://goals.example/tracker.js', page: 'https://shop.example/' };
    expect(allowsScript(policy, urls)).toBe(allowed);
  });
});

/** A page that goes on for ever. */
function* endless(beginning: string): Generator<string> {
  yield beginning;
  for (;;) yield ' '.repeat(65_536);
}

describe('a look at a page', () => {
  const script = '<script defer src="https://goals.example/tracker.js" data-site="abc"></script>';
  const look = async (html: string, headers?: Record<string, string>) =>
    lookAtPage({ page: await pageOf(html, headers), base: BASE, site: SITE });

  test.each<[string, string, string[]]>([
    ['that is set up', script, []],
    ['without the script', '<p>Nothing</p>', ['script']],
    ['of another site', script.replace('abc', 'other'), ['site']],
    [
      'whose own policy forbids it',
      `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${script}`,
      ['policy'],
    ],
    [
      'whose consent tool took its type away',
      script.replace('defer', 'type="text/plain" data-category="stats"'),
      ['consent'],
    ],
    ['whose consent tool took its address away', script.replace('src=', 'data-src='), ['consent']],
    ['whose script is a module', script.replace('defer', 'type="module"'), []],
    ['whose script has an address that is none', script.replace('https://goals.example', 'https://['), ['script']],
    ['that waits for consent', script.replace('data-site', 'data-consent="pending" data-site'), []],
  ])('%s says so', async (_, html, checks) => {
    expect(failed(await look(html))).toEqual(checks);
  });

  test('names a tag manager and a pending consent', async () => {
    const manager = await look('<script src="https://www.googletagmanager.com/gtm.js?id=GTM-1"></script>');
    expect(manager.find(({ check }) => check === 'script')?.text).toContain('publish its container');
    const waiting = await look(script.replace('data-site', 'data-consent="pending" data-site'));
    expect(waiting.map(({ check }) => check)).toContain('consent');
  });

  test('says each cure, and what it cannot see where nothing is wrong', async () => {
    const cure = async (html: string) => {
      const findings = await look(html);
      return Object.fromEntries(findings.map(({ check, text }) => [check, text]));
    };
    expect((await cure(script)).browsers).toContain('serve it from the site’s own domain');
    expect(await cure('')).not.toHaveProperty('browsers');
    expect((await cure('')).script).toContain('put the line of the set-up into its head');
    expect((await cure(script.replace('abc', 'other'))).site).toContain('it should be "abc"');
    const waiting = await cure(script.replace('defer', 'defer data-consent="pending"'));
    expect(waiting.consent).toContain('tracker.consent(true)');
    expect((await cure(script.replace('defer', 'type="text/plain"'))).consent).toContain('essential');
    const policy = await cure(`<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${script}`);
    expect(policy.policy).toContain('add https://goals.example to script-src and connect-src');
  });

  test('says that a host is not the site’s, with the cure', async () => {
    const server = createServer((_, response) => response.end(script)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const page = `http://0.0.0.0:${(server.address() as AddressInfo).port}/`;
    const findings = await lookAtPage({ page, base: BASE, site: SITE });
    expect(failed(findings)).toEqual(['host']);
    expect(findings.find(({ check }) => check === 'host')?.text).toContain('add it in the site');
    const allowed = { ...SITE, allowed_hosts: ['0.0.0.0'] };
    expect(failed(await lookAtPage({ page, base: BASE, site: allowed }))).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['that never ends', {}],
    ['that unpacks to more than there is room for', { 'content-encoding': 'gzip' }],
  ])('reads no more than the beginning of one %s', async (_, headers) => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html', ...headers });
      const pieces = Readable.from(endless(script));
      const packing = headers['content-encoding'] ? [createGzip()] : [];
      pipeline([pieces, ...packing, response], () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const asked = once(server, 'request') as Promise<[unknown, ServerResponse]>;
    const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const findings = lookAtPage({ page, base: BASE, site: SITE });
    const [, response] = await asked;
    // Whoever sends learns that nobody reads on.
    await once(response, 'close');
    expect(failed(await findings)).toEqual([]);
  });

  test('asks no host that is not the site’s, not even when it is sent there', async () => {
    const inner = await pageOf('secret');
    const page = await pageOf('', { location: inner.replace('127.0.0.1', 'localhost') });
    const mayAsk = ({ hostname }: URL) => hostname === '127.0.0.1';
    const findings = await lookAtPage({ page, base: BASE, site: SITE, mayAsk });
    expect(findings).toMatchObject([{ check: 'page', ok: false, text: expect.stringContaining('localhost') }]);
  });
});

test('the API looks at hosts of the site only, and for owners only', async () => {
  const server = await serverOfTest();
  const { site, key } = await server.addSite('shop.example');
  const admin = await server.addKey(null, ['admin']);
  const path = `/api/sites/${site.id}/diagnosis`;
  expect((await server.ask('POST', path, { key, body: {} })).status).toBe(403);
  const inner = await pageOf('secret');
  const answer = await server.ask('POST', path, { key: admin, body: { page: inner } });
  expect(answer.json()).toMatchObject({ findings: [{ check: 'page', ok: false }] });
  expect(answer.text).not.toContain('secret');
});
