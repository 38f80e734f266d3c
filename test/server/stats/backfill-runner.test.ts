/** A goal made or changed today counts what happened before, as if it had always been so. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Problem } from '../../../src/core/problem.ts';
import { BackfillRunner } from '../../../src/server/stats/backfill-runner.ts';
import { applyRetention } from '../../../src/server/stats/retention.ts';
import { ORIGIN, withSite } from '../goals/temporary-configuration.ts';
import { type OpenedStore, openTestStore } from '../store/open-store.ts';
import { eventRow } from '../store/rows.ts';

const DAY = 86_400_000;
let opened: OpenedStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

/** A site with a pageview goal for /thanks and a runner, and days of views in the store. */
async function withPast({ fresh = async () => {} }: { fresh?: () => Promise<void> } = {}) {
  const { configuration, site: ref, clock } = await withSite();
  const site = configuration.registry.find(ref)!.site;
  const [failures, postponed]: [unknown[], unknown[]] = [[], []];
  const runner = new BackfillRunner({
    jobs: configuration.backfills,
    registry: configuration.registry,
    store: opened.store,
    now: () => clock.ms,
    fresh,
    onFailed: (error) => failures.push(error),
    onPostponed: (error) => postponed.push(error),
  });
  const rows = [5, 4, 3, 2, 1].map((days, n) =>
    eventRow({
      site: site.number,
      ts: clock.ms - days * DAY,
      session: String(n),
      url: `https://shop.example${n % 2 === 0 ? '/thanks?x=1' : '/cart'}`,
      path: n % 2 === 0 ? '/thanks' : '/cart',
      hostname: 'shop.example',
    }),
  );
  await opened.load(rows);
  const trigger = { type: 'pageview', url: { match: 'simple', value: '/thanks' } };
  const { goal } = await configuration.goals.create(
    ref,
    { name: 'Thanks', trigger, value: { mode: 'fixed', amount: '2.50' } },
    ORIGIN,
  );
  const counted = () =>
    opened.store.query<{ generation: number; amount: number; n: number }>(
      `SELECT generation, amount, count(*) AS n FROM conversions WHERE goal = ${goal.number} GROUP BY ALL ORDER BY generation`,
      [],
    );
  return { configuration, site, ref, clock, goal, runner, failures, postponed, counted };
}

test('a new goal counts the past, and a second run changes nothing', async () => {
  const { configuration, ref, clock, goal, runner, failures, counted } = await withPast();
  const past = { generation: 'current' as const, from_ms: 0, watermark_ms: clock.ms };
  for (const round of [1, 2]) {
    await configuration.backfills.start({ site: ref, goal: goal.id }, past, ORIGIN);
    await runner.wake();
    expect([round, await counted()]).toEqual([round, [{ generation: 1, amount: 2_500_000, n: 3 }]]);
  }
  expect(failures).toEqual([]);
  expect(await configuration.backfills.running()).toEqual([]);
});

test('a changed goal is counted anew in its next generation, and the old one goes', async () => {
  const { configuration, ref, clock, goal, runner, counted } = await withPast();
  const address = { site: ref, goal: goal.id };
  await configuration.backfills.start(address, { generation: 'current', from_ms: 0, watermark_ms: clock.ms }, ORIGIN);
  await runner.wake();
  await configuration.goals.update(
    address,
    { trigger: { type: 'pageview', url: { match: 'simple', value: '/cart' } } },
    ORIGIN,
  );
  await configuration.backfills.start(address, { generation: 'next', from_ms: 0, watermark_ms: clock.ms }, ORIGIN);
  await runner.wake();
  expect(await counted()).toEqual([{ generation: 2, amount: 2_500_000, n: 2 }]);
  expect((await configuration.goals.get(address)).generation).toBe(2);
});

test('a job waits until its watermark has passed and goes on after a stop where it was', async () => {
  const { configuration, ref, clock, goal, runner, counted } = await withPast();
  const past = { generation: 'current' as const, from_ms: 0, watermark_ms: clock.ms + 3_600_000 };
  await configuration.backfills.start({ site: ref, goal: goal.id }, past, ORIGIN);
  await runner.wake();
  expect(await counted()).toEqual([]);
  clock.ms += 3_600_001;
  const working = runner.wake();
  await runner.stop();
  await working;
  const [job] = await configuration.backfills.running();
  expect(job!.next_day_ms).toBeLessThan(past.watermark_ms);
});

test('a job that meets an engine that is behind is not given up', async () => {
  let isBehind = true;
  const { configuration, ref, clock, goal, runner, failures, postponed, counted } = await withPast({
    fresh: async () => {
      if (isBehind) throw new Problem('overloaded', 'The event store is behind.');
    },
  });
  const past = { generation: 'current' as const, from_ms: 0, watermark_ms: clock.ms };
  await configuration.backfills.start({ site: ref, goal: goal.id }, past, ORIGIN);
  await runner.wake();
  expect([failures, postponed]).toMatchObject([[], [{ code: 'overloaded' }]]);
  expect(await configuration.backfills.running()).toHaveLength(1);
  isBehind = false;
  await runner.wake();
  expect(await counted()).toEqual([{ generation: 1, amount: 2_500_000, n: 3 }]);
  await runner.stop();
});

/** Views and events of several names, some with money and properties, over a few days. */
function mixedPast(site: number, now_ms: number) {
  return Array.from({ length: 600 }, (_, n) => {
    const path = ['/thanks', '/cart', '/a/1', '/a/2', '/'][n % 5]!;
    return eventRow({
      site,
      ts: now_ms - 1 - n * 300_000,
      session: String(1 + (n % 40)),
      visitor: String(1 + (n % 17)),
      name: n % 3 === 0 ? '$pageview' : `event_${n % 7}`,
      url: `https://shop.example${path}`,
      path,
      hostname: 'shop.example',
      ...(n % 11 === 0 ? { amount: BigInt(n) * 10_000n, currency: n % 2 ? 'EUR' : 'USD' } : {}),
      ...(n % 13 === 0 ? { order_id: `A-${n % 26}` } : {}),
      ...(n % 4 === 0 ? { props: JSON.stringify({ plan: n % 8 ? 'pro' : 'free' }) } : {}),
    });
  });
}

/** Goals of every kind whose past is known. */
const MIXED = Array.from({ length: 24 }, (_, n) => ({
  name: `Goal ${n}`,
  trigger: [
    { type: 'pageview', url: { match: 'wildcard', value: '/a/*' } },
    { type: 'event', name: `event_${n % 7}` },
    { type: 'revenue', name: 'event', match: 'starts_with' },
    { type: 'pageview', url: { match: 'simple', value: '/thanks' } },
    { type: 'scroll_depth', percent: 50 },
  ][n % 5]!,
  count: ['every', 'once_per_page', 'once_per_session', 'once_per_visitor'][n % 4]!,
  value: n % 3 === 0 ? { mode: 'fixed', amount: '1.50' } : n % 3 === 1 ? { mode: 'none' } : { mode: 'given' },
  ...(n % 6 === 0 ? { properties: { plan: 'pro' } } : {}),
}));

test('goals applied to the past together count what each counts alone', async () => {
  const { configuration, site, ref, clock, runner, failures } = await withPast();
  await opened.load(mixedPast(site.number, clock.ms));
  const made = await configuration.goals.createMany(ref, MIXED, ORIGIN);
  const goals = made.map(({ goal }) => goal);
  const past = { from_ms: 0, watermark_ms: clock.ms };
  const counted = (generation: number) =>
    opened.store.query<{ goal: number; n: number }>(
      `SELECT goal, CAST(event AS VARCHAR) AS event, ts, amount, currency, order_id, version FROM conversions
       WHERE generation = ${generation} AND goal >= ${goals[0]!.number} ORDER BY goal, event`,
      [],
    );
  for (const { id } of goals) {
    await configuration.backfills.start({ site: ref, goal: id }, { ...past, generation: 'current' }, ORIGIN);
    await runner.wake();
  }
  const alone = await counted(1);
  for (const { id } of goals) {
    await configuration.backfills.start({ site: ref, goal: id }, { ...past, generation: 'next' }, ORIGIN);
  }
  await runner.wake();
  expect(await counted(2)).toEqual(alone);
  expect(new Set(alone.map(({ goal }) => goal)).size).toBeGreaterThan(12);
  expect(await counted(1)).toEqual([]);
  expect(failures).toEqual([]);
  expect(await configuration.backfills.running()).toEqual([]);
});

test('retention erases by each site’s days, and bots everywhere', async () => {
  const { configuration, site, ref, clock } = await withPast();
  await configuration.sites.update(ref, { retention_days: 3 }, ORIGIN);
  const sites = [configuration.registry.find(ref)!.site, { id: 'other', number: 999, retention_days: null }];
  const report = await applyRetention(opened.store, sites, clock.ms + 1);
  expect(report).toEqual({
    sites: [{ site_id: site.id, before_ms: clock.ms + 1 - 3 * DAY, events: 3, conversions: 0, sessions: 3 }],
    bots: { events: 0, conversions: 0, sessions: 0 },
  });
});
