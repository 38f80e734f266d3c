/**
 * `npm run bench -- goals [--goals 1000] [--events 100000]`: many goals made in one request and applied to a past, on
 * the built server, and how long the slowest answer took meanwhile.
 */
import { randomInt, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { goalpost, goalpostApi, startGoalpost } from '../../demo/goalpost.mjs';
import { printTable, quantile, writeResult } from './report.mjs';

const DAY_MS = 86_400_000;
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const PAGES = 1_000;

/** Sends so many events of that age, views and custom events in turn. */
async function send({ url, siteKey }, count, age_ms) {
  const e = Array.from({ length: count }, (_, n) => {
    const i = randomUUID();
    const page = randomInt(PAGES);
    const event = { i, a: -age_ms, u: `https://shop.example/p/${page}` };
    return n % 2 ? { ...event, n: `event_${page}` } : { ...event, n: '$pageview', pv: i };
  });
  const answer = await fetch(`${url}/e`, {
    method: 'POST',
    headers: { 'User-Agent': BROWSER, 'X-Forwarded-For': `10.${randomInt(250)}.${randomInt(250)}.1` },
    body: JSON.stringify({ v: 1, s: siteKey, t: Date.now(), r: 0, e }),
  });
  if (answer.status !== 202) throw new Error(await answer.text());
  await answer.arrayBuffer();
}

/** Asks again and again, each thing in a lane of its own, and keeps how long it took. */
function watch(lanes) {
  let samples = Object.fromEntries(Object.keys(lanes).map((name) => [name, []]));
  let on = true;
  const ended = Promise.all(
    Object.entries(lanes).map(async ([name, ask]) => {
      while (on) {
        const start = performance.now();
        await ask();
        samples[name].push(performance.now() - start);
        await pause(20);
      }
    }),
  );
  return {
    /** Median and slowest of each lane since the last time, ms. */
    take(phase) {
      const row = { phase };
      for (const [name, times] of Object.entries(samples)) {
        row[name] = times.length ? `${Math.round(quantile(times, 0.5))} / ${Math.round(Math.max(...times))}` : '-';
      }
      samples = Object.fromEntries(Object.keys(lanes).map((name) => [name, []]));
      return row;
    },
    async stop() {
      on = false;
      await ended;
    },
  };
}

/** The n-th goal: pages by two kinds of rules, and events. */
function goalOf(n) {
  const url =
    n % 4 ? { match: 'simple', value: `/p/${n}` } : { match: 'wildcard', value: `https://shop.example/p/${n}*` };
  return { name: `Goal ${n}`, trigger: n % 2 ? { type: 'event', name: `event_${n}` } : { type: 'pageview', url } };
}

/** Makes the goals and waits until their past is counted; what each phase took, and the answers meanwhile. */
async function measure({ url, siteKey, api, site }, { goals, events }) {
  for (let sent = 0; sent < events; sent += 400) {
    const age_ms = Math.floor((sent / events) * 6) * DAY_MS;
    await Promise.all([0, 1, 2, 3].map(() => send({ url, siteKey }, 100, age_ms)));
  }
  const { id: probe } = await api.call('POST', `${site}/goals`, {
    name: 'Probe',
    trigger: { type: 'event', name: 'event_1' },
  });
  await api.call('GET', `${site}/goals/${probe}/stats?fresh=true`);
  const lanes = watch({
    'beacon ms': () => send({ url, siteKey }, 2, 0),
    'plan ms': async () => (await fetch(`${url}/plan/${siteKey}`)).arrayBuffer(),
    'API ms': () => api.call('GET', site),
    'statistics ms': () => api.call('GET', `${site}/goals/${probe}/stats`),
  });
  await pause(8_000);
  const rows = [{ ...lanes.take('before'), seconds: 8 }];
  let start = performance.now();
  const seconds = () => Number(((performance.now() - start) / 1_000).toFixed(1));
  const made = await api.call('POST', `${site}/goals/many`, {
    goals: Array.from({ length: goals }, (_, n) => goalOf(n)),
  });
  rows.push({ ...lanes.take('making the goals'), seconds: seconds() });
  start = performance.now();
  const states = () =>
    Promise.all([0, goals >> 1, goals - 1].map((n) => api.call('GET', `${site}/goals/${made.goals[n].id}/backfill`)));
  while ((await states()).some(({ state }) => state !== 'done')) await pause(200);
  rows.push({ ...lanes.take('counting the past'), seconds: seconds() });
  await lanes.stop();
  return rows;
}

/** Measures once, on a server of its own. Each cell is median / slowest. */
export async function run({ goals = '999', events = '100000' }) {
  const data = await mkdtemp(join(tmpdir(), 'goalpost-bench-'));
  const server = await startGoalpost({ data, environment: { GOALPOST_RATE_LIMIT: 'off' } });
  try {
    const { key } = await goalpost(['key', 'create', '--scopes', 'admin'], { data });
    const api = goalpostApi({ url: server.url, key });
    const { id, key: siteKey } = await api.call('POST', '/api/sites', { domains: ['shop.example'] });
    const place = { url: server.url, siteKey, api, site: `/api/sites/${id}` };
    const rows = await measure(place, { goals: Number(goals), events: Number(events) });
    printTable(rows);
    writeResult('goals', { goals, events, rows });
  } finally {
    await server.stop();
    await rm(data, { recursive: true, force: true });
  }
}
