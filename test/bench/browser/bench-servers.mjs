/** The network's other end: a server of pages and, on another origin, a collector that can be late, refuse and recount. */
import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { pageHtml } from './page.mjs';

/** What every product's page code accepts as an answer. */
const ANSWER = JSON.stringify({ ok: true, r: 1, accepted: 1, dropped: [], status: 1, deviceId: 'd', sessionId: 's' });
/** What PostHog asks for first: clicks are captured, which is its default, and what it would load on demand is off. */
const CONFIG = {
  supportedCompression: ['gzip', 'gzip-js'],
  autocapture_opt_out: false,
  hasFeatureFlags: false,
  sessionRecording: false,
};
const CONFIG_SCRIPT = `(window._POSTHOG_REMOTE_CONFIG={}).bench={config:${JSON.stringify(CONFIG)},siteApps:[]};`;

/** A body as text: unzipped, and out of the form that some beacons are. */
function bodyText(bytes) {
  const text = (bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes).toString('utf8');
  if (!text.startsWith('data=')) return text;
  return Buffer.from(decodeURIComponent(text.slice(5)), 'base64').toString('utf8');
}

async function bytesOf(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Two servers on free ports. `*.localhost` is this machine in every browser, and is not taken for a developer's. */
export class BenchServers {
  /** Answers to POST wait so long, milliseconds. */
  delay_ms = 0;
  /** Marks whose first conversion is answered 503; no two subjects have one in common. */
  refused = new Set();
  /** Every request of the collector: subject, method, url and, once read, its mark's event. */
  requests = [];
  #subjects;
  #servers = [];
  #waiting = new Set();

  constructor(subjects) {
    this.#subjects = new Map(subjects.map((subject) => [subject.path, subject]));
  }

  async start() {
    this.pages = `http://shop.localhost:${await this.#listen((...pair) => this.#servePage(...pair))}`;
    this.collector = `http://collector.localhost:${await this.#listen((...pair) => this.#serveCollector(...pair))}`;
  }

  async stop() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /** Address of a subject's page; its conversions are named `mark`. */
  page(subject, mark) {
    return `${this.pages}/page/${subject.path}/${mark}`;
  }

  /** Conversions of a mark that reached the collector, taken or refused. */
  conversions(subject, mark) {
    return this.requests.filter((request) => request.path === subject.path && request.marks(mark));
  }

  /** Waits until `count` conversions of the mark were seen, at most so long; true when they were. */
  async seen(subject, mark, { count, within_ms }) {
    const enough = () => this.conversions(subject, mark).length >= count;
    if (enough()) return true;
    return new Promise((resolve) => {
      const look = () => enough() && finish(true);
      const timer = setTimeout(() => finish(false), within_ms);
      const finish = (found) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
    });
  }

  async #listen(handler) {
    const server = createServer(handler);
    this.#servers.push(server);
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server.address().port;
  }

  #servePage(request, response) {
    const [, , path, mark] = request.url.split('/');
    const subject = this.#subjects.get(path);
    const html = subject
      ? pageHtml(subject, { collector: this.collector, mark })
      : '<!doctype html><title>Elsewhere</title><p>Elsewhere';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  }

  async #serveCollector(request, response) {
    const [, path, ...rest] = request.url.split('/');
    const subject = this.#subjects.get(path);
    const headers = {
      'access-control-allow-origin': request.headers.origin ?? '*',
      'access-control-allow-credentials': 'true',
      'access-control-allow-headers': request.headers['access-control-request-headers'] ?? '*',
      'access-control-expose-headers': 'retry-after',
    };
    const record = { path, method: request.method, url: request.url, at_ms: performance.now(), marks: () => false };
    this.requests.push(record);
    if (request.method === 'POST') return this.#take({ request, response, subject, record, headers });
    if (request.method === 'OPTIONS') return void response.writeHead(204, headers).end();
    const [type, body] = this.#file(subject, rest.join('/'));
    const cache = { 'content-type': type, 'cache-control': 'public, max-age=600' };
    response.writeHead(body === undefined ? 404 : 200, { ...headers, ...cache }).end(body);
  }

  #file(subject, file) {
    if (file === 'tracker.js') return ['text/javascript', subject?.code];
    if (file.startsWith('plan/')) return ['application/json', subject?.plan];
    if (file.endsWith('/config.js')) return ['text/javascript', CONFIG_SCRIPT];
    if (file.endsWith('/config')) return ['application/json', JSON.stringify(CONFIG)];
    return ['text/plain', undefined];
  }

  async #take({ request, response, subject, record, headers }) {
    const text = bodyText(await bytesOf(request));
    const body = parsed(text);
    record.idOf = (mark) => subject.idOf?.(body, mark);
    record.marks = (mark) => (subject.site ? record.idOf(mark) !== undefined : text.includes(`"${mark}"`));
    for (const look of [...this.#waiting]) look();
    const mark = [...this.refused].find(record.marks);
    record.status = mark === undefined ? 200 : 503;
    if (mark !== undefined) this.refused.delete(mark);
    if (this.delay_ms > 0) await new Promise((resolve) => setTimeout(resolve, this.delay_ms));
    response.writeHead(record.status, { 'content-type': 'application/json', ...headers }).end(ANSWER);
  }
}
