/** A real server, and what clients of Sparklytics send to it: each test has a site of its own. */
import { afterAll, beforeAll } from 'vitest';
import { startTestServer, type TestServer } from '../running-server.ts';
import { CHROME } from './clients.ts';

export let server: TestServer;
export let key: string;
export let site: string;
export let domain: string;
let sites = 0;

/** Gives the file that calls this a server, as long as its tests last. */
export function withServer(): void {
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.remove());
}

/** Makes the site that everything from here on is about. */
export async function newSite(): Promise<void> {
  sites += 1;
  domain = `collect${sites}.example`;
  const added = await server.addSite(domain);
  key = added.key;
  site = added.site.id;
}

/** What a page's script says of itself. */
export const headers = { 'user-agent': CHROME, 'content-type': 'text/plain' };
/** Sends what a page would. */
export const send = (path: string, body: unknown) => server.ask('POST', path, { headers, text: JSON.stringify(body) });

/** What a page sends when it is seen. */
export const viewed = (more: Record<string, unknown> = {}) => ({
  website_id: site,
  type: 'pageview',
  url: '/',
  ...more,
});
/** What a page sends when something was done. */
export const did = (event_name: string, more: Record<string, unknown> = {}) =>
  viewed({ type: 'event', event_name, ...more });

/** Makes a goal; resolves to its id. */
export async function goal(body: Record<string, unknown>): Promise<string> {
  const answer = await server.ask('POST', `/api/websites/${site}/goals`, { key, body });
  return answer.json<{ data: { id: string } }>().data.id;
}

/** The `data` of an answer about the site. */
export async function dataOf<T>(path: string): Promise<T> {
  return (await server.ask('GET', `/api/websites/${site}/${path}`, { key })).json<{ data: T }>().data;
}
