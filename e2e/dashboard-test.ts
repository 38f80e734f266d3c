/** The test of the dashboard's specs: a real server with an owner, a site with visitors, and a page that is watched. */

import { randomUUID } from 'node:crypto';
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test';
import { goalpost, goalpostApi, startGoalpost } from '../demo/goalpost.mjs';
import { newDataFolder, removeDataFolder } from './goalpost-server.ts';

export const OWNER = { email: 'anna@example.com', name: 'Anna', password: 'a goal is a sentence' };

/** A server that nobody has set up yet. */
export interface FreshServer {
  url: string;
  /** One-time link that makes the first owner. */
  setupUrl: string;
  /** Folder of its data. */
  data: string;
}

/** A server with an owner and one site. */
export interface Office {
  url: string;
  data: string;
  /** Id and domain of the site. */
  site: { id: string; key: string; domain: string };
  /** One call of the API with a key of the site; throws when it is refused. */
  call(method: string, path: string, body?: unknown): Promise<{ id: string; key: string }>;
}

/** One event as a browser would send it. */
export interface VisitorEvent {
  n: string;
  u: string;
  /** Members of the wire besides. */
  [member: string]: unknown;
}

/** Sends one batch of a visitor of their own, as the tracker would. */
export async function visit(office: Office, events: VisitorEvent[], { visitor = 1 } = {}): Promise<void> {
  const answer = await fetch(`${office.url}/e`, {
    method: 'POST',
    headers: {
      'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
      'x-forwarded-for': `81.2.69.${visitor}`,
    },
    body: JSON.stringify({
      v: 1,
      s: office.site.key,
      t: Date.now(),
      r: 0,
      l: 'en-GB',
      w: 1200,
      e: events.map((event) => ({ i: randomUUID(), a: 0, ...event })),
    }),
  });
  expect(answer.status, await answer.text()).toBe(202);
}

/** Logs the page's browser in as the owner. */
export async function logIn(page: Page, url: string): Promise<void> {
  await logInBy(page.request, url);
}

async function logInBy(request: APIRequestContext, url: string): Promise<void> {
  const { email, password } = OWNER;
  const answer = await request.post(`${url}/api/account/login`, { data: { email, password } });
  expect(answer.status()).toBe(200);
}

interface Fixtures {
  fresh: FreshServer;
  office: Office;
  /** Errors that a page may show: the browser itself tells of refusals that a test provokes. */
  watched: undefined;
}

export const test = base.extend<Fixtures>({
  // Before the page, so that the page with its open streams is gone when the server stops.
  fresh: async ({ browserName: _ }, use) => {
    const data = await newDataFolder();
    const server = await startGoalpost({ data, environment: { GOALPOST_RATE_LIMIT: 'off' } });
    await use({ url: server.url, setupUrl: String(server.setupUrl), data });
    await server.stop();
    await removeDataFolder(data);
  },
  office: async ({ fresh, page }, use) => {
    const { url, data, setupUrl } = fresh;
    const token = new URL(setupUrl).searchParams.get('token');
    const joined = await page.request.post(`${url}/api/account/join`, { data: { token, ...OWNER } });
    expect(joined.status()).toBe(201);
    const domain = 'shop.example';
    const site = await goalpost(['site', 'add', domain], { data });
    const { key } = await goalpost(
      ['key', 'create', '--site', site.id, '--scopes', 'goals:read,goals:write,stats:read'],
      {
        data,
      },
    );
    const api = goalpostApi({ url, key });
    await use({ url, data, site: { id: site.id, key: site.key, domain }, call: (...call) => api.call(...call) });
  },
  /** No error, no policy report and no request to another host, whatever else a test shows. */
  watched: [
    async ({ fresh, page }, use) => {
      const seen: string[] = [];
      const provoked = /status of (401|403|404|409|422)/;
      page.on('pageerror', (error) => seen.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !provoked.test(message.text())) seen.push(message.text());
      });
      page.on('request', (request) => {
        if (/^https?:/.test(request.url()) && !request.url().startsWith(`${fresh.url}/`)) seen.push(request.url());
      });
      await use(undefined);
      expect(seen).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
