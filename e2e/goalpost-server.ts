/** The real, built server in a folder of its own, and sites on it, as the tests need them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { goalpost, goalpostApi, startGoalpost } from '../demo/goalpost.mjs';

/** A server process and what it owns. */
export interface GoalpostServer {
  url: string;
  /** Folder of its data. */
  data: string;
  /** A key for every site, made by the command line beside the server. */
  accountKey: string;
  /** Kills the process on the spot, as a power cut would. */
  kill(): Promise<void>;
  /** Lets it finish and waits for its end. */
  stop(): Promise<void>;
}

/** Revenue in one currency, decimal strings. */
export interface Revenue {
  currency: string;
  total: string;
  net: string;
}

/** What tests read of a goal's statistics. */
export interface GoalStatistics {
  conversions: number;
  converting_sessions: number;
  total_sessions: number;
  revenue: Revenue[];
}

/** A site on a server, with a key for its goals. */
export interface TestSite {
  id: string;
  /** Public key. */
  key: string;
  /** One API request; status and JSON. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Creates a goal; throws with the server's words when it is refused. */
  goal(definition: Record<string, unknown>): Promise<string>;
  /** A goal's statistics, everything acknowledged so far included. */
  statistics(goal: string): Promise<GoalStatistics>;
  /** The same site and key where the server listens after a restart. */
  at(url: string): TestSite;
}

/** A new folder for a server's data. */
export function newDataFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'goalpost-e2e-'));
}

/** Removes a folder that `newDataFolder` made. */
export function removeDataFolder(data: string): Promise<void> {
  return rm(data, { recursive: true, force: true, maxRetries: 3 });
}

/** Starts the built server on a free port, without limits on rates; `accountKey`: one that a run before it has made. */
export async function openServer(data: string, accountKey?: string): Promise<GoalpostServer> {
  const server = await startGoalpost({ data, environment: { GOALPOST_RATE_LIMIT: 'off' } });
  const newKey = async () => (await goalpost(['key', 'create', '--scopes', 'admin'], { data })).key;
  return {
    url: server.url,
    data,
    accountKey: accountKey ?? (await newKey()),
    async kill() {
      server.child.kill('SIGKILL');
      await server.ended;
    },
    stop: server.stop,
  };
}

let sites = 0;

/** Adds a site and a key for it, and speaks to the API with that key. */
export async function addSite(server: GoalpostServer): Promise<TestSite> {
  sites += 1;
  const account = goalpostApi({ url: server.url, key: server.accountKey });
  const site = await account.call('POST', '/api/sites', { domains: [`shop-${process.pid}-${sites}.example`] });
  const scopes = ['goals:read', 'goals:write', 'stats:read'];
  const { key } = await account.call('POST', '/api/keys', { site: site.id, scopes });
  return siteWith({ id: site.id, key: site.key, apiKey: key }, server.url);
}

/** A site as tests use it, through the API at that base URL. */
function siteWith(known: { id: string; key: string; apiKey: string }, url: string): TestSite {
  const api = goalpostApi({ url, key: known.apiKey });
  const goals = `/api/sites/${known.id}/goals`;
  return {
    id: known.id,
    key: known.key,
    request: (method, path, body) => api.request(method, path, body),
    goal: async (definition) => (await api.call('POST', goals, definition)).id,
    statistics: (goal) => api.call('GET', `${goals}/${goal}/stats?fresh=true`),
    at: (elsewhere) => siteWith(known, elsewhere),
  };
}
