/**
 * Sends beacons over raw sockets from a process of its own, as fast as they are answered or at a rate, and prints what
 * it saw as one line of JSON: `node load-generator.mjs --port 8080 --seconds 5 --connections 64 --batch 1 [--rate 800]`.
 *
 * The load is made to be like traffic, because what is compared is a share of a server's whole work:
 * - Connections are kept alive and carry one request at a time, as those of a proxy in front of the collector; nothing
 *   is pipelined, since neither browsers nor proxies do that.
 * - A request has the headers that Chromium sends with a beacon (recorded with 156) and the two that a proxy adds.
 * - Visitors come, send 4.5 events on average and go, the kinds in the shares of the store's benchmark. A load of new
 *   visitors only would be one that opens a session with every event, a load of few would never open any.
 * - Bodies of one event have about 315 bytes.
 * `--headers few` leaves out what only browsers send: the shape of the first measurements (wrk), for comparison.
 */
import { connect } from 'node:net';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    /** Events in one beacon. */
    batch: { type: 'string', default: '1' },
    /** Requests a second; as many as are answered without it. */
    rate: { type: 'string' },
    site: { type: 'string', default: 'shop.example' },
    /** `all` that Chromium and a proxy send, or the `few` without which a beacon is not one. */
    headers: { type: 'string', default: 'all' },
    /** Visitors on the site at the same time. */
    visitors: { type: 'string', default: '50000' },
    /** File that gets the id of every acknowledged event, one a line. */
    ledger: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const seconds = Number(values.seconds);
const batch = Number(values.batch);
const PAGES = 2_000;

let state = Number(values.seed);
/** Uniform in [0, 1), the same sequence for the same seed (mulberry32). */
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

let made = 0;
const run = (Date.now() % 0xffffffff).toString(16).padStart(8, '0');
/** A UUID in the form of version 7 that no other run makes. */
function nextId() {
  made += 1;
  const n = made.toString(16).padStart(12, '0');
  return `${run}-${n.slice(0, 4)}-7${n.slice(4, 7)}-8${values.seed.padStart(3, '0').slice(-3)}-${n.slice(4).padStart(12, '0')}`;
}

/** Few pages make nearly all the traffic. */
function page() {
  return Math.floor(PAGES ** random());
}

/** Desktop and mobile browsers, the usual ones often. */
const AGENTS = [141, 140, 139, 138].flatMap((version) => [
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  `Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Mobile Safari/537.36`,
  `Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
]);
const REFERRERS = ['https://www.google.com/', 'https://www.bing.com/', 'https://news.example/post', ''];
const MEAN_EVENTS = 4.5;

/** One of a list, the first ones far more often. */
const often = (list) => list[Math.floor((list.length + 1) ** random()) - 1];

function newVisitor() {
  const address = Math.floor(random() * 2 ** 24);
  const agent = often(AGENTS);
  const forwarded = `X-Forwarded-For: ${address >> 16}.${(address >> 8) & 255}.${address & 255}.7\r\n`;
  const few = `POST /e HTTP/1.1\r\nHost: goals.example\r\n${forwarded}User-Agent: ${agent}\r\nContent-Type: text/plain\r\n`;
  return {
    referrer: often(REFERRERS),
    view: '',
    page: 0,
    head:
      values.headers === 'few'
        ? few
        : 'POST /e HTTP/1.1\r\nHost: goals.example\r\n' +
          `${forwarded}X-Forwarded-Proto: https\r\n` +
          `sec-ch-ua-platform: "Windows"\r\nUser-Agent: ${agent}\r\n` +
          'sec-ch-ua: "Chromium";v="141", "Not?A_Brand";v="8"\r\nContent-Type: text/plain;charset=UTF-8\r\n' +
          'sec-ch-ua-mobile: ?0\r\nAccept: */*\r\nOrigin: https://shop.example\r\nSec-Fetch-Site: cross-site\r\n' +
          'Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nReferer: https://shop.example/\r\n' +
          'Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: de-DE,de;q=0.9,en;q=0.8\r\n',
  };
}

const visitors = Array.from({ length: Number(values.visitors) }, newVisitor);

/** Texts put together by hand: the generator must not take the processor from the server it loads. */
function eventText(visitor, id) {
  const kind = visitor.view === '' ? 0 : random();
  const shown = kind < 0.7;
  if (shown) {
    visitor.view = id;
    visitor.page = page();
  }
  const name = shown ? '$pageview' : kind < 0.85 ? '$click' : kind < 0.95 ? 'signup' : 'purchase';
  const paid = name === 'purchase' ? `,"m":"49.90","c":"EUR","o":"A-${id}"` : '';
  return (
    `{"i":"${id}","n":"${name}","a":-120,"pv":"${visitor.view}","u":"https://shop.example/products/item-${visitor.page}` +
    `?color=blue","f":"${visitor.referrer}","d":"An article of the shop in blue"${paid}}`
  );
}

function request() {
  const place = Math.floor(random() * visitors.length);
  const visitor = visitors[place];
  const ids = [];
  let events = '';
  for (let n = 0; n < batch; n += 1) {
    const id = nextId();
    ids.push(id);
    events += (n === 0 ? '' : ',') + eventText(visitor, id);
  }
  if (random() < batch / MEAN_EVENTS) visitors[place] = newVisitor();
  const body = `{"v":1,"s":"${values.site}","t":${Date.now()},"r":1,"e":[${events}],"l":"de-DE","w":1440}`;
  return { ids, text: `${visitor.head}Content-Length: ${body.length}\r\n\r\n${body}` };
}

const latencies = [];
const statuses = {};
const acknowledged = [];
let failures = 0;

/** One connection: one request at a time; answers whether the connection is still there. */
function openConnection(onIdle) {
  const socket = connect({ port: Number(values.port), host: '127.0.0.1', noDelay: true });
  let received = '';
  let begun = 0;
  let ids = [];
  const send = () => {
    const next = request();
    ids = next.ids;
    begun = performance.now();
    socket.write(next.text);
  };
  socket.on('connect', () => onIdle(send));
  socket.on('data', (chunk) => {
    received += chunk;
    const end = received.indexOf('\r\n\r\n');
    if (end < 0) return;
    // An answer says how long it is, or ends with an empty chunk.
    const length = /content-length: (\d+)/i.exec(received);
    if (length ? received.length < end + 4 + Number(length[1]) : !received.endsWith('\r\n0\r\n\r\n')) return;
    const status = received.slice(9, 12);
    received = '';
    statuses[status] = (statuses[status] ?? 0) + 1;
    latencies.push(performance.now() - begun);
    if (status === '202' && values.ledger) acknowledged.push(...ids);
    onIdle(send);
  });
  socket.on('error', () => {
    failures += 1;
  });
  return socket;
}

const until = performance.now() + seconds * 1_000;
const idle = [];
const sockets = Array.from({ length: Number(values.connections) }, () =>
  openConnection((send) => {
    if (values.rate) idle.push(send);
    else if (performance.now() < until) send();
  }),
);

if (values.rate) {
  const begun = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now >= until) clearInterval(timer);
    for (; sent < ((now - begun) * Number(values.rate)) / 1_000 && idle.length > 0; sent += 1) idle.shift()();
  }, 1);
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;

setTimeout(
  async () => {
    for (const socket of sockets) socket.destroy();
    const { user, system } = process.cpuUsage();
    const sorted = latencies.sort((a, b) => a - b);
    if (values.ledger) {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(values.ledger, acknowledged.map((id) => `${id}\n`).join(''));
    }
    console.log(
      JSON.stringify({
        requests: sorted.length,
        per_s: sorted.length / seconds,
        own_cpu_us: (user + system) / sorted.length,
        statuses,
        failures,
        p50_ms: quantile(sorted, 0.5),
        p99_ms: quantile(sorted, 0.99),
        max_ms: sorted.at(-1) ?? null,
      }),
    );
  },
  seconds * 1_000 + 200,
);
