/** How long what could not be delivered waits, in a real browser. */
import { expect, test } from './recording-collector.ts';

for (const [said, retryAfter] of [
  ['seconds', () => '120'],
  ['a date', (now_ms: number) => new Date(now_ms + 120_000).toUTCString()],
] as const) {
  test(`Retry-After in ${said} is waited for`, { tag: '@playwright' }, async ({ page, collector }) => {
    await page.clock.install();
    await collector.open(page, 'Hello');
    await collector.expectConversions(page, 'none', 0);
    const now_ms = Date.now() + 10_000;
    await page.clock.pauseAt(now_ms);
    collector.answers = [{ status: 429, headers: { 'retry-after': retryAfter(now_ms) } }];
    const answered = page.waitForResponse((response) => response.status() === 429);
    await page.evaluate('tracker.track("patient"); tracker.flush()');
    await (await answered).finished();
    await page.clock.runFor(110_000);
    expect(collector.named('patient')).toEqual([]);
    await page.clock.runFor(15_000);
    await expect.poll(() => collector.named('patient').length).toBe(1);
  });
}

test('a wait longer than any timer of a browser does not make the page spin', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  await page.addInitScript(() => {
    const native = setTimeout;
    const delays_ms: number[] = [];
    Object.assign(window, { delays_ms });
    window.setTimeout = ((task: () => void, delay_ms: number) => {
      delays_ms.push(delay_ms);
      return native(task, delay_ms);
    }) as typeof setTimeout;
  });
  await collector.open(page, 'Hello');
  await collector.expectConversions(page, 'none', 0);
  collector.answers = [{ status: 429, headers: { 'retry-after': `${30 * 86_400}` } }];
  await page.evaluate('tracker.track("patient"); tracker.flush()');
  const longest = () => page.evaluate(() => Math.max(...(window as unknown as { delays_ms: number[] }).delays_ms));
  await expect.poll(longest).toBeGreaterThan(86_400_000);
  // More than this is no time at all to a browser.
  expect(await longest()).toBeLessThan(2 ** 31);
});

test('what a clock that was days ahead has left holds up nothing', { tag: '@playwright' }, async ({
  page,
  collector,
}) => {
  await collector.open(page, 'Hello');
  await collector.expectConversions(page, 'none', 0);
  collector.answers = Array.from({ length: 9 }, () => ({ status: 503 }));
  await page.evaluate('tracker.track("left"); tracker.flush()');
  await page.goto(`${collector.site}/elsewhere`);
  await page.evaluate('localStorage.gp_lease = Date.now() + 3 * 86_400_000');
  collector.answers = [];
  await page.goto(`${collector.site}/page`);
  await expect.poll(() => collector.named('left').length).toBe(1);
});
