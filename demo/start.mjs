/**
 * `npm start`: Goalpost and a demo shop, and where to look. Everything is kept in `./data` (or `GOALPOST_DATA`), so a
 * second start goes on where the first one ended. The demo is there to be tried, so browsers that a program drives, and
 * those without a window, count in it too.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { ensureBuilt } from '../test/build.mjs';
import { goalpost, goalpostApi, startGoalpost } from './goalpost.mjs';
import { demoGoals } from './goals.mjs';
import { startShop } from './shop/server.mjs';
import { euros } from './shop/text.mjs';

const data = resolve(process.env.GOALPOST_DATA ?? 'data');
const memory = join(data, 'demo.json');
const say = (line = '') => process.stdout.write(`${line}\n`);

/** The wanted port when it is free, else 0, which means any; says so. */
async function freePort(wanted, what) {
  const probe = createServer();
  const isFree = await new Promise((done) => {
    probe.once('error', () => done(false));
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => done(true)));
  });
  if (!isFree) say(`Port ${wanted} is taken; ${what} takes a free one.`);
  return isFree ? wanted : 0;
}

/** The demo's site and key: those of the last start while they still hold, else new ones. */
async function findSite(server) {
  if (existsSync(memory)) {
    const known = JSON.parse(readFileSync(memory, 'utf8'));
    const api = goalpostApi({ url: server.url, key: known.apiKey });
    if ((await api.request('GET', `/api/sites/${known.siteId}/goals`)).status === 200) return known;
  }
  const made = await goalpost(['site', 'add', 'alder-clay.localhost', '--name', 'Alder & Clay (demo)'], { data });
  const scopes = 'goals:read,goals:write,stats:read';
  const { key } = await goalpost(['key', 'create', '--site', made.id, '--scopes', scopes], { data });
  await countPrograms(server, made.id);
  const found = { siteId: made.id, siteKey: made.key, apiKey: key };
  writeFileSync(memory, JSON.stringify(found), { mode: 0o600 });
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
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const server = await startGoalpost({
    data,
    port: await freePort(Number(process.env.GOALPOST_PORT ?? 8080), 'Goalpost'),
  });
  const site = await findSite(server);
  const api = goalpostApi({ url: server.url, key: site.apiKey });
  const goals = await putGoals(api, site.siteId);
  const shop = await startShop({
    port: await freePort(8081, 'the shop'),
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
  tell(server, shop);
  const stop = async () => {
    await shop.close();
    await server.stop();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const [code] = await server.ended;
  await shop.close();
  if (code) say(`The server ended with code ${code}.\n${server.log()}`);
  process.exitCode = code ?? 0;
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
