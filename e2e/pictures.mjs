/**
 * Takes the pictures of README: `node e2e/pictures.mjs`. A real server with a week of visits, real Chromium.
 * `--all FOLDER` writes every view, light and dark, wide and as on a phone, for somebody to look at.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { goalpost, goalpostApi, startGoalpost } from '../demo/goalpost.mjs';
import { demoGoals } from '../demo/goals.mjs';
import { systemChromium } from './system-browser.mjs';
import { sendVisits } from './week-of-visits.mjs';

const OWNER = { email: 'anna@example.com', name: 'Anna', password: 'a goal is a sentence' };
const DOMAIN = 'alder-clay.example';
const FUNNEL = '/funnels?goals=product,add_to_cart,to_checkout,purchase';
const README_VIEWS = [
  ['goals', '?period=yesterday'],
  ['goal', '/goals/:purchase?period=yesterday'],
  ['funnel', FUNNEL],
];
const EVERY_VIEW = [
  ...README_VIEWS,
  ['new-goal', '/goals/new'],
  ['edit-goal', '/goals/:thank_you/edit'],
  ['edit-click', '/goals/:add_to_cart/edit'],
  ['live', '/live'],
  ['install', '/install'],
  ['settings', '/settings'],
  ['funnel-empty', '/funnels'],
];
/** Views that are of no site. */
const OTHER_VIEWS = [
  ['sites', '/'],
  ['new-site', '/sites/new'],
  ['members', '/members'],
  ['account', '/account'],
  ['shared', '/share/:share'],
  ['shared-goal', '/share/:share/goals/:purchase'],
  ['join', '/join?token=x'],
  ['login', '/login'],
];

/** A server with an owner, the demo's goals and a week of visits. */
async function prepare(data) {
  const server = await startGoalpost({ data, environment: { GOALPOST_RATE_LIMIT: 'off' } });
  const token = new URL(server.setupUrl).searchParams.get('token');
  await fetch(`${server.url}/api/account/join`, { method: 'POST', body: JSON.stringify({ token, ...OWNER }) });
  const site = await goalpost(
    ['site', 'add', DOMAIN, '--name', 'Alder & Clay', '--timezone', 'Europe/Berlin', '--currency', 'EUR'],
    {
      data,
    },
  );
  const { key } = await goalpost(
    ['key', 'create', '--site', site.id, '--scopes', 'goals:read,goals:write,stats:read'],
    { data },
  );
  const api = goalpostApi({ url: server.url, key });
  const productGoal = {
    key: 'product',
    name: 'Saw a product',
    trigger: { type: 'pageview', url: { match: 'path', value: '/products/*' } },
    count: 'once_per_session',
    value: { mode: 'none' },
  };
  const goals = {};
  for (const { hint: _, ...definition } of [...demoGoals, productGoal]) {
    if (['engaged', 'film', 'look', 'reserved', 'read_20s', 'promises', 'outbound'].includes(definition.key)) continue;
    goals[definition.key] = (await api.call('POST', `/api/sites/${site.id}/goals`, definition)).id;
  }
  await sendVisits({ url: server.url, site: { key: site.key, domain: DOMAIN }, goals });
  await Promise.all(
    Object.values(goals).map((goal) => pastCounted(api, `/api/sites/${site.id}/goals/${goal}/backfill`)),
  );
  const { key: admin } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
  const owner = goalpostApi({ url: server.url, key: admin });
  const link = await owner.call('POST', `/api/sites/${site.id}/share-links`, { name: 'The agency' });
  return { server, goals: { ...goals, share: link.url.split('/share/')[1] } };
}

async function pastCounted(api, path) {
  while ((await api.call('GET', path)).state === 'running') await new Promise((again) => setTimeout(again, 300));
}

/** Logs in and takes one picture of each view. */
async function takePictures({ server, goals }, { views, folder, look }) {
  const { name, ...options } = look;
  const browser = await chromium.launch({
    executablePath: systemChromium(),
    chromiumSandbox: process.getuid?.() !== 0,
  });
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', ...options });
  const page = await context.newPage();
  const { email, password } = OWNER;
  const login = await page.request.post(`${server.url}/api/account/login`, { data: { email, password } });
  if (login.status() !== 200) throw new Error(`The login was answered ${login.status()}.`);
  for (const [view, path] of views) {
    const address = path.replace(/:(\w+)/g, (_, key) => goals[key]);
    const isOther = OTHER_VIEWS.some(([other]) => other === view);
    if (view === 'join' || view === 'login') await context.clearCookies();
    await page.goto(`${server.url}${isOther ? '' : `/sites/${DOMAIN}`}${address}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState(view === 'live' || view === 'install' ? 'load' : 'networkidle');
    await page.screenshot({ path: join(folder, `${view}${name}.png`), fullPage: look.fullPage ?? false });
  }
  await browser.close();
}

async function main() {
  const folder = process.argv[2] === '--all' ? process.argv[3] : undefined;
  const data = mkdtempSync(join(tmpdir(), 'goalpost-pictures-'));
  const prepared = await prepare(data);
  try {
    const desk = { viewport: { width: 1_120, height: 860 } };
    if (folder === undefined) {
      const target = fileURLToPath(new URL('../demo/pictures', import.meta.url));
      mkdirSync(target, { recursive: true });
      await takePictures(prepared, { views: README_VIEWS, folder: target, look: { name: '', ...desk } });
      return;
    }
    mkdirSync(folder, { recursive: true });
    const looks = [
      { name: '', ...desk, fullPage: true },
      { name: '-dark', ...desk, colorScheme: 'dark', fullPage: true },
      { name: '-phone', viewport: { width: 375, height: 760 }, fullPage: true },
    ];
    for (const look of looks) await takePictures(prepared, { views: [...EVERY_VIEW, ...OTHER_VIEWS], folder, look });
  } finally {
    await prepared.server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

await main();
