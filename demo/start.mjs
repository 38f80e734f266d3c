/**
 * `npm start`: Goalpost and a demo shop, and where to look. Everything is kept in `./data` (or `GOALPOST_DATA`), so a
 * second start goes on where the first one ended. The demo is there to be tried, so browsers that a program drives, and
 * those without a window, count in it too.
 */
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { ensureBuilt } from '../test/build.mjs';
import { goalpost, goalpostApi, startGoalpost } from './goalpost.mjs';
import { demoGoals } from './goals.mjs';
import { readJson, writeJson } from './json-file.mjs';
import { startShop } from './shop/server.mjs';
import { euros } from './shop/text.mjs';

const data = resolve(process.env.GOALPOST_DATA ?? 'data');
const memory = join(data, 'demo.json');
const domain = 'alder-clay.localhost';
const say = (line = '') => process.stdout.write(`${line}\n`);

const shopPort = 8081;
const taken = (port, who) => `Port ${port} is taken; ${who} takes a free one.`;

/** The wanted port when it is free, else 0, which means any; says so. What is no port is left for the server to refuse. */
async function freePort(wanted) {
  if (!/^\d+$/.test(wanted) || Number(wanted) > 65_535) return wanted;
  const probe = createServer();
  const isFree = await new Promise((done) => {
    probe.once('error', () => done(false));
    probe.listen(Number(wanted), '127.0.0.1', () => probe.close(() => done(true)));
  });
  if (!isFree) say(taken(wanted, 'Goalpost'));
  return isFree ? wanted : 0;
}

/** The demo's site and key: those of the last start while they still hold, else a new key, and a site if there is none. */
async function findSite(server) {
  const known = readJson(memory);
  if (known !== undefined) {
    const api = goalpostApi({ url: server.url, key: known.apiKey });
    if ((await api.request('GET', `/api/sites/${known.siteId}/goals`)).status === 200) return known;
  }
  const { sites } = await goalpost(['site', 'list'], { data });
  const site =
    sites.find(({ domains }) => domains.includes(domain)) ??
    (await goalpost(['site', 'add', domain, '--name', 'Alder & Clay (demo)'], { data }));
  const scopes = 'goals:read,goals:write,stats:read';
  const { key } = await goalpost(['key', 'create', '--site', site.id, '--scopes', scopes], { data });
  await countPrograms(server, site.id);
  const found = { siteId: site.id, siteKey: site.key, apiKey: key };
  writeJson(memory, found);
  return found;
}

/** Lets statistics of the site include bots, which browsers without a window are. The key for it is revoked again. */
async function countPrograms(server, siteId) {
  const { id, key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
  const api = goalpostApi({ url: server.url, key });
  await api.call('PATCH', `/api/sites/${siteId}`, { bots: 'include' });
  await api.call('DELETE', `/api/keys/${id}`);
}

/** Makes the demo's goals, or brings them back to what they are meant to be. */
async function putGoals(api, siteId) {
  const goals = [];
  for (const { key, hint, ...definition } of demoGoals) {
    const goal = await api.call('PUT', `/api/sites/${siteId}/goals/by-key/${key}`, { key, ...definition });
    goals.push({ id: goal.id, number: goal.number, key, name: goal.name, hint });
  }
  return goals;
}

/** Money of a goal, in short: the currencies side by side. */
function moneyOf(revenue) {
  return revenue.map(({ currency, net }) => (currency === 'EUR' ? euros(net) : `${net} ${currency}`)).join(' + ');
}

/** What the strip asks for: each goal with what the statistics of the last seven days say. */
async function readCounts(api, siteId, goals) {
  const stats = await api.call('GET', `/api/sites/${siteId}/goals/stats`);
  const byId = new Map(stats.goals.map((row) => [row.goal_id, row]));
  return {
    goals: goals.map((goal) => {
      const row = byId.get(goal.id);
      return { ...goal, conversions: row?.conversions ?? 0, revenue: moneyOf(row?.revenue ?? []) };
    }),
  };
}

function tell(server, shop) {
  say();
  say(`  Dashboard   ${server.url}/`);
  if (server.setupUrl) say(`  Set it up   ${server.setupUrl}   (this link works once)`);
  say(`  Demo shop   ${shop.url}/`);
  say();
  say('  On a site of your own:');
  say('    npx goalpost site add example.com');
  say(`    <script defer src="${server.url}/tracker.js"></script>`);
  say();
  say('  Ctrl-C stops both.');
}

async function main() {
  const complaint = ensureBuilt();
  if (complaint !== undefined) throw new Error(complaint);
  const server = await startGoalpost({
    data,
    port: await freePort(process.env.GOALPOST_PORT || 8080),
  });
  let shop;
  // Before anything is said: who reads that all is ready may end it at once.
  const stop = async () => {
    await shop?.close();
    await server.stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const site = await findSite(server);
  const api = goalpostApi({ url: server.url, key: site.apiKey });
  const goals = await putGoals(api, site.siteId);
  shop = await startShop({
    port: shopPort,
    orderFile: join(data, 'demo-orders.json'),
    counts: () => readCounts(api, site.siteId, goals),
    settings: {
      goalpostUrl: server.url,
      siteKey: site.siteKey,
      partnerUrl: 'https://en.wikipedia.org/wiki/Stoneware',
      allowAutomation: true,
      strip: true,
    },
  });
  if (!shop.url.endsWith(`:${shopPort}`)) say(taken(shopPort, 'the shop'));
  tell(server, shop);
  const [code] = await server.ended;
  await shop.close();
  if (code) say(`The server ended with code ${code}.\n${server.log()}`);
  process.exitCode = code ?? 0;
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
