/**
 * The test of the dashboard's specs: a real server with an owner a worker, a site a test, and a page that is watched.
 * `freshTest` has a server of its own instead, which nobody has set up yet.
 */

import { randomUUID } from 'node:crypto';
import { test as base, expect, type Page } from '@playwright/test';
import { goalpostApi, startGoalpost } from '../demo/goalpost.mjs';
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

/** A server with an owner. */
interface House {
  url: string;
  /** A key for everything. */
  key: string;
  /** The owner's id. */
  owner: string;
}

/** The site of a test, on a server with an owner and no other site. */
export interface Office {
  url: string;
  /** A key for everything, beyond the site. */
  adminKey: string;
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
  const { email, password } = OWNER;
  const answer = await page.request.post(`${url}/api/account/login`, { data: { email, password } });
  expect(answer.status()).toBe(200);
}

/** Somebody who was invited, whose browser is logged in as them from here on. */
export async function joinAs(page: Page, office: Office, person: { email: string; role: string; password: string }) {
  const { password, ...invited } = person;
  const { url } = await goalpostApi({ url: office.url, key: office.adminKey }).call(
    'POST',
    '/api/members/invitations',
    invited,
  );
  const token = new URL(url).searchParams.get('token');
  const joined = await page.request.post(`${office.url}/api/account/join`, { data: { token, password } });
  expect(joined.status()).toBe(201);
}

/** A server on a folder of its own for as long as it is used. */
async function withServer(use: (server: FreshServer) => Promise<void>): Promise<void> {
  const data = await newDataFolder();
  const server = await startGoalpost({
    data,
    environment: { GOALPOST_RATE_LIMIT: 'off', GOALPOST_PASSWORD_COST: '14' },
  });
  await use({ url: server.url, setupUrl: String(server.setupUrl), data });
  await server.stop();
  await removeDataFolder(data);
}

/** Makes the first owner as the set-up view does, and a key by that login. */
async function moveIn({ url, setupUrl }: FreshServer): Promise<House> {
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const token = new URL(setupUrl).searchParams.get('token');
  const joined = await post('/api/account/join', { token, ...OWNER });
  expect(joined.status).toBe(201);
  const { csrf_token, member } = await joined.json();
  const cookie = joined.headers.getSetCookie().map((set) => set.split(';')[0]);
  const headers = { cookie: cookie.join('; '), 'x-csrf-token': csrf_token };
  const made = await post('/api/keys', { site: null, scopes: ['admin'] }, headers);
  expect(made.status).toBe(201);
  return { url, key: (await made.json()).key, owner: member.id };
}

/** Leaves the server to the next test as this one found it. */
async function moveOut({ url, key, owner }: House): Promise<void> {
  const api = goalpostApi({ url, key });
  for (const { id } of (await api.call('GET', '/api/sites')).sites) await api.call('DELETE', `/api/sites/${id}`);
  for (const { id } of (await api.call('GET', '/api/members')).members) {
    if (id !== owner) await api.call('DELETE', `/api/members/${id}`);
  }
}

interface Fixtures {
  fresh: FreshServer;
  office: Office;
  /** The server whose pages are watched. */
  home: { url: string };
  /** Errors that a page may show: the browser itself tells of refusals that a test provokes. */
  watched: undefined;
}

export const test = base.extend<Fixtures, { house: House }>({
  house: [
    // Playwright wants a pattern here, the linter no empty one: so it names what it does not use.
    async ({ browserName: _ }, use) => withServer(async (server) => use(await moveIn(server))),
    { scope: 'worker' },
  ],
  fresh: async ({ browserName: _ }, use) => withServer(use),
  home: async ({ house }, use) => use(house),
  office: async ({ house, page }, use) => {
    const { url } = house;
    await logIn(page, url);
    const domain = 'shop.example';
    const account = goalpostApi({ url, key: house.key });
    const site = await account.call('POST', '/api/sites', { domains: [domain] });
    const scopes = ['goals:read', 'goals:write', 'stats:read'];
    const { key } = await account.call('POST', '/api/keys', { site: site.id, scopes });
    const api = goalpostApi({ url, key });
    const known = { id: site.id, key: site.key, domain };
    await use({ url, adminKey: house.key, site: known, call: (...call) => api.call(...call) });
    await moveOut(house);
  },
  /** No error, no policy report and no request to another host, whatever else a test shows. */
  watched: [
    async ({ home, page }, use) => {
      const seen: string[] = [];
      const provoked = /status of (401|403|404|409|422)/;
      page.on('pageerror', (error) => seen.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' && !provoked.test(message.text())) seen.push(message.text());
      });
      page.on('request', (request) => {
        if (/^https?:/.test(request.url()) && !request.url().startsWith(`${home.url}/`)) seen.push(request.url());
      });
      await use(undefined);
      expect(seen).toEqual([]);
    },
    { auto: true },
  ],
});

/** For what happens before anybody has an account; the server is the test's own. */
export const freshTest = test.extend({
  home: async ({ fresh }, use) => use(fresh),
});

export { expect };
