/** Delivery, case by case: every conversion arrives, and once, whatever the network does. */
import type { Page } from '@playwright/test';
import { closedGate } from './gate.ts';
import { expect, type RecordingCollector, test } from './recording-collector.ts';
import { planned, type ShortGoal } from './short-goal.ts';

const leave: ShortGoal = { i: 'goal_leave', t: 1, s: '.leave' };

/** Keys of the page's storage that are ours. */
const stored = (page: Page): Promise<string[]> =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('gp:')));

async function ready(page: Page, collector: RecordingCollector): Promise<void> {
  await collector.expectConversions(page, 'none', 0);
}

test('a conversion is sent at once, other events within a second', async ({ page, collector }) => {
  await collector.open(page, '<button class="leave">x</button>', { goals: [{ ...leave, t: 2 }] });
  await ready(page, collector);
  // In one task, however slow the machine: what waits goes with a conversion.
  await page.evaluate(`tracker.track('plain'); document.querySelector('.leave').click()`);
  await expect.poll(() => collector.conversions('goal_leave').length).toBe(1);
  const batch = collector.batches.find((one) => one.e.some((event) => event.n === 'plain'))!;
  expect(batch.e.map((event) => event.n)).toEqual(['plain', '$click']);
  expect(batch.r).toBe(1);
});

/** Makes the collector hold back its answers; the function returned lets go of those it holds. */
function answerLate(collector: RecordingCollector): () => void {
  let late = closedGate();
  collector.beforeAnswer = () => late.opened;
  return () => {
    late.open();
    late = closedGate();
  };
}

/** Makes every other answer a 503 for a while. */
function answer503(collector: RecordingCollector): () => void {
  collector.answers = Array.from({ length: 10 }, (_, n) => ({ status: n % 2 ? 202 : 503 }));
  return () => undefined;
}

for (const [what, prepare] of [
  ['a collector that answers late', answerLate],
  ['a collector that answers 503 first', answer503],
] as const) {
  test(`twenty leaving clicks with ${what} are twenty conversions`, async ({ page, collector }) => {
    const plan = `<script type="application/json" id="goalpost-goals">${JSON.stringify({ v: 1, r: 1, g: [planned(leave)] })}</script>`;
    await collector.open(page, `${plan}<a class="leave" href="/next">Leave</a>`, { attributes: 'data-goals="inline"' });
    collector.pages.set('/next', collector.pages.get('/page')!);
    await ready(page, collector);
    const release = prepare(collector);
    for (let click = 0; click < 20; click++) {
      await page.waitForFunction('window.tracker');
      await page.click('.leave');
      await page.waitForLoadState('domcontentloaded');
      // A browser has six connections to a host: more held back would hold back the script as well.
      if (click % 2) release();
    }
    release();
    collector.beforeAnswer = async () => undefined;
    await expect.poll(() => collector.conversions('goal_leave').length).toBe(20);
    expect(new Set(collector.conversions('goal_leave').map((event) => event.i)).size).toBe(20);
    await expect.poll(async () => (await stored(page)).length).toBe(0);
  });
}

for (const status of [408, 429, 500, 503]) {
  test(`${status} is tried again with the same id`, async ({ page, collector }) => {
    await collector.open(page, 'Hello');
    await ready(page, collector);
    collector.answers = [{ status }];
    await page.evaluate('tracker.track("purchase", 49.99)');
    await expect.poll(() => collector.named('purchase').length).toBe(1);
    const tries = collector.batches.flatMap((batch) => batch.e.filter((event) => event.n === 'purchase'));
    expect(tries.map((event) => event.i)).toEqual([tries[0]!.i, tries[0]!.i]);
    await expect.poll(() => stored(page)).toEqual([]);
  });
}

test('a connection that is cut is tried again', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  collector.answers = [
    { status: 0, cut: true },
    { status: 0, cut: true },
  ];
  await page.evaluate('tracker.track("purchase", 49.99)');
  await expect.poll(() => collector.named('purchase').length).toBe(1);
});

test('other refusals are final', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  collector.answers = [{ status: 404 }];
  await page.evaluate('tracker.track("lost"); tracker.flush()');
  await expect.poll(() => stored(page)).toEqual([]);
  await page.evaluate('tracker.track("kept")');
  await expect.poll(() => collector.named('kept').length).toBe(1);
  expect(collector.named('lost')).toEqual([]);
});

test('offline and back, everything arrives', { tag: '@playwright' }, async ({ page, context, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  await context.setOffline(true);
  await page.evaluate('tracker.track("offline", 1); tracker.flush()');
  expect(await stored(page)).toHaveLength(1);
  await context.setOffline(false);
  await expect.poll(() => collector.named('offline').length).toBe(1);
  await expect.poll(() => stored(page)).toEqual([]);
});

test('the next page sends what the last left', { tag: '@playwright' }, async ({ page, context, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  await context.setOffline(true);
  await page.evaluate('tracker.track("left", 1)');
  await page.goto('about:blank').catch(() => undefined);
  await context.setOffline(false);
  await page.goto(`${collector.site}/page`);
  await expect.poll(() => collector.named('left').length).toBe(1);
  await expect.poll(() => stored(page)).toEqual([]);
});

test('what another site on this origin left is not sent as ours, and old events go', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  const id = (time: number): string => `0${time.toString(16)}`.replace(/(.{8})(.{4})/, '$1-$2-7000-8000-000000000000');
  const [fresh, old] = [id(Date.now() - 60_000), id(Date.now() - 8 * 86_400_000)];
  await page.evaluate(
    ([mine, aged]) => {
      localStorage.setItem('gp:0', 'not ours');
      localStorage.setItem(`gp:${mine}`, `["SITE",{"i":"${mine}","n":"fresh"}]`);
      localStorage.setItem(`gp:${aged}`, `["SITE",{"i":"${aged}","n":"old"}]`);
      localStorage.setItem(`gp:${mine}-other`, `["OTHER",{"i":"${mine}","n":"other"}]`);
    },
    [fresh, old],
  );
  await page.reload();
  await expect.poll(() => collector.named('fresh').length).toBe(1);
  await ready(page, collector);
  expect(collector.named('old')).toEqual([]);
  expect(collector.named('other')).toEqual([]);
  await expect.poll(async () => (await stored(page)).sort()).toEqual(['gp:0', `gp:${fresh}-other`]);
  await page.reload();
  await ready(page, collector);
  expect(await page.evaluate('"gp_lease" in localStorage')).toBe(false);
});

test('two tabs take turns with what was left', async ({ page, context, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  const id = `0${(Date.now() - 60_000).toString(16)}`.replace(/(.{8})(.{4})/, '$1-$2-7000-8000-000000000000');
  await page.evaluate((left) => localStorage.setItem(`gp:${left}`, `["SITE",{"i":"${left}","n":"left"}]`), id);
  const late = closedGate();
  collector.beforeAnswer = () => late.opened;
  const sent = (): number => collector.batches.flatMap((batch) => batch.e).filter((event) => event.n === 'left').length;
  const [one, two] = [await context.newPage(), await context.newPage()];
  await one.goto(`${collector.site}/page`);
  await expect.poll(sent).toBe(1);
  await two.goto(`${collector.site}/page`);
  await expect.poll(() => collector.named('$pageview').length).toBe(3);
  late.open();
  await expect.poll(() => stored(two)).toEqual([]);
  expect(sent()).toBe(1);
});

test('bodies stay below 60,000 bytes and 100 events', async ({ page, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  await page.evaluate(`
    for (let n = 0; n < 150; n++) tracker.track('many');
    for (let n = 0; n < 40; n++) tracker.track('large', { text: 'ü'.repeat(1999) });
    tracker.flush()`);
  await expect.poll(() => collector.named('many').length).toBe(150);
  await expect.poll(() => collector.named('large').length).toBe(40);
  for (const batch of collector.batches) {
    expect(batch.bytes).toBeLessThanOrEqual(60_000);
    expect(batch.e.length).toBeLessThanOrEqual(100);
  }
});

test('the outbox holds 200 events, the newest', { tag: '@playwright' }, async ({ page, context, collector }) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  await context.setOffline(true);
  await page.evaluate('for (let n = 0; n < 205; n++) tracker.track("n" + n)');
  expect(await stored(page)).toHaveLength(200);
});

test('views and engagement are not written, what the page names is', { tag: '@playwright' }, async ({
  page,
  context,
  collector,
}) => {
  await collector.open(page, 'Hello');
  await ready(page, collector);
  await context.setOffline(true);
  await page.evaluate('tracker.page("/x"); tracker.track("named")');
  const written = await page.evaluate(() =>
    Object.values(localStorage).filter((value) => /named|pageview/.test(value)),
  );
  expect(written).toHaveLength(1);
  expect(written[0]).toContain('"named"');
});

test('a beacon is used where fetch throws', async ({ page, collector }) => {
  const head = `<script>{
    const { fetch } = window;
    window.fetch = (input, init) => {
      if (init?.method === 'POST') throw new TypeError('no fetch here');
      return fetch(input, init);
    };
  }</script>`;
  await collector.open(page, '<button class="leave">x</button>', { goals: [{ ...leave, t: 2 }], head });
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  await page.click('.leave');
  await expect.poll(() => collector.conversions('goal_leave').length).toBe(1);
});

test('ages are what passed until the sending time', { tag: '@playwright' }, async ({ page, collector }) => {
  await page.clock.install({ time: new Date('2020-01-01T00:00:00Z') });
  await collector.open(page, 'Hello');
  await ready(page, collector);
  await page.evaluate('tracker.track("aged")');
  await page.clock.runFor(1_500);
  await expect.poll(() => collector.named('aged').length).toBe(1);
  const batch = collector.batches.find((one) => one.e.some((event) => event.n === 'aged'))!;
  expect(new Date(batch.t).getUTCFullYear()).toBe(2020);
  expect(collector.named('aged')[0]!.a).toBeLessThanOrEqual(-900);
  expect(collector.named('aged')[0]!.a).toBeGreaterThan(-3_000);
});
