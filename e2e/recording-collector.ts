/**
 * The network's other end for tests of the tracker alone: serves pages and the built script, gives the plan a test
 * wants, and records what arrives; it can answer late, refuse, or cut the line. The real server has specs of its own.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import type { Beacon, BeaconEvent } from '../src/core/beacon.ts';
import type { Tracker } from '../src/tracker/public-api.ts';
import { test as base, expect, noiseOf, pageStart } from './browser-test.ts';
import { planned, type ShortGoal } from './short-goal.ts';

const dist = new URL('../dist/', import.meta.url);
const CORS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'retry-after' };

/** A page of the test's own. */
export interface TestPage {
  html: string;
  headers?: Record<string, string>;
}

/** What `open` may be told besides the page's body. */
export interface Opening {
  goals?: ShortGoal[];
  /** Attributes of the script's element besides site and automation. */
  attributes?: string;
  /** Markup before the script. */
  head?: string;
  headers?: Record<string, string>;
  path?: string;
}

/** How the collector answers a batch. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Cut the connection instead of answering. */
  cut?: boolean;
}

/** Two servers on free ports: one serves pages, the other is the collector. */
export class RecordingCollector {
  site = '';
  origin = '';
  plan: { v: 1; r: number; x?: string[]; g: ShortGoal[] } = { v: 1, r: 1, g: [] };
  /** Answers to the next batches, in order; after them every batch is taken. */
  answers: Answer[] = [];
  /** Awaited before a batch is answered, and before the plan is. */
  beforeAnswer: () => Promise<unknown> = async () => undefined;
  beforePlan: () => Promise<unknown> = async () => undefined;
  /** Replaces the plan's JSON. */
  planBody: string | undefined;
  /** Every batch that came, taken or not, and every event that was taken, each id once. */
  batches: (Beacon & { bytes: number; contentType: string; status: number })[] = [];
  events: BeaconEvent[] = [];
  /** Paths asked of the server of pages. */
  pageRequests: string[] = [];
  planRequests: { url: string; cache: string }[] = [];
  readonly pages = new Map<string, TestPage>();
  private readonly servers: Server[] = [];

  async start(): Promise<void> {
    this.site = await this.listen((request, response) => this.servePage(request, response));
    this.origin = await this.listen((request, response) => this.serveCollector(request, response));
  }

  async close(): Promise<void> {
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** The tracker's script element. */
  script(attributes = ''): string {
    return `<script defer src="${this.origin}/tracker.js" data-site="SITE" data-allow-automation ${attributes}></script>`;
  }

  /** Serves a page with the tracker on it and opens it. */
  async open(page: Page, body: string, opening: Opening = {}): Promise<void> {
    const { goals = [], attributes, head = '', headers = {}, path = '/page' } = opening;
    this.plan.g = goals;
    const html = `<!doctype html><title>Page</title>${head}${this.script(attributes)}<body>${body}`;
    this.pages.set(path.replace(/\?.*/, ''), { html, headers });
    await page.goto(this.site + path);
  }

  /** Events of that name. */
  named(name: string): BeaconEvent[] {
    return this.events.filter((event) => event.n === name);
  }

  /** Events that met the goal. */
  conversions(goal: string): BeaconEvent[] {
    return this.events.filter((event) => event.g?.some((met) => (typeof met === 'string' ? met : met[0]) === goal));
  }

  /** Expects the goal to be met that often, once everything the page has seen so far has arrived. */
  async expectConversions(page: Page, goal: string, count: number): Promise<void> {
    const mark = `mark ${this.batches.length} ${goal} ${count}`;
    await page.evaluate((name) => {
      const { tracker } = window as unknown as { tracker: Tracker };
      tracker.track(name);
      return tracker.flush();
    }, mark);
    await expect.poll(() => this.named(mark).length).toBe(1);
    // What waited for a plan comes after the mark.
    await expect.poll(() => this.conversions(goal).length).toBe(count);
  }

  /** Until the page has its goals. What it says meanwhile is sent without them. */
  async expectPlan(page: Page): Promise<void> {
    await expect(async () => {
      await this.expectConversions(page, 'none', 0);
      expect(this.batches.at(-1)!.r).toBe(this.plan.r);
    }).toPass();
  }

  private async listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
    const server = createServer(handler);
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private servePage(request: IncomingMessage, response: ServerResponse): void {
    const page = this.pages.get((request.url ?? '').replace(/\?.*/, ''));
    request.resume();
    this.pageRequests.push(request.url ?? '');
    const html = page?.html ?? '<!doctype html><title>Elsewhere</title><p>Elsewhere';
    const start = page?.headers?.['content-security-policy'] ? '' : pageStart;
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page?.headers })
      .end(html.replace(/^<!doctype html>/, (doctype) => doctype + start));
  }

  private async serveCollector(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = request.url ?? '';
    if (request.method === 'POST' && url.endsWith('/e')) return this.take(request, response);
    if (url.includes('/plan/')) {
      this.planRequests.push({ url, cache: request.headers['cache-control'] ?? '' });
      await this.beforePlan();
      const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=600', ...CORS };
      response
        .writeHead(200, headers)
        .end(this.planBody ?? JSON.stringify({ ...this.plan, g: this.plan.g.map(planned) }));
      return;
    }
    const module = /\/module\/([\w/-]+)\.js$/.exec(url)?.[1];
    const file = module ?? /(tracker-debug|compat|tracker)[^/]*\.js/.exec(url)?.[1];
    if (!file) return void response.writeHead(404, CORS).end();
    const code = await readFile(new URL(`${file}.js`, dist));
    response.writeHead(200, { 'content-type': 'text/javascript', ...CORS }).end(code);
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    request.setEncoding('utf8');
    for await (const piece of request) text += piece;
    const beacon = JSON.parse(text) as Beacon;
    const { status, headers = {}, cut } = this.answers.shift() ?? { status: 202 };
    this.batches.push({
      ...beacon,
      bytes: Buffer.byteLength(text),
      contentType: request.headers['content-type'] ?? '',
      status,
    });
    if (cut) return void request.socket.destroy();
    if (status < 300) {
      const known = new Set(this.events.map((event) => event.i));
      this.events.push(...beacon.e.filter((event) => !known.has(event.i)));
    }
    await this.beforeAnswer();
    response.writeHead(status, { 'content-type': 'application/json', ...CORS, ...headers });
    response.end(JSON.stringify({ ok: true, r: this.plan.r, accepted: beacon.e.length, dropped: [] }));
  }
}

/** A test with a collector of its own, which fails when the page saw an error or wrote to the console. */
export const test = base.extend<{ collector: RecordingCollector; noise: string[] }>({
  collector: async ({ browserName: _ }, use) => {
    const collector = new RecordingCollector();
    await collector.start();
    await use(collector);
    await collector.close();
  },
  noise: [
    async ({ page }, use) => {
      const noise = noiseOf(page);
      await use([]);
      expect(await noise()).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
