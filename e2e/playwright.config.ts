/** How Playwright runs: real Chromium against the built script and the real server, no retries. */
import { defineConfig } from '@playwright/test';
import { systemFirefox, testChromium } from './system-browser.mjs';

const chromium = testChromium();
const firefoxEsr = systemFirefox();
const everyBrowser = process.env.GOALPOST_BROWSERS === 'all';

/**
 * Headless Chromium says so in its user agent, and would be a bot. The whole process is told another: what a context
 * is told no longer holds for a page that is being left, whose last beacon would be a bot's.
 */
const headful =
  '--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** Debian's Firefox speaks to Playwright through this channel; elsewhere Playwright's own is used. */
const firefox = {
  name: 'firefox',
  testMatch: ['case-tables.spec.ts', 'tracker-*.spec.ts', 'shop-*.spec.ts'],
  // Playwright's way into Firefox keeps pages from being cached when they are left.
  grepInvert: /@chromium|@cached/,
  use: firefoxEsr
    ? { browserName: 'firefox' as const, channel: 'moz-firefox', launchOptions: { executablePath: firefoxEsr } }
    : { browserName: 'firefox' as const },
};

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  fullyParallel: true,
  // On two cores: half of a browser test's time is waiting. A long test brings its own lanes.
  workers: process.env.GOALPOST_LONG ? 1 : 4,
  retries: 0,
  forbidOnly: true,
  // How long a machine takes that has much else to do is nothing that is tested: these only end what hangs.
  timeout: 300_000,
  expect: { timeout: 60_000 },
  reporter: [['list']],
  use: { locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: { width: 1280, height: 800 } },
  projects: [
    {
      name: 'chromium',
      use: {
        browserName: 'chromium',
        launchOptions: {
          ...(chromium ? { executablePath: chromium } : {}),
          chromiumSandbox: process.getuid?.() !== 0,
          args: [headful],
        },
      },
    },
    ...(everyBrowser ? [firefox] : []),
  ],
});
