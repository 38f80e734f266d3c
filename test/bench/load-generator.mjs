/**
 * Sends beacons over raw sockets from a process of its own, as fast as they are answered or at a rate, and prints what
 * it saw as one line of JSON: `node load-generator.mjs --port 8080 --seconds 5 --connections 64 --batch 1 [--rate 800]`.
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
    /** Different addresses, and so visitors. */
    visitors: { type: 'string', default: '200000' },
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

function event() {
  const i = nextId();
  const name = random() < 0.1 ? 'signup' : '$pageview';
  return {
    i,
    n: name,
    a: -120,
    pv: i,
    u: `https://shop.example/products/item-${page()}?color=blue`,
    f: 'https://www.google.com/',
    d: 'An article of the shop in blue',
  };
}

function request() {
  const visitor = Math.floor(random() * Number(values.visitors));
  const events = Array.from({ length: batch }, event);
  const body = JSON.stringify({ v: 1, s: values.site, t: Date.now(), r: 1, e: events, l: 'de-DE', w: 1440 });
  return {
    ids: events.map(({ i }) => i),
    text:
      'POST /e HTTP/1.1\r\nHost: goals.example\r\nContent-Type: text/plain;charset=UTF-8\r\n' +
      'User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36\r\n' +
      `X-Forwarded-For: 10.${visitor >> 16}.${(visitor >> 8) & 255}.${visitor & 255}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  };
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
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (received.length < end + 4 + length) return;
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
    const sorted = latencies.sort((a, b) => a - b);
    if (values.ledger) {
      const { writeFileSync } = await import('node:fs');
      writeFileSync(values.ledger, acknowledged.map((id) => `${id}\n`).join(''));
    }
    console.log(
      JSON.stringify({
        requests: sorted.length,
        per_s: sorted.length / seconds,
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
