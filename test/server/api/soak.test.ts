/** A server that is asked anything for long: requests at random from its own OpenAPI document, and beacons of any content. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { goalpost } from '../../../demo/goalpost.mjs';
import { batch, event } from '../collector/hostile-batch.ts';
import { CHROME } from './dialects/clients.ts';
import { type Operation, type RandomRequest, requestOf } from './from-schema.ts';

const MAIN = join(import.meta.dirname, '../../../dist/cli/bin.cjs');
const TELL_MEMORY = join(import.meta.dirname, 'tell-memory.mjs');
const LONG = process.env.GOALPOST_LONG === '1';
const REQUESTS = Number(process.env.GOALPOST_REQUESTS ?? (LONG ? 200_000 : 3_500));
/** Of ten requests; what else there is `bad-input.test.ts` asks every route. */
const BEACONS = LONG ? 7 : 9;
const AT_ONCE = LONG ? 16 : 48;
const ROUND = LONG ? 2_000 : 500;
/** What the JavaScript of the server may remember, young and old. One that forgets nothing dies of it in the long run. */
const HEAP_MB = 160;
/**
 * What the process may have in all: its own and the engine's code 200, JavaScript as above and its young, the engine's own
 * limit of 180, and what allocators keep. That comes in steps, so how it grows is judged over a long run only, by quarters.
 */
const MOST_BYTES = 700 * 1_048_576;
const GROWTH_BYTES = 64 * 1_048_576;
/**
 * What a request may leave behind in JavaScript, garbage collected: visitors, views and ids are remembered up to their bounds,
 * some 1,000 bytes a request while there is room. So many requests warm up: code is compiled, connections are opened.
 */
const LEFT_BYTES = 2_560;
const WARM_UP = 1_000;
const MB = 1_048_576;

/** Nothing to wait for, nothing left to ask, files wherever they say, or the pages of others. */
const LEFT_OUT = [
  'get /api/sites/{site}/live',
  'delete /api/sites/{site}',
  'post /api/backup',
  'post /api/sites/{site}/diagnosis',
];

interface Served {
  url: string;
  child: ChildProcess;
  key: string;
  site: string;
  goal: string;
}

/** The built server, in a process that may remember so much, with a site and a goal. */
async function serve(): Promise<Served> {
  const data = await mkdtemp(join(tmpdir(), 'goalpost-soak-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const { id: site } = await goalpost(['site', 'add', 'shop.example'], { data });
  const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
  const env = {
    ...process.env,
    GOALPOST_LOG: 'error',
    GOALPOST_DATA: data,
    GOALPOST_PORT: '0',
    GOALPOST_RATE_LIMIT: 'off',
  };
  const flags = [`--max-old-space-size=${HEAP_MB}`, '--expose-gc', '--import', TELL_MEMORY];
  const child = spawn(process.execPath, [...flags, MAIN, 'serve', '--json'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill();
    await once(child, 'exit');
  });
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { url } = JSON.parse(line) as { url: string };
  const made = await fetch(`${url}/api/sites/${site}/goals`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify({ name: 'Buy', trigger: { type: 'revenue', name: 'buy' } }),
  });
  return { url, child, key, site, goal: ((await made.json()) as { id: string }).id };
}

/** Any request that the document describes, and beacons, in the proportion above. */
async function anything({ url, site, goal }: Served): Promise<fc.Arbitrary<RandomRequest>> {
  const { paths } = (await (await fetch(`${url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const names = {
    site: [site],
    goal: [goal],
    site_id: [site],
    websiteId: [site],
    website: [site],
    project: [site],
    portal: ['1'],
  };
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => !LEFT_OUT.includes(`${method} ${path}`))
      .map(([method, operation]) => requestOf([path, method], operation, names)),
  );
  expect(operations.length).toBeGreaterThan(100);
  const beacon = fc.record({ around: batch, e: fc.array(event, { maxLength: 5 }) }).map(({ around, e }) => {
    const events = e.map((one) => (one.i === 'fresh' ? { ...one, i: crypto.randomUUID() } : one));
    return { method: 'POST', path: '/e', body: JSON.stringify({ ...around, v: 1, s: 'shop.example', e: events }) };
  });
  return fc.oneof({ weight: BEACONS, arbitrary: beacon }, { weight: 10 - BEACONS, arbitrary: fc.oneof(...operations) });
}

/** Sends it from one of some thousand addresses; answers the status, and the text of what should not be. */
function send({ url, key }: Served, { method, path, body }: RandomRequest, agent: Agent): Promise<[number, string]> {
  const scheme = path.startsWith('/pagesense') ? 'Zoho-oauthtoken' : 'Bearer';
  const address = `10.0.${Math.floor(Math.random() * 16)}.${Math.floor(Math.random() * 256)}`;
  const headers: Record<string, string> = { 'user-agent': CHROME, 'x-forwarded-for': address };
  if (path !== '/e') headers.authorization = `${scheme} ${key}`;
  if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  return new Promise((resolve, reject) => {
    const asking = request(`${url}${path}`, { method, headers, agent }, (answer) => {
      let said = '';
      answer.on('data', (chunk) => {
        if (answer.statusCode! >= 500) said += chunk;
      });
      answer.on('end', () => resolve([answer.statusCode!, said]));
    });
    asking.on('error', reject).end(body);
  });
}

async function residentBytes(pid: number): Promise<number> {
  return Number(/^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
}

/** What was retained after so many requests. */
interface Retained {
  asked: number;
  bytes: number;
}

const inMb = (bytes: number): number => Math.round(bytes / MB);

/** Bytes of JavaScript's objects and buffers that the server holds on to. */
async function retainedBytes({ child }: Served): Promise<number> {
  const told = once(child, 'message') as Promise<[NodeJS.MemoryUsage]>;
  child.send('memory');
  const [{ heapUsed, external }] = await told;
  return heapUsed + external;
}

/** The median of one quarter of the run, of 0 to 3. */
function middleOf(memory: readonly number[], quarter: number): number {
  const [from, to] = [quarter, quarter + 1].map((edge) => Math.floor((memory.length * edge) / 4)) as [number, number];
  const part = memory.slice(from, Math.max(to, from + 1)).toSorted((one, other) => one - other);
  return part[Math.floor(part.length / 2)]!;
}

test(`${REQUESTS} requests of any content get no 5xx, and leave the server no larger`, {
  timeout: 14_400_000,
}, async () => {
  const server = await serve();
  const requests = await anything(server);
  const seed = Number(process.env.GOALPOST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  onTestFinished(() => agent.destroy());
  const statuses = new Map<number, number>();
  const memory: number[] = [];
  const retained: Retained[] = [];
  for (let round = 0; round * ROUND < REQUESTS; round += 1) {
    const waiting = fc.sample(requests, { numRuns: ROUND, seed: seed + round });
    const lane = async () => {
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const [status, said] = await send(server, next, agent);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // Too many questions at once are told to come again, and do.
        if (status === 503 && said.includes('"overloaded"')) {
          waiting.unshift(next);
          continue;
        }
        expect(status < 500 ? '' : `seed ${seed + round}: ${JSON.stringify(next)}: ${status} ${said}`).toBe('');
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    memory.push(await residentBytes(server.child.pid!));
    const asked = (round + 1) * ROUND;
    if (LONG || asked === WARM_UP) retained.push({ asked, bytes: await retainedBytes(server) });
    if (LONG)
      console.log(`${asked} requests, ${inMb(memory.at(-1)!)} MB, ${inMb(retained.at(-1)!.bytes)} of them retained`);
  }
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status} × ${count}`);
  console.log(`seed ${seed}: ${counts.join(', ')}`);
  expect(statuses.get(202)).toBeGreaterThan(REQUESTS / 10);
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 100);
  const quarters = [0, 1, 2, 3].map((quarter) => middleOf(memory, quarter));
  const last = { asked: REQUESTS, bytes: await retainedBytes(server) };
  const warm = retained.find(({ asked }) => asked >= (LONG ? REQUESTS / 2 : WARM_UP))!;
  const left = (last.bytes - warm.bytes) / (last.asked - warm.asked);
  console.log(
    `memory by quarters, MB: ${quarters.map(inMb).join(', ')}; retained ${inMb(warm.bytes)} after ${warm.asked},`,
    `${inMb(last.bytes)} at the end: ${Math.round(left)} bytes a request`,
  );
  expect(left).toBeLessThan(LEFT_BYTES);
  expect(quarters[3]).toBeLessThan(MOST_BYTES);
  if (LONG) expect(quarters[3]! - quarters[2]!).toBeLessThan(GROWTH_BYTES);
  const text = await (await fetch(`${server.url}/metrics`)).text();
  expect(Number(/^goalpost_events_accepted_total (\d+)$/m.exec(text)?.[1])).toBeGreaterThan(0);
  expect(server.child.exitCode).toBeNull();
});
