/** Pages that sleep, wake, or are made before they are seen, in real Chromium. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { expect, test } from './recording-collector.ts';
import { systemChromium } from './system-browser.mjs';

/** The Chromium that has windows: the other has no back/forward cache. */
const executable = systemChromium() ?? chromium.executablePath();

test.use({
  launchOptions: async ({ browserName, launchOptions }, use) => {
    const ignoreDefaultArgs = ['--disable-back-forward-cache'];
    const cached = { ...launchOptions, executablePath: executable, ignoreDefaultArgs };
    await use(browserName === 'chromium' ? cached : launchOptions);
  },
});

test('a page restored from the back/forward cache is a new view, and stays fit for that cache', {
  tag: '@cached',
}, async ({ page, collector }) => {
  await collector.open(page, '<p>First</p>', {
    goals: [{ i: 'goal_buy', t: 2, s: 'p' }],
    attributes: 'data-store="local"',
  });
  await page.evaluate(() => {
    addEventListener('pageshow', ({ persisted }) => {
      document.title = persisted ? 'restored' : 'loaded';
    });
  });
  await collector.expectConversions(page, 'none', 0);
  await page.goto(`${collector.site}/elsewhere`);
  await page.evaluate(() => {
    setTimeout(() => history.back(), 0);
  });
  await expect.poll(() => page.title()).toBe('restored');
  await expect.poll(() => collector.named('$pageview').length).toBe(2);
  const [first, second] = collector.named('$pageview');
  expect(second!.i).not.toBe(first!.i);
  expect(second!.vk).toBeUndefined();
  await page.evaluate(() => document.querySelector('p')!.click());
  await collector.expectConversions(page, 'goal_buy', 1);
  expect(collector.conversions('goal_buy')[0]!.pv).toBe(second!.i);
});

test('a prerendered page counts when it is first shown', { tag: '@chromium' }, async ({ collector }) => {
  const rules = JSON.stringify({ prerender: [{ urls: ['/next'], eagerness: 'immediate' }] });
  // The page acts by itself: any attached debugger would keep Chromium from prerendering.
  collector.pages.set('/start', {
    html: `<!doctype html><title>Start</title><script type="speculationrules">${rules}</script><a href="/next">next</a>
      <script>setTimeout(() => { fetch('/log?go'); location.href = '/next'; }, 3000)</script>`,
  });
  collector.pages.set('/next', {
    html: `<!doctype html><title>Next</title>${collector.script()}`,
  });
  const profile = await mkdtemp(join(tmpdir(), 'goalpost-prerender-'));
  const flags = ['--headless=new', '--no-first-run', `--user-data-dir=${profile}`];
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = spawn(executable, [...flags, ...sandbox, `${collector.site}/start`], {
    stdio: 'ignore',
  });
  await expect.poll(() => collector.pageRequests.includes('/next')).toBe(true);
  expect(collector.pageRequests).not.toContain('/log?go');
  expect(collector.named('$pageview')).toEqual([]);
  await expect.poll(() => collector.pageRequests.includes('/log?go')).toBe(true);
  expect(collector.named('$pageview')).toEqual([]);
  await expect.poll(() => collector.named('$pageview').length).toBe(1);
  expect(collector.pageRequests.filter((url) => url === '/next')).toHaveLength(1);
  const ended = new Promise((resolve) => browser.once('exit', resolve));
  browser.kill();
  await ended;
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});
