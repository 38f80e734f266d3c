/** The command line beside a running server and without one. */
import { existsSync } from 'node:fs';
import { readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Goal } from '../../src/core/goal.ts';
import type { Site } from '../../src/core/site.ts';
import { dataFolder, run, serve, servedTogether } from './command-line.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36';

describe('serve', () => {
  test('says first where it is, opens a socket for its owner alone, and ends well when told', async () => {
    const data = await dataFolder();
    const server = await serve(data);
    expect(server.ready).toMatchObject({ event: 'ready', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) });
    expect(server.ready.setup_url).toMatch(/\/setup\?token=\w{20,}$/);
    expect((await fetch(`${server.ready.url}/health`)).status).toBe(200);
    expect((await stat(join(data, 'control.sock'))).mode & 0o777).toBe(0o600);
    expect(await server.end('SIGTERM')).toBe(0);
    expect(existsSync(join(data, 'control.sock'))).toBe(false);
  });

  test('tells the snippet where it is', async () => {
    const data = await dataFolder();
    const { ready } = await serve(data);
    await run(data, ['site', 'add', 'shop.example']);
    const { html } = (await run(data, ['snippet', 'shop.example', '--json'])).json<{ html: string }>();
    expect(html).toContain(`src="${ready.url}/tracker.js"`);
    const pinned = await run(data, ['snippet', 'shop.example', '--pinned']);
    expect(pinned.stdout).toMatch(/\/tracker-[\d.]+-[0-9a-f]{12}\.js" integrity="sha384-[\w+/]{64}"/);
    const elsewhere = await run(data, ['snippet', 'shop.example', '--url', 'https://goals.example/']);
    expect(elsewhere.stdout).toContain('src="https://goals.example/tracker.js"');
    expect((await run(data, ['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('refuses a data folder that another server owns, in words', async () => {
    const data = await dataFolder();
    await serve(data);
    const second = await run(data, ['serve', '--port', '0']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('belongs to a running server');
  });

  test('takes over the folder of a server that was killed, with all that was acknowledged', async () => {
    const data = await dataFolder();
    const first = await serve(data);
    const site = (await run(data, ['site', 'add', 'shop.example', '--json'])).json<Site>();
    await run(data, ['goals', 'add', site.id, '--event', 'signup']);
    const answer = await fetch(`${first.ready.url}/e`, {
      method: 'POST',
      headers: { 'user-agent': BROWSER },
      body: JSON.stringify({
        v: 1,
        s: site.key,
        t: Date.now(),
        r: 1,
        e: [{ i: '0190b0a0-0000-7000-8000-000000000001', n: 'signup', a: 0, u: 'https://shop.example/' }],
      }),
    });
    expect(answer.status).toBe(202);
    await first.end('SIGKILL');
    await serve(data);
    const { goals } = (await run(data, ['stats', site.id, '--fresh', '--json'])).json<{
      goals: { conversions: number }[];
    }>();
    expect(goals.map((goal) => goal.conversions)).toEqual([1]);
  });

  test.each([
    [['--port', '99999'], {}, '--port'],
    [[], { GOALPOST_PORT: 'http' }, 'GOALPOST_PORT'],
    [[], { GOALPOST_URL: 'shop' }, 'GOALPOST_URL'],
    [[], { GOALPOST_TRUSTED_PROXIES: 'everyone' }, 'GOALPOST_TRUSTED_PROXIES'],
    [[], { GOALPOST_RATE_LIMIT: 'maybe' }, 'GOALPOST_RATE_LIMIT'],
    [[], { GOALPOST_LOG: 'loud' }, 'GOALPOST_LOG'],
    [[], { GOALPOST_CONFIG: 'mysql://x' }, 'GOALPOST_CONFIG'],
    [[], { GOALPOST_EVENTS: 'file' }, 'GOALPOST_EVENTS'],
  ])('names the setting that is wrong: %j %j', async (args, environment, setting) => {
    const ended = await run(await dataFolder(), ['serve', ...args], { environment });
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(`${setting}: `)]);
  });
});

/** Every command is a process of its own, and two cores may be busy with other tests. */
describe('commands without a server', () => {
  test('open the data folder themselves, also several at once', async () => {
    const data = await dataFolder();
    const added = await Promise.all(['a', 'b', 'c'].map((name) => run(data, ['site', 'add', `${name}.example`])));
    expect(added.map(({ code, stderr }) => [code, stderr])).toEqual([0, 0, 0].map((code) => [code, '']));
    const { sites } = (await run(data, ['site', 'list', '--json'])).json<{ sites: Site[] }>();
    expect(sites.map((site) => site.name).sort()).toEqual(['a.example', 'b.example', 'c.example']);
  });
});

describe('commands beside a running server', () => {
  const folder = servedTogether();

  test('add, list and remove sites, keys and goals, for people and for scripts', async () => {
    const { data } = folder();
    const added = await run(data, [
      'site',
      'add',
      'shop.example',
      '--name',
      'Shop',
      '--timezone',
      'Europe/Berlin',
      '--json',
    ]);
    const site = added.json<Site>();
    expect([added.code, site]).toMatchObject([
      0,
      { name: 'Shop', timezone: 'Europe/Berlin', domains: ['shop.example'] },
    ]);
    expect(site.id).toMatch(/^site_/);
    const key = (
      await run(data, ['key', 'create', '--site', site.id, '--scopes', 'goals:read,goals:write', '--json'])
    ).json<{ id: string; key: string }>();
    expect(Object.keys(key)).toEqual(['id', 'key']);
    expect(key.key).toMatch(/^gp_/);
    const imported = await run(data, [
      'key',
      'import',
      '--site',
      'shop.example',
      '--as',
      'df_0123456789abcdef',
      '--scopes',
      'admin',
    ]);
    expect([imported.code, imported.stdout]).toEqual([0, expect.stringContaining('df_0123456789abcdef')]);
    const goal = (
      await run(data, ['goals', 'add', 'shop.example', '--page', '/thanks', '--name', 'Thanks', '--json'])
    ).json<Goal>();
    expect(goal.trigger).toMatchObject({ type: 'pageview', url: { match: 'simple', value: '/thanks' } });
    const piped = await run(data, ['goals', 'add', site.key, '--json-file', '-', '--json'], {
      input: JSON.stringify({ name: 'Read', trigger: { type: 'scroll_depth', percent: 80 } }),
    });
    expect(piped.json<Goal>()).toMatchObject({ name: 'Read' });
    const listed = await run(data, ['goals', 'list', site.id]);
    expect(listed.stdout).toMatch(/pageview\s+yes\s+Thanks/);
    const checked = await run(data, [
      'goals',
      'check',
      site.id,
      '--goal',
      goal.id,
      '--on',
      'https://shop.example/thanks?x=1',
    ]);
    expect(checked.stdout).toMatch(/^Met\.\nyes {2}/);
    const byKey = await run(data, ['goals', 'check', site.id, '--goal', 'thanks', '--on', '/thanks']);
    expect([byKey.code, byKey.stdout]).toEqual([0, expect.stringMatching(/^Met\./)]);
    const counted = (await run(data, ['stats', site.id, '--goal', 'thanks', '--json'])).json();
    expect(counted).toMatchObject({ goal_id: goal.id, conversions: 0 });
    expect((await run(data, ['snippet', site.id])).stdout).toContain(`data-site="${site.key}"`);
    expect((await run(data, ['key', 'revoke', key.id])).code).toBe(0);
    expect((await run(data, ['key', 'list'])).stdout).toContain('revoked');
    expect((await run(data, ['site', 'remove', site.id])).code).toBe(0);
    const { sites } = (await run(data, ['site', 'list', '--json'])).json<{ sites: Site[] }>();
    expect(sites.map(({ id }) => id)).not.toContain(site.id);
  });

  test('say in words what the API refuses and end with 1', async () => {
    const { data } = folder();
    await run(data, ['site', 'add', 'shop.example']);
    const twice = await run(data, ['site', 'add', 'shop.example']);
    expect([twice.code, twice.stdout, twice.stderr]).toEqual([
      1,
      '',
      expect.stringContaining('belongs to another site'),
    ]);
    const json = await run(data, ['goals', 'list', 'nowhere.example', '--json']);
    expect([json.code, JSON.parse(json.stderr)]).toMatchObject([1, { error: { code: 'unknown_site' } }]);
    const unknown = await run(data, ['stats', 'shop.example', '--goal', 'nothing', '--json']);
    expect([unknown.code, JSON.parse(unknown.stderr)]).toMatchObject([1, { error: { code: 'unknown_goal' } }]);
    const usage = await run(data, ['goals', 'add', 'shop.example', '--json']);
    expect([usage.code, JSON.parse(usage.stderr)]).toMatchObject([1, { error: { code: 'failed' } }]);
    const none = await run(data, ['goals', 'add', 'shop.example', '--name', 'X']);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('exactly one trigger')]);
    expect((await run(data, ['goals', 'add', 'shop.example', '--json-file', '-'], { input: '{' })).stderr).toContain(
      'is not JSON',
    );
  });

  test('export and import goals, repeating changes nothing', async () => {
    const { data } = folder();
    await run(data, ['site', 'add', 'one.example']);
    await run(data, ['site', 'add', 'two.example']);
    await run(data, ['goals', 'add', 'one.example', '--event', 'a']);
    await run(data, ['goals', 'add', 'one.example', '--element', '#b', '--name', 'b']);
    const list = join(data, 'goals.json');
    expect((await run(data, ['goals', 'export', 'one.example', '--to', list])).code).toBe(0);
    const first = await run(data, ['goals', 'import', 'two.example', list]);
    expect(first.stdout).toContain('2 goals created, 0 were there already (goalpost)');
    const second = await run(data, ['goals', 'import', 'two.example', list]);
    expect(second.stdout).toContain('0 goals created, 2 were there already');
  });

  test('back up and restore everything but salts', async () => {
    const { data } = folder();
    const site = (await run(data, ['site', 'add', 'kept.example', '--json'])).json<Site>();
    await run(data, ['goals', 'add', site.id, '--event', 'signup']);
    const backup = join(await dataFolder(), 'backup');
    expect((await run(data, ['backup', backup])).stderr).toBe('');
    expect(await readdir(backup)).toEqual(
      expect.arrayContaining(['backup.json', 'config.sqlite', 'events', 'scripts']),
    );
    const elsewhere = join(await dataFolder(), 'data');
    expect(await run(elsewhere, ['restore', backup])).toMatchObject({ code: 0, stderr: '' });
    expect((await run(elsewhere, ['goals', 'list', site.id])).stdout).toContain('signup');
    expect((await run(elsewhere, ['restore', backup])).stderr).toContain('has data already');
    expect(await readdir(join(elsewhere, 'scripts'))).toEqual(await readdir(join(backup, 'scripts')));
    await writeFile(join(data, 'note.txt'), '');
    expect((await run(data, ['backup', data])).stderr).toContain('not empty');
  });
});
