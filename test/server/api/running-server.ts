/** A real server on a free port with a data folder of its own, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Site } from '../../../src/core/site.ts';
import { readConfig } from '../../../src/server/config.ts';
import { openLog } from '../../../src/server/log.ts';
import { type RunningServer, startServer } from '../../../src/server/serve.ts';

/** What a request answered. */
export interface Response {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON. Throws when it is none. */
  json<T = Record<string, unknown>>(): T;
}

/** A server under test. */
export interface TestServer extends RunningServer {
  data_dir: string;
  ask(method: string, path: string, sent?: Sent): Promise<Response>;
  /** A new site with a key of the scopes given. */
  addSite(domain: string, scopes?: string[]): Promise<{ site: Site; key: string }>;
  addKey(site: string | null, scopes: string[]): Promise<string>;
  /** Stops it and removes its data. */
  remove(): Promise<void>;
}

/** What a request sends besides method and path. */
export interface Sent {
  key?: string | undefined;
  body?: unknown;
  /** Instead of `body`: the text as it is. */
  text?: string;
  headers?: Record<string, string>;
}

/** What a question is answered that waited its ten seconds for the event store. */
const BEHIND = 'The event store is behind.';

export const EVERY_SCOPE = ['goals:read', 'goals:write', 'stats:read', 'events:write'];

/** What tests need, not owners: no limits, and passwords that are hashed in a twentieth of a second. */
const LIGHT = { GOALPOST_RATE_LIMIT: 'off', GOALPOST_PASSWORD_COST: '14' };

/** Starts one. Limits are off unless `environment` says otherwise. */
export async function startTestServer(environment: Record<string, string> = {}): Promise<TestServer> {
  const data_dir = await mkdtemp(join(tmpdir(), 'goalpost-api-'));
  const config = readConfig({ port: '0', data: data_dir }, { ...LIGHT, ...environment });
  const server = await startServer(config, openLog('silent'));
  const { sites, keys } = server.app.backend;
  const origin = { origin: 'test' };
  const addKey = async (site: string | null, scopes: string[]) => (await keys.create({ site, scopes }, origin)).key;
  return {
    ...server,
    data_dir,
    ask: (method, path, sent) => ask(`${server.url}${path}`, method, sent),
    addKey,
    async addSite(domain, scopes = EVERY_SCOPE) {
      const site = await sites.create({ domains: [domain], name: domain }, origin);
      return { site, key: await addKey(site.id, scopes) };
    },
    async remove() {
      await server.stop();
      await rm(data_dir, { recursive: true, force: true });
    },
  };
}

/** A server that lives as long as the test that calls this. */
export async function serverOfTest(environment?: Record<string, string>): Promise<TestServer> {
  const server = await startTestServer(environment);
  onTestFinished(() => server.remove());
  return server;
}

async function ask(url: string, method: string, sent: Sent = {}): Promise<Response> {
  const { key, body, headers, text = body === undefined ? undefined : JSON.stringify(body) } = sent;
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const received = await answer.text();
  // What waited too long for what was acknowledged, on a machine with much else to do, is told to come again.
  if (method === 'GET' && received.includes(BEHIND)) return ask(url, method, sent);
  return { status: answer.status, headers: answer.headers, text: received, json: () => JSON.parse(received) };
}
