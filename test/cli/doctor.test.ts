/** The doctor looks at a real page and a real server, and says what is wrong with the cure. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Site } from '../../src/core/site.ts';
import { dataFolder, run, servedTogether } from './command-line.ts';

/** A page on a port of its own. */
async function pageOf(html: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(html),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

interface Findings {
  findings: { check: string; ok: boolean; text: string }[];
}

describe('the doctor', () => {
  const doctored = servedTogether();

  test('is content with a page that is set up, and counts no visit of its own', async () => {
    const { data, url } = doctored();
    const site = (await run(data, ['site', 'add', 'content.example', '--json'])).json<Site>();
    await run(data, ['goals', 'add', site.id, '--event', 'x']);
    const page = await pageOf(`<script defer src="${url}/tracker.js" data-site="${site.key}"></script>`);
    const ended = await run(data, ['doctor', site.id, '--page', page, '--url', url, '--json']);
    const { findings } = ended.json<Findings>();
    expect(findings.filter((finding) => !finding.ok)).toEqual([]);
    expect(findings.at(-1)?.text).toBe('is taken and comes out in the live view.');
    expect(ended.code).toBe(0);
    const stats = await run(data, ['stats', site.id, '--fresh', '--json']);
    expect(stats.json()).toMatchObject({ goals: [{ total_sessions: 0 }] });
  });

  test('tells another server from the one that has the site', async () => {
    const { url } = doctored();
    const data = await dataFolder();
    const site = (await run(data, ['site', 'add', 'here.example', '--json'])).json<Site>();
    const page = await pageOf(`<script defer src="${url}/tracker.js" data-site="${site.key}"></script>`);
    const ended = await run(data, ['doctor', site.id, '--page', page, '--url', url, '--json']);
    const wrong = ended.json<Findings>().findings.filter((finding) => !finding.ok);
    const text = expect.stringMatching(/^answers 404; that is another server/);
    expect(wrong).toMatchObject([
      { check: 'plan', text },
      { check: 'event', text },
    ]);
  });

  test('says why an event of its own is not taken', async () => {
    const { data, url } = doctored();
    const site = (await run(data, ['site', 'add', 'excluded.example', '--json'])).json<Site>();
    const { key } = (await run(data, ['key', 'create', '--scopes', 'admin', '--json'])).json<{ key: string }>();
    const changed = await fetch(`${url}/api/sites/${site.id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ exclusions: { addresses: ['127.0.0.1'], paths: [], hosts: [] } }),
    });
    expect(changed.status).toBe(200);
    const page = await pageOf(`<script defer src="${url}/tracker.js" data-site="${site.key}"></script>`);
    const ended = await run(data, ['doctor', site.id, '--page', page, '--url', url, '--json']);
    const event = ended.json<Findings>().findings.find((finding) => finding.check === 'event');
    expect(event).toMatchObject({ ok: false, text: expect.stringContaining('(excluded_ip)') });
    expect(ended.code).toBe(1);
  });

  test('finds a script that a consent tool holds back and a proxy that hands nothing on', async () => {
    const { data, url } = doctored();
    const site = (await run(data, ['site', 'add', 'held.example', '--json'])).json<Site>();
    const page = await pageOf(`<script type="text/plain" src="/tracker.js" data-site="${site.key}"></script>`);
    const ended = await run(data, ['doctor', site.id, '--page', page, '--url', url]);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^FAIL {2}consent: .*data-consent="pending"/m);
    expect(ended.stdout).toMatch(/^FAIL {2}proxy: .*tracker\.js answers with no script.*Let the proxy hand on/m);
    expect(ended.stdout).toMatch(/^ok {4}event: /m);
  });

  test('finds a missing script, a policy in the way and a server that is not there', async () => {
    const { data } = doctored();
    const site = (await run(data, ['site', 'add', 'bare.example', '--json'])).json<Site>();
    const page = await pageOf('<p>Nothing here</p>', { 'content-security-policy': "default-src 'self'" });
    const ended = await run(data, ['doctor', site.id, '--page', page, '--url', 'http://127.0.0.1:1', '--json']);
    const failed = ended.json<Findings>().findings.filter((finding) => !finding.ok);
    expect([ended.code, failed.map((finding) => finding.check)]).toEqual([
      1,
      ['script', 'policy', 'tracker.js', 'plan', 'event'],
    ]);
  });
});
