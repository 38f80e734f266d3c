/** The shop's server: pages, assets, orders, and the counts that the strip of goals shows. Plain `node:http`. */
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { contentPolicy } from './layout.mjs';
import { OrderBook } from './orders.mjs';
import { cataloguePage } from './pages/catalogue.mjs';
import { cartPage, checkoutPage } from './pages/checkout.mjs';
import { lookbookPage, looks } from './pages/lookbook.mjs';
import { productPage } from './pages/product.mjs';
import { storyPage } from './pages/story.mjs';
import { thankYouPage } from './pages/thank-you.mjs';
import { productBySlug } from './products.mjs';

const assets = fileURLToPath(new URL('assets', import.meta.url));
const types = { '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml' };
const bodyBytes = 20_000;

/** Path pattern → page; a page that does not exist is undefined. */
const pages = [
  [/^\/$/, ({ settings }) => cataloguePage(settings)],
  [/^\/products\/([\w-]+)$/, ({ settings, part }) => productBySlug(part) && productPage(settings, productBySlug(part))],
  [/^\/cart$/, ({ settings }) => cartPage(settings)],
  [/^\/checkout$/, ({ settings }) => checkoutPage(settings)],
  [
    /^\/thank-you\/([\w-]+)$/,
    ({ settings, part, orders }) => orders.find(part) && thankYouPage(settings, orders.find(part)),
  ],
  [/^\/lookbook$/, ({ settings }) => lookbookPage(settings)],
  [
    /^\/lookbook\/([\w-]+)$/,
    ({ settings, part }) => (Object.hasOwn(looks, part) ? lookbookPage(settings, part) : undefined),
  ],
  [/^\/stories\/firing$/, ({ settings }) => storyPage(settings)],
];

function readForm(request) {
  return new Promise((resolve, reject) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk) => {
      body += chunk;
      if (body.length > bodyBytes) request.destroy();
    });
    request.on('end', () => resolve(new URLSearchParams(body)));
    request.on('error', reject);
  });
}

function send(response, status, { body = '', ...headers }) {
  response.writeHead(status, { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...headers });
  response.end(body);
}

function sendPage(context, response, path) {
  for (const [pattern, render] of pages) {
    const found = pattern.exec(path);
    const body = found ? render({ ...context, part: found[1] }) : undefined;
    if (body === undefined) continue;
    const headers = {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': contentPolicy(context.settings),
    };
    return send(response, 200, { body, ...headers });
  }
  return send(response, 404, {
    body: 'There is no such page in this shop.\n',
    'Content-Type': 'text/plain; charset=utf-8',
  });
}

function sendAsset(response, name) {
  const type = types[extname(name)];
  const file = createReadStream(join(assets, name));
  file.on('error', () => send(response, 404, {}));
  file.on('open', () => {
    response.writeHead(200, { 'Content-Type': type ?? 'application/octet-stream', 'Cache-Control': 'no-cache' });
    file.pipe(response);
  });
}

async function answer(context, request, response) {
  const path = new URL(request.url ?? '/', 'http://shop').pathname;
  const asset = /^\/assets\/([\w-]+\.\w+)$/.exec(path);
  if (request.method === 'POST') {
    const form = await readForm(request);
    if (path === '/newsletter') return send(response, 200, { body: 'ok' });
    if (path !== '/orders') return send(response, 404, {});
    const order = context.orders.place({ name: form.get('name'), items: form.get('items') });
    return send(response, 303, { Location: order ? `/thank-you/${order.id}` : '/cart' });
  }
  if (asset) return sendAsset(response, asset[1]);
  if (path === '/goals.json') {
    return send(response, 200, { body: JSON.stringify(await context.counts()), 'Content-Type': 'application/json' });
  }
  if (path === '/favicon.ico') return send(response, 204, {});
  return sendPage(context, response, path);
}

/**
 * Starts the shop.
 * @param {object} options
 * @param {import('./layout.mjs').ShopSettings} options.settings
 * @param {() => Promise<{ goals: object[] }>} options.counts what the strip shows
 * @param {number} [options.port] 0, the default: any free one; so too when it is taken
 * @param {string} [options.orderFile] where orders are kept; in memory when left out
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startShop({ settings, counts, port = 0, orderFile }) {
  const context = { settings, counts, orders: new OrderBook(orderFile) };
  const server = createServer((request, response) => {
    answer(context, request, response).catch((error) => {
      send(response, 502, { body: `${error.message}\n`, 'Content-Type': 'text/plain; charset=utf-8' });
    });
  });
  const listen = (wanted) =>
    new Promise((resolve, reject) => server.once('error', reject).listen(wanted, '127.0.0.1', resolve));
  await listen(port).catch((error) => (error.code === 'EADDRINUSE' ? listen(0) : Promise.reject(error)));
  return {
    url: `http://localhost:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
