/** Delivery of more than browsers let a page have on its way at once, in a real browser. */
import { closedGate } from './gate.ts';
import { expect, test } from './recording-collector.ts';

test('conversions that together are too much for the browser arrive after a short wait', async ({
  page,
  collector,
}) => {
  await collector.open(page, 'Hello', { goals: [{ i: 'goal_x', t: 9, x: 'x' }] });
  await collector.expectPlan(page);
  // The browser refuses most of these requests. Each a failure of its own, they would be tried again after five minutes.
  await page.evaluate(`
    for (let n = 0; n < 100; n++) {
      tracker.track('x', { text: 't'.repeat(2000) });
      void tracker.flush();
    }`);
  await expect.poll(() => collector.conversions('goal_x').length).toBe(100);
});

test('an event longer than what may be sent from a page being left is sent all the same', async ({
  page,
  collector,
}) => {
  await collector.open(page, 'Hello');
  await page.waitForFunction('window.tracker');
  await page.evaluate(`
    const entries = Array.from({ length: 30 }, (_, n) => ['k'.repeat(298) + n, 'v'.repeat(2000)]);
    tracker.track('long', Object.fromEntries(entries));
    tracker.flush()`);
  await expect.poll(() => collector.named('long').length).toBe(1);
  expect(collector.batches.find(({ bytes }) => bytes > 65_536)?.e).toHaveLength(1);
});

test('an event as long as what browsers send from a page that is left is sent from it', async ({ page, collector }) => {
  await collector.open(page, '<a id="out" href="/next">x</a>', { attributes: 'data-store="none"' });
  await page.waitForFunction('window.tracker');
  // Nothing keeps a copy of it, and the next page is another's: it arrives from here or not at all.
  await page.evaluate(`
    tracker.track('long', Object.fromEntries(Array.from({ length: 25 }, (_, n) => ['k' + n, 'v'.repeat(2000)])));
    document.querySelector('#out').click()`);
  await expect.poll(() => collector.named('long').length).toBe(1);
});

test('flush settles when all that is under way was answered', async ({ page, collector }) => {
  await collector.open(page, 'Hello', { goals: [{ i: 'goal_x', t: 9, x: 'x' }] });
  await collector.expectPlan(page);
  const late = closedGate();
  collector.beforeAnswer = () => late.opened;
  await page.evaluate(`
    tracker.track('x');
    void tracker.flush().then(() => { window.isSettled = Object.keys(localStorage).length === 0; })`);
  await expect.poll(() => collector.conversions('goal_x').length).toBe(1);
  expect(await page.evaluate('!!window.isSettled')).toBe(false);
  late.open();
  await page.waitForFunction('window.isSettled');
});
