/**
 * A site as a user of another product has it: that product's script in its pages, that product's key for its API, and
 * pages that have everything a goal of it can look at.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import { goalpostApi } from '../demo/goalpost.mjs';
import type { Goal } from '../src/core/goal.ts';
import type { GoalpostServer } from './goalpost-server.ts';

/** How a product's clients say who they are, and how its users write the script's element. */
export interface Product {
  /** Beginning of its keys. */
  prefix: string;
  headers(key: string, site: SiteNames): Record<string, string>;
  script(site: SiteNames, source: string): string;
  /** Where its goals are made, and the status of one that was. */
  goals(site: SiteNames): string;
  method: 'PUT' | 'POST';
  created: number;
}

/** What a site is known by. */
export interface SiteNames {
  id: string;
  key: string;
  domain: string;
}

/** What an API answered. */
export interface Answered {
  status: number;
  body: Record<string, unknown>;
}

/** A site whose owner speaks one product's API. */
export interface DialectSite extends SiteNames {
  /** Address of its pages; the other has a host of its own. */
  origin: string;
  otherOrigin: string;
  /** One request as the product's clients send it. */
  ask(method: string, path: string, body?: unknown): Promise<Answered>;
  /** One request natively. */
  native<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Every goal natively, newest first. */
  goals(): Promise<Goal[]>;
  /** Conversions by the goal's name, everything acknowledged included. */
  conversions(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

export const PRODUCTS = {
  plausible: {
    prefix: 'plausible-plugin-selfhost-',
    headers: (key, { domain }) => ({
      authorization: `Basic ${Buffer.from(`${domain}:${key}`).toString('base64')}`,
    }),
    script: ({ domain }, source) =>
      `<script defer data-domain="${domain}" data-allow-automation src="${source}"></script>`,
    goals: () => '/api/plugins/v1/goals',
    method: 'PUT',
    created: 201,
  },
  pagesense: {
    prefix: '1000.',
    headers: (key) => ({ authorization: `Zoho-oauthtoken ${key}` }),
    script: ({ key }, source) => `<script async data-allow-automation src="${source}?site=${key}"></script>`,
    goals: ({ key }) => `/pagesense/rest/v1/portal/acme/projectgoals/${key}`,
    method: 'POST',
    created: 201,
  },
  sparklytics: {
    prefix: 'spk_selfhosted_',
    headers: bearer,
    script: ({ id }, source) => `<script defer data-website-id="${id}" data-allow-automation src="${source}"></script>`,
    goals: ({ id }) => `/api/websites/${id}/goals`,
    method: 'POST',
    created: 201,
  },
  datafast: {
    prefix: 'df_',
    headers: bearer,
    script: ({ id, domain }, source) =>
      `<script>window.goalpost = { store: 'local' }</script>
       <script defer data-website-id="${id}" data-domain="${domain}" data-allow-automation src="${source}"></script>`,
    goals: () => '/api/v1/goals',
    method: 'POST',
    created: 200,
  },
  mida: {
    prefix: 'mida_',
    headers: (key) => ({ 'x-api-key': key }),
    script: ({ key }, source) => `<script async data-allow-automation src="${source}?key=${key}"></script>`,
    goals: ({ key }) => `/v2/project/${key}/goal`,
    method: 'POST',
    created: 200,
  },
} as const satisfies Record<string, Product>;

/** Everything that a goal can look at, on every page; what appears later is added by the tests. */
const BODY = `<a id="next" href="/next">Next</a> <a id="partner" href="//127.0.0.1:PORT/partner">Partner</a>
  <button class="cta" data-testid="buy">Buy <b>now</b></button> <button id="text">Start   <i>Free</i> Trial</button>
  <iframe name="sent" hidden></iframe>
  <form id="signup" target="sent" action="/sent"><input name="mail" aria-label="Mail"><button>Sign up</button></form>
  <div style="height:3000px"></div><p id="end">End</p>`;

let sites = 0;

/** Adds a site with a key of the product, and serves its pages under two hosts. */
export async function openSite(server: GoalpostServer, product: Product): Promise<DialectSite> {
  sites += 1;
  const domain = `dialect-${process.pid}-${sites}.example`;
  const account = goalpostApi({ url: server.url, key: server.accountKey });
  const allowed_hosts = ['localhost', '127.0.0.1', domain];
  const { id, key: publicKey } = await account.call('POST', '/api/sites', { domains: [domain], allowed_hosts });
  const names: SiteNames = { id, key: publicKey, domain };
  const scopes = ['goals:read', 'goals:write', 'stats:read', 'events:write'];
  const own = `${product.prefix}${randomBytes(16).toString('hex')}`;
  await account.call('POST', '/api/keys', { site: id, scopes, as: own });
  const native = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    account.call(method, `/api/sites/${id}${path}`, body);
  const pages = await servePages(
    (port) => product.script(names, `${server.url}/compat.js`) + BODY.replace('PORT', port),
  );
  const goals = async () => (await native<{ goals: Goal[] }>('GET', '/goals?limit=500')).goals;
  return {
    ...names,
    ...pages,
    native,
    goals,
    async ask(method, path, body) {
      const answer = await fetch(server.url + path, {
        method,
        headers: { ...product.headers(own, names), 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    },
    async conversions() {
      const known = new Map((await goals()).map((goal) => [goal.id, goal.name]));
      const counted = await native<{ goals: { goal_id: string; conversions: number }[] }>(
        'GET',
        '/goals/stats?fresh=true',
      );
      return Object.fromEntries(counted.goals.map((line) => [known.get(line.goal_id) ?? '', line.conversions]));
    },
  };
}

/** One page at every path, under `localhost` and under its address. */
async function servePages(html: (port: string) => string) {
  const server: Server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    const { port } = server.address() as AddressInfo;
    response.end(request.url === '/sent' ? 'Sent' : `<!doctype html><title>Page</title>${html(String(port))}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    otherOrigin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A visit of the site's pages. */
export class Visit {
  readonly page: Page;
  private readonly site: DialectSite;

  constructor(page: Page, site: DialectSite) {
    this.page = page;
    this.site = site;
  }

  /** Loads a page of the site once what the page before saw has been answered. */
  async load(path: string, origin = this.site.origin): Promise<void> {
    if (this.page.url().startsWith('http')) await this.sent();
    await this.page.goto(origin + path);
    await this.page.waitForFunction('window.tracker && tracker.explain');
  }

  /** Shows a route without loading it, as single-page applications do. */
  async route(path: string): Promise<void> {
    await this.page.evaluate((to) => history.pushState(null, '', to), path);
  }

  /** Runs what the page's own code says to the product's script. */
  async say(code: string): Promise<void> {
    await this.page.evaluate(code);
  }

  /** Everything that the page has seen has been answered. */
  async sent(): Promise<void> {
    await this.page.evaluate(() => window.tracker.flush());
  }
}

/** Expects each goal to be counted so often, and no other at all. */
export async function expectCounts(site: DialectSite, counts: Record<string, number>): Promise<void> {
  await expect.poll(() => site.conversions(), { message: 'conversions by goal' }).toEqual(counts);
}
