/** A whole collector in a temporary folder: real configuration, real event store, and its handler on a port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { BeaconAnswer, BeaconEvent } from '../../../src/core/beacon.ts';
import { createBeaconHandler } from '../../../src/server/collector/beacon-handler.ts';
import { type Collector, createCollector } from '../../../src/server/collector/collector.ts';
import { type Configuration, openConfiguration } from '../../../src/server/goals/configuration.ts';
import { openLog } from '../../../src/server/log.ts';
import { DuckdbStore } from '../../../src/server/store/duckdb-store.ts';

export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36';
export const NOON = Date.UTC(2026, 4, 1, 12);
const ORIGIN = { origin: 'test' };

let made = 0;

/** A UUIDv7-like id that no other call gives. */
export function freshId(): string {
  made += 1;
  return `01970000-0000-7000-8000-${made.toString(16).padStart(12, '0')}`;
}

/** What a request to the running collector may differ in. */
export interface Posting {
  address?: string;
  user_agent?: string;
  /** Members of the batch itself. */
  batch?: Record<string, unknown>;
}

/** A collector that listens. */
export interface Running {
  collector: Collector;
  configuration: Configuration;
  store: DuckdbStore;
  folder: string;
  /** Turned by tests. */
  clock: { ms: number };
  url: string;
  /** Sends events of the site shop.example as one batch. */
  post: (events: Partial<BeaconEvent>[], posting?: Posting) => Promise<{ status: number; answer: BeaconAnswer }>;
  /** Rows of the event store, after everything acknowledged is in it. */
  rows: <T>(sql: string) => Promise<T[]>;
  /** Creates a goal of shop.example and answers its id. */
  goal: (definition: Record<string, unknown>) => Promise<string>;
  /** Stops the collector and starts another on the same folder. */
  restart: () => Promise<void>;
}

/** A pageview of the start page unless told otherwise. */
export function view(known: Partial<BeaconEvent> = {}): Partial<BeaconEvent> {
  const i = freshId();
  return { i, n: '$pageview', a: 0, pv: known.i ?? i, u: 'https://shop.example/', ...known };
}

/** Serves whichever collector is running. */
async function listen(
  running: { collector: Collector },
  clock: { ms: number },
): Promise<{ server: Server; url: string }> {
  const handler = createBeaconHandler({
    receive: (body, requester, answered) => running.collector.receive(body, requester, answered),
    clientAddress: running.collector.clientAddress,
    clock: () => clock.ms,
    refuse: (problem) => ({
      status: problem.status,
      headers: problem.retry_after_s === undefined ? {} : { 'Retry-After': String(problem.retry_after_s) },
      body: JSON.stringify({ error: { code: problem.code } }),
    }),
    other: (_body, _request, response) => response.writeHead(299).end('other'),
    onFailure: (error) => {
      throw error;
    },
  });
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/e` };
}

/** Opens everything; `site` are further members of the site. */
export async function runCollector(site: Record<string, unknown> = {}): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-collector-'));
  const clock = { ms: NOON };
  const configuration = await openConfiguration({
    path: join(folder, 'config.sqlite'),
    now: () => clock.ms,
  });
  const { id: siteId } = await configuration.sites.create({ domains: ['shop.example'], ...site }, ORIGIN);
  const store = new DuckdbStore({ path: join(folder, 'events.duckdb'), threads: 1 });
  await store.open();
  const open = (): Promise<Collector> =>
    createCollector({
      registry: configuration.registry,
      store,
      salts: configuration.salts,
      config: { data_dir: folder, trusted_proxies: ['loopback'], rate_limit: true, geo_file: null },
      clock: () => clock.ms,
      log: openLog('silent'),
    });
  const running = { collector: await open() };
  const { server, url } = await listen(running, clock);
  onTestFinished(async () => {
    await new Promise((resolve) => server.close(resolve));
    await running.collector.stop();
    await store.close();
    await configuration.close();
    await rm(folder, { recursive: true });
  });
  return Object.assign(running, {
    configuration,
    store,
    folder,
    clock,
    url,
    async post(events: Partial<BeaconEvent>[], posting: Posting = {}) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'text/plain',
          'user-agent': posting.user_agent ?? CHROME,
          'x-forwarded-for': posting.address ?? '198.51.100.1',
        },
        body: JSON.stringify({ v: 1, s: 'shop.example', t: clock.ms, r: 0, e: events, ...posting.batch }),
      });
      return { status: response.status, answer: (await response.json()) as BeaconAnswer };
    },
    async rows<T>(sql: string) {
      // A busy machine may take longer than the ten seconds that a question waits.
      await running.collector.fresh().catch(() => running.collector.drain.caughtUp());
      return store.query<T>(sql, []);
    },
    async goal(definition: Record<string, unknown>) {
      const { goal } = await configuration.goals.create(siteId, definition, ORIGIN);
      return goal.id;
    },
    async restart() {
      await running.collector.stop();
      running.collector = await open();
    },
  });
}
