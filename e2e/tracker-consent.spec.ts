/** Changes of mind about being counted, in every order, in a real browser. */
import { closedGate } from './gate.ts';
import { expect, test } from './recording-collector.ts';

const goal = { i: 'goal_buy', t: 2, s: '.buy' };
const button = '<button class="buy">Buy</button>';

test('who denies and then consents is counted from then on, with the view they are in', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  await page.clock.install();
  await collector.open(page, button, {
    goals: [{ i: 'goal_here', t: 0, u: { match: 'simple', value: '/page' } }],
    attributes: 'data-consent="pending"',
  });
  await page.waitForFunction('window.tracker');
  await page.clock.pauseAt(Date.now() + 10_000);
  await page.evaluate('tracker.consent(false)');
  await page.clock.runFor(60_000);
  await page.evaluate('tracker.consent(true)');
  await page.clock.resume();
  await expect.poll(() => collector.conversions('goal_here').length).toBe(1);
  expect(collector.named('$pageview')).toHaveLength(1);
  // So long that there is something to report.
  await page.clock.runFor(2_000);
  await page.goto(`${collector.site}/elsewhere`);
  await expect.poll(() => collector.named('$engagement').length).toBeGreaterThan(0);
  const engaged_ms = collector.named('$engagement').reduce((sum, event) => sum + event.en!, 0);
  expect(engaged_ms).toBeLessThan(50_000);
});

test('who withdraws consent and gives it again has seen the page once', async ({ page, collector }) => {
  const here = { i: 'goal_here', t: 0, u: { match: 'simple', value: '/page' } } as const;
  await collector.open(page, button, { goals: [here] });
  await expect.poll(() => collector.conversions('goal_here').length).toBe(1);
  await page.evaluate('tracker.consent(false); tracker.consent(true)');
  await collector.expectConversions(page, 'goal_here', 1);
  expect(
    new Set(collector.batches.flatMap(({ e }) => e.filter((one) => one.n === '$pageview').map((one) => one.i))).size,
  ).toBe(1);
});

test('what is typed before consent leaves room for what counts', async ({ page, collector }) => {
  await collector.open(page, `${button}<input>`, { goals: [goal], attributes: 'data-consent="pending"' });
  await page.waitForFunction('window.tracker');
  await page.click('.buy');
  await page.evaluate(() => {
    for (let keys = 0; keys < 300; keys++)
      document.querySelector('input')!.dispatchEvent(new KeyboardEvent('keydown', { key: 'x', bubbles: true }));
    (window as unknown as { tracker: { consent(granted: boolean): void } }).tracker.consent(true);
  });
  await expect.poll(() => collector.conversions('goal_buy').length).toBe(1);
  await collector.expectConversions(page, 'goal_buy', 1);
  expect(collector.named('$pageview')).toHaveLength(1);
});

test('what was done before an opt-out is not counted when the goals arrive', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  const gate = closedGate();
  collector.beforePlan = () => gate.opened;
  await collector.open(page, button, { goals: [goal] });
  await page.waitForFunction('window.tracker');
  await page.click('.buy');
  await page.evaluate('tracker.optOut()');
  const arrived = page.waitForResponse(/\/plan\//);
  gate.open();
  await (await arrived).finished();
  await page.evaluate('tracker.optIn()');
  await collector.expectPlan(page);
  await collector.expectConversions(page, 'goal_buy', 0);
});

test('an opt-out that cannot be written holds for the page', async ({ page, collector }) => {
  const head = `<script>Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })</script>`;
  await collector.open(page, button, { goals: [goal], head });
  await collector.expectConversions(page, 'none', 0);
  await page.evaluate('tracker.optOut(); tracker.track("afterwards"); tracker.flush()');
  await page.click('.buy');
  await page.evaluate('tracker.optIn()');
  await collector.expectConversions(page, 'goal_buy', 0);
  expect(collector.named('afterwards')).toEqual([]);
});

test('an opt-out in one tab holds in the others', { tag: '@playwright' }, async ({ page, context, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  const told = page.evaluate(() => new Promise((resolve) => addEventListener('storage', () => setTimeout(resolve))));
  const other = await context.newPage();
  await other.goto(`${collector.site}/page`);
  await other.waitForFunction('window.tracker');
  const { length } = collector.events;
  await other.evaluate('tracker.optOut()');
  await told;
  await page.click('.buy');
  await page.evaluate('tracker.track("afterwards"); tracker.flush()');
  await other.evaluate('tracker.optIn(); tracker.track("again")');
  await expect.poll(() => collector.named('again').length).toBe(1);
  expect(collector.events.slice(length).filter((event) => event.n === 'afterwards' || event.g?.length)).toEqual([]);
});

test('an opt-out ends what is being sent in several bodies', async ({ page, collector }) => {
  await collector.open(page, button, { goals: [goal] });
  await collector.expectConversions(page, 'none', 0);
  const gate = closedGate();
  collector.beforeAnswer = () => gate.opened;
  const { length } = collector.batches;
  await page.evaluate(`for (let n = 0; n < 150; n++) tracker.track('many'); sent = tracker.flush(); 0`);
  await expect.poll(() => collector.batches.length).toBe(length + 1);
  await page.evaluate('tracker.optOut()');
  gate.open();
  await page.evaluate('sent');
  expect(collector.batches).toHaveLength(length + 1);
});
