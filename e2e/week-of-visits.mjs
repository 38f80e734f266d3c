/** Six days of visits to the demo shop, the same every time, sent as browsers send them: what the pictures show. */
import { createHash } from 'node:crypto';
import { products } from '../demo/shop/products.mjs';

const HOUR_MS = 3_600_000;
const VISITS = 3_600;
const LISTED_AT_ONCE = 8;

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36',
];
/** The first three numbers of addresses, each in another country. */
const PLACES = [
  '81.2.69',
  '134.76.10',
  '134.76.11',
  '134.76.12',
  '129.132.19',
  '193.51.24',
  '91.198.174',
  '128.130.35',
];
const SOURCES = [
  { f: 'https://www.google.com/' },
  { f: 'https://www.google.com/' },
  { f: 'https://www.google.com/' },
  { query: '?utm_source=letter&utm_medium=email&utm_campaign=autumn', buys: 2.4 },
  { query: '?utm_source=letter&utm_medium=email&utm_campaign=autumn', buys: 2.4 },
  { f: 'https://www.instagram.com/', buys: 0.6 },
  { f: 'https://www.instagram.com/', buys: 0.6 },
  { f: 'https://www.pinterest.com/', buys: 0.8 },
  {},
  {},
];

/** Numbers from 0 to 1 that look random and are the same every time. */
function numbers() {
  let state = 20_261_121;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let made = 0;
function nextId() {
  made += 1;
  const hex = createHash('sha256').update(`visit ${made}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** The events of one visit that began so long ago; `goals` are ids by the goal's key. */
function visitOf({ random, goals, domain, age_ms, order }) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const source = pick(SOURCES);
  const events = [];
  let a = -age_ms;
  let view;
  const show = (path, more = {}) => {
    a = Math.min(-1_000, a + 8_000 + Math.floor(random() * 50_000));
    view = { i: nextId(), n: '$pageview', a, u: `https://${domain}${path}`, ...more };
    view.pv = view.i;
    events.push(view);
  };
  const meet = (name, key, more = {}) => {
    a = Math.min(-900, a + 3_000);
    const found = more.raw === undefined ? goals[key] : [goals[key], more.raw, 'EUR'];
    events.push({ i: nextId(), n: name, a, pv: view.i, ac: nextId(), u: view.u, g: [found] });
  };
  show(`/${source.query ?? ''}`, source.f === undefined ? {} : { f: source.f });
  const product = pick(products);
  const eager = source.buys ?? 1;
  if (random() < 0.78) show(`/products/${product.slug}`);
  if (random() < 0.2) show('/stories/firing');
  if (random() < 0.05) meet('$submit', 'newsletter');
  if (random() < 0.26 * eager) {
    meet('$click', 'add_to_cart', { raw: product.price });
    show('/cart');
    if (random() < 0.68) {
      meet('$click', 'to_checkout');
      show('/checkout');
      if (random() < 0.66) {
        show(`/thank-you/${order}`);
        const amount = (Number(product.price) * (1 + Math.floor(random() * 3))).toFixed(2);
        events.push({
          i: nextId(),
          n: 'purchase',
          a: Math.min(-500, a + 900),
          pv: view.i,
          u: view.u,
          m: amount,
          c: 'EUR',
          o: order,
        });
      }
    }
  }
  return events;
}

/** Sends the week. Throws when a batch is refused. */
export async function sendVisits({ url, site, goals }) {
  const random = numbers();
  const passed_ms = Date.now() % (24 * HOUR_MS);
  const visits = Array.from({ length: VISITS }, (_, index) => {
    // More of them lately, by day more than by night.
    const day = Math.floor(6 * (1 - Math.sqrt(random())));
    const hour = 24 * (0.5 + (random() + random() + random() - 1.5) / 2.6);
    const today_ms = passed_ms - Math.floor(hour * HOUR_MS);
    const age_ms = today_ms + (today_ms > 200_000 ? day : day + 1) * 24 * HOUR_MS;
    const events = visitOf({ random, goals, domain: site.domain, age_ms, order: `AC-${4_100 + index}` });
    const place = PLACES[Math.floor(random() * PLACES.length)];
    return { events, agent: AGENTS[Math.floor(random() * AGENTS.length)], address: `${place}.${1 + (index % 250)}` };
  });
  while (visits.length > 0) {
    const batch = visits.splice(0, LISTED_AT_ONCE);
    await Promise.all(batch.map((visit) => sendVisit(url, site, visit)));
  }
}

async function sendVisit(url, site, { events, agent, address }) {
  const beacon = { v: 1, s: site.key, t: Date.now(), r: 0, l: 'en-GB', w: 1_280, e: events };
  const answer = await fetch(`${url}/e`, {
    method: 'POST',
    headers: { 'user-agent': agent, 'x-forwarded-for': address },
    body: JSON.stringify(beacon),
  });
  const { accepted } = await answer.json();
  if (answer.status !== 202 || accepted !== events.length) throw new Error(`A batch was answered ${answer.status}.`);
}
