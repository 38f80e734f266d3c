/** What is deployed: the files of `demo/deploy` name what there is, and are well formed where their tools are at hand. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Sent, serverOfTest } from './server/api/running-server.ts';
import { ROOT } from './tidy/source-files.ts';

const FOLDER = join(ROOT, 'demo/deploy');
const files = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map(({ name }) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));
const textOf = (name: string): string => files.find((file) => file.name === name)?.text ?? '';
const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: { goalpost: string } };

/** Whether a tool runs here. */
const has = (tool: string): boolean => spawnSync(tool, ['--version']).status === 0;

describe('what is deployed', () => {
  test.each(['Dockerfile', 'goalpost.service'])('%s starts the command that the package has', (name) => {
    expect(textOf(name)).toContain(bin.goalpost);
    expect(textOf(name).match(/dist\/[\w/.-]*\.(js|cjs)/g)).toEqual([bin.goalpost]);
  });

  test('names no setting that the server does not read', () => {
    const config = readFileSync(join(ROOT, 'src/server/config.ts'), 'utf8');
    const named = files.flatMap(({ text }) => text.match(/GOALPOST_[A-Z_]+/g) ?? []);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !config.includes(name))).toEqual([]);
  });

  test('gives a stop longer than draining takes', () => {
    const limits = readFileSync(join(ROOT, 'src/core/limits.ts'), 'utf8');
    const drain_s = Number(/STOP_DRAIN_MS = ([\d_]+)/.exec(limits)?.[1]?.replaceAll('_', '')) / 1_000;
    expect(Number(/TimeoutStopSec=(\d+)/.exec(textOf('goalpost.service'))?.[1])).toBeGreaterThan(drain_s);
    expect(Number(/stop_grace_period: (\d+)s/.exec(textOf('compose.yaml'))?.[1])).toBeGreaterThan(drain_s);
  });

  test('the Dockerfile copies what there is', () => {
    const copied = [...textOf('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
      String(names).split(' '),
    );
    expect(copied.length).toBeGreaterThan(3);
    expect(copied.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });

  test('the nginx location hands on every path of a page, and none that needs a key', async () => {
    const pattern = /location ~ (\S+) \{/.exec(textOf('nginx-first-party.conf'))?.[1] ?? '';
    const location = new RegExp(pattern);
    const server = await serverOfTest();
    const { site } = await server.addSite('shop.example');
    const paths: [string, string, Sent][] = [
      ['GET', '/stats/tracker.js', {}],
      ['GET', '/stats/tracker-debug.js', {}],
      ['GET', '/stats/compat.js', {}],
      ['GET', '/stats/picker.js', {}],
      ['POST', '/stats/api/picker/goals', { text: 'x' }],
      ['GET', `/stats/plan/${site.key}`, {}],
      ['POST', '/stats/e', { text: 'x' }],
    ];
    for (const [method, path, sent] of paths) {
      const handed = location.exec(path)?.groups?.goalpost;
      const answer = await server.ask(method, `/${handed}`, sent);
      expect([path, answer.status]).toEqual([path, method === 'POST' ? 400 : 200]);
    }
    for (const path of ['/stats/api/sites', '/stats/metrics', '/stats/', '/stats/tracker.js/../api']) {
      expect([path, location.test(path)]).toEqual([path, false]);
    }
  });

  test('compose.yaml is one that docker reads, where there is docker', () => {
    if (!has('docker')) return;
    const read = spawnSync('docker', ['compose', '-f', join(FOLDER, 'compose.yaml'), 'config', '-q'], {
      encoding: 'utf8',
    });
    if (/is not a docker command|unknown shorthand/.test(read.stderr)) return;
    expect([read.status, read.stderr]).toEqual([0, '']);
  });

  test('goalpost.service is one that systemd reads, where there is systemd', () => {
    if (!has('systemd-analyze')) return;
    const read = spawnSync('systemd-analyze', ['verify', '--man=no', join(FOLDER, 'goalpost.service')], {
      encoding: 'utf8',
    });
    expect(read.stderr.split('\n').filter((line) => line.includes('goalpost.service'))).toEqual([]);
  });
});
