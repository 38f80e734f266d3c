/** Seeded traffic for the store's benchmark: 90 days, 200,000 visitors, zipf pages, 50 goals, every column filled. */
import { createHash } from 'node:crypto';

export const DAYS = 90;
/** When the first of them begins. */
export const START_MS = Date.parse('2026-01-01T00:00:00Z');
export const GOALS = 50;
const VISITORS = 200_000;
const PAGES = 5_000;
const MEAN_SESSION_EVENTS = 4.5;
const DAY_MS = 86_400_000;

/** Floats in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A rank below `count`: low ones far more often, as pages, sources and countries are. */
const zipf = (random, count) => Math.floor(count ** random()) - 1;

const hex = (random, digits) => {
  let text = '';
  while (text.length < digits)
    text += Math.floor(random() * 4_294_967_296)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
};

function uuid7(random, ts) {
  const time = ts.toString(16).padStart(12, '0');
  const rest = hex(random, 18);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6)}`;
}

const COUNTRIES = [
  'DE',
  'US',
  'FR',
  'GB',
  'AT',
  'CH',
  'NL',
  'ES',
  'IT',
  'PL',
  'SE',
  'DK',
  'BE',
  'CZ',
  'CA',
  'AU',
  'JP',
  'IN',
];
const BROWSERS = ['Chrome', 'Safari', 'Firefox', 'Edge', 'Samsung Internet', 'Opera'];
const SYSTEMS = ['Windows', 'Android', 'iOS', 'macOS', 'Linux'];
const DEVICES = ['desktop', 'mobile', 'tablet'];
const LANGUAGES = ['de-DE', 'en-US', 'fr-FR', 'en-GB', 'es-ES', 'it-IT'];

/** What stays the same for a visitor. */
function visitorOf(n) {
  const random = randomFrom(n * 2_654_435_761);
  const pick = (list) => list[zipf(random, list.length)];
  const id = (BigInt(`0x${hex(random, 16)}`) | 1n).toString();
  const country = pick(COUNTRIES);
  return {
    visitor: id,
    country,
    region: `${country}${zipf(random, 16)}|Region ${zipf(random, 16)}`,
    city: `City ${zipf(random, 400)}`,
    language: pick(LANGUAGES),
    browser: pick(BROWSERS),
    os: pick(SYSTEMS),
    device: pick(DEVICES),
    viewport: [1920, 390, 1440, 412, 768][zipf(random, 5)],
  };
}

function sessionOf(random, visitor) {
  const source = zipf(random, 40);
  const campaign = source % 5 === 3;
  return {
    ...visitor,
    session: (BigInt(`0x${hex(random, 16)}`) | 1n).toString(),
    source: source === 0 ? '' : `Source ${source}`,
    referrer: source === 0 ? '' : `https://www.source-${source}.example/page/${zipf(random, 30)}`,
    referrer_host: source === 0 ? '' : `www.source-${source}.example`,
    utm_source: campaign ? `source-${source}` : '',
    utm_medium: campaign ? 'cpc' : '',
    utm_campaign: campaign ? `campaign ${zipf(random, 60)}` : '',
    utm_term: campaign ? `term ${zipf(random, 90)}` : '',
    utm_content: '',
  };
}

const md5 = (text) => createHash('md5').update(text).digest('hex');

/** One event of a session; about one in twelve converts a goal. */
function eventOf(random, session, at) {
  const { ts, view } = at;
  const page = zipf(random, PAGES);
  const path = page === 0 ? '/' : `/section-${page % 40}/page-${page}`;
  const kind = random();
  const name = !view || kind < 0.7 ? '$pageview' : kind < 0.85 ? '$click' : kind < 0.95 ? 'signup' : 'purchase';
  const id = uuid7(random, ts);
  const paid = name === 'purchase';
  const goal = 1 + zipf(random, GOALS);
  const amount = paid ? BigInt(Math.floor(random() * 20_000)) * 10_000n : undefined;
  const currency = paid ? 'EUR' : undefined;
  const converts = random() < 0.08;
  return {
    site: 1,
    id,
    ts,
    received: ts + 40,
    name,
    origin: 'browser',
    view_kind: name === '$pageview' ? 'load' : '',
    view: name === '$pageview' ? id : view,
    action: name === '$click' ? uuid7(random, ts) : '',
    identified: false,
    url: `https://shop.example${path}`,
    hostname: 'shop.example',
    path,
    title: `Page ${page} · Shop`,
    ...session,
    amount,
    currency: currency ?? '',
    order_id: paid ? `A-${hex(random, 10)}` : '',
    props: name === 'signup' ? '{"plan":"pro"}' : '',
    engaged_ms: undefined,
    scroll: undefined,
    bot: random() < 0.01,
    test: false,
    foreign_id: '',
    conversions: converts
      ? [{ goal, generation: 1, version: 1, key: md5(`1/${goal}/1/e:${id}`), lasting: paid, amount, currency }]
      : [],
  };
}

/** The rows of one day in order of time. */
export function dayOfRows(seed, scope) {
  const { start_ms, events } = scope;
  const random = randomFrom(seed);
  const rows = [];
  while (rows.length < events) {
    const visitor = visitorOf(Math.floor(random() * VISITORS));
    const session = sessionOf(random, visitor);
    let ts = start_ms + Math.floor(random() * DAY_MS);
    let view = '';
    const length = 1 + Math.floor(random() * 2 * (MEAN_SESSION_EVENTS - 1) + 0.5);
    const bot = random() < 0.01;
    for (let n = 0; n < length; n += 1) {
      const row = { ...eventOf(random, session, { ts, view }), bot };
      if (row.name === '$pageview') view = row.id;
      rows.push(row);
      ts += Math.floor(random() * 180_000);
    }
  }
  return rows.sort((a, b) => a.ts - b.ts);
}
