/** The server dies in the middle of its own work: a drain, a thousand goals being made, a past being counted. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, rename, stat, watch } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { BEACON_EVENTS } from '../src/core/limits.ts';
import {
  addSite,
  type GoalpostServer,
  newDataFolder,
  openServer,
  removeDataFolder,
  type TestSite,
} from './goalpost-server.ts';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Sends purchases; whether they were acknowledged. A connection that breaks is not an acknowledgement. */
async function buy(url: string, site: TestSite, ids: string[]): Promise<boolean> {
  const events = ids.map((i) => ({ i, n: 'purchase', a: 0, u: 'http://localhost/thank-you' }));
  const body = JSON.stringify({ v: 1, s: site.key, t: Date.now(), r: 0, e: events });
  try {
    const answer = await fetch(`${url}/e`, { method: 'POST', body, headers: { 'User-Agent': BROWSER } });
    return answer.status === 202;
  } catch {
    return false;
  }
}

const newIds = (count: number): string[] => Array.from({ length: count }, () => randomUUID());

let data = '';
test.beforeEach(async () => {
  data = await newDataFolder();
});
test.afterEach(() => removeDataFolder(data));

/** Goals that every purchase meets: they make a drain's transaction long. */
async function heavyGoals(site: TestSite): Promise<string> {
  const goals = Array.from({ length: 20 }, (_, n) => ({
    name: `Purchase ${n}`,
    trigger: { type: 'revenue', name: 'purchase' },
    apply_to_past: false,
  }));
  const made = await site.request('POST', `/api/sites/${site.id}/goals/many`, { goals });
  return (made.body as { goals: { id: string }[] }).goals[0]!.id;
}

/** Sends events until the server no longer answers. */
async function load(to: { url: string; site: TestSite; sent: string[]; acknowledged: string[] }): Promise<void> {
  for (;;) {
    const ids = newIds(BEACON_EVENTS);
    to.sent.push(...ids);
    if (!(await buy(to.url, to.site, ids))) return;
    to.acknowledged.push(...ids);
  }
}

/** Resolves with the path of the oldest segment as soon as a younger one is written to: then the drain has it. */
async function drainBegun(journal: string): Promise<string> {
  for await (const _ of watch(journal)) {
    const [oldest, younger] = (await readdir(journal)).filter((name) => name.endsWith('.csv')).sort();
    if (oldest && younger) return join(journal, oldest);
  }
  throw new Error('The journal is no longer watched.');
}

test('killed in the midst of a drain, the server counts each acknowledged event once', async () => {
  const kills = process.env.GOALPOST_LONG ? 20 : 3;
  test.setTimeout(300_000 + kills * 45_000);
  let server = await openServer(data);
  let site = await addSite(server);
  const goal = await heavyGoals(site);
  const sent: string[] = [];
  const acknowledged: string[] = [];
  // A segment is there until its transaction is committed.
  for (let inTheMidst = 0, round = 0; inTheMidst < kills; round += 1) {
    const dead = drainBegun(join(data, 'journal')).then(async (segment) => {
      await new Promise((resolve) => setTimeout(resolve, (round % 5) * 60));
      await server.kill();
      return existsSync(segment);
    });
    const lanes = [1, 2, 3].map(() => load({ url: server.url, site, sent, acknowledged }));
    if (await dead) inTheMidst += 1;
    await Promise.all(lanes);
    server = await openServer(data, server.accountKey);
    site = site.at(server.url);
    const { conversions } = await site.statistics(goal);
    expect(conversions).toBeGreaterThanOrEqual(acknowledged.length);
    expect(conversions).toBeLessThanOrEqual(sent.length);
  }
  for (let from = 0; from < sent.length; from += BEACON_EVENTS) {
    expect(await buy(server.url, site, sent.slice(from, from + BEACON_EVENTS))).toBe(true);
  }
  expect((await site.statistics(goal)).conversions).toBe(sent.length);
  await server.stop();
});

test('killed after a drain was committed and before its segment was deleted, the server counts once', async () => {
  let server = await openServer(data);
  const site = await addSite(server);
  const goal = await site.goal({ name: 'Purchase', trigger: { type: 'revenue', name: 'purchase' } });
  const journal = join(data, 'journal');
  const aside = join(data, 'aside');
  await mkdir(aside);
  const sent: string[] = [];
  // A second name keeps what the drain deletes; it may be faster than this, then the next event is tried.
  const kept: string[] = [];
  while (kept.length === 0) {
    const ids = newIds(3);
    expect(await buy(server.url, site, ids)).toBe(true);
    sent.push(...ids);
    for (const name of (await readdir(journal)).filter((file) => file.endsWith('.csv'))) {
      await link(join(journal, name), join(aside, name)).catch(() => undefined);
      if (existsSync(join(aside, name)) && (await stat(join(aside, name))).size > 0) kept.push(name);
    }
  }
  expect((await site.statistics(goal)).conversions).toBe(sent.length);
  await server.kill();
  for (const name of kept) await rename(join(aside, name), join(journal, name));
  server = await openServer(data, server.accountKey);
  expect((await site.at(server.url).statistics(goal)).conversions).toBe(sent.length);
  await expect.poll(async () => (await readdir(journal)).filter((name) => kept.includes(name))).toEqual([]);
  await server.stop();
});

const GOALS = 400;

/** A server and its site. */
interface Opened {
  server: GoalpostServer;
  site: TestSite;
}

/** Asks for many goals, whose past is to be counted; settles when the answer came or the connection broke. */
async function makeMany(site: TestSite): Promise<void> {
  const goals = Array.from({ length: GOALS }, (_, n) => ({
    name: `Goal ${n}`,
    trigger: { type: 'event', name: n % 2 ? 'purchase' : 'pur', match: n % 2 ? 'equals' : 'starts_with' },
  }));
  await site.request('POST', `/api/sites/${site.id}/goals/many`, { goals }).catch(() => undefined);
}

/** Conversions of each goal of the site. */
async function countsOf(site: TestSite): Promise<number[]> {
  const { status, body } = await site.request('GET', `/api/sites/${site.id}/goals/stats?fresh=true`);
  expect(status).toBe(200);
  return (body as { goals: { conversions: number }[] }).goals.map(({ conversions }) => conversions);
}

async function reopen({ server, site }: Opened): Promise<Opened> {
  const again = await openServer(data, server.accountKey);
  return { server: again, site: site.at(again.url) };
}

test('many goals made at once are all there with their past or none is, whenever the server is killed', async () => {
  test.setTimeout(600_000);
  const first = await openServer(data);
  let opened: Opened = { server: first, site: await addSite(first) };
  expect(await buy(first.url, opened.site, newIds(60))).toBe(true);
  const begun = Date.now();
  await makeMany(await addSite(first));
  const whole_ms = Date.now() - begun;
  let made = 0;
  for (const share of [0.2, 0.5, 0.8, 1, Number.POSITIVE_INFINITY]) {
    const making = makeMany(opened.site);
    if (share > 1) await making;
    else await new Promise((resolve) => setTimeout(resolve, share * whole_ms));
    await opened.server.kill();
    await making;
    opened = await reopen(opened);
    made = (await countsOf(opened.site)).length;
    expect([0, GOALS]).toContain(made);
    if (made > 0) break;
  }
  expect(made).toBe(GOALS);
  // Killed while the past is being counted, as it begins and wherever it is after that.
  await opened.server.kill();
  opened = await reopen(opened);
  const { site } = opened;
  await expect.poll(async () => Math.max(...(await countsOf(site)))).toBeGreaterThan(0);
  await opened.server.kill();
  const last = await reopen(opened);
  await expect.poll(() => countsOf(last.site)).toEqual(Array.from({ length: GOALS }, () => 60));
  await last.server.stop();
});
