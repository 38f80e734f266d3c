/**
 * How the specs of the script run in WebKitGTK. Left out, tagged `@playwright`, is what its driver has no means for: a
 * faked clock, going offline, listening to requests, buttons of the mouse besides the first, keys held while clicking.
 */
import { defineConfig } from '@playwright/test';

process.env.GOALPOST_ENGINE = 'webkit-gtk';

export default defineConfig({
  testDir: '.',
  testMatch: ['case-tables.spec.ts', 'tracker-*.spec.ts'],
  grepInvert: /@chromium|@playwright/,
  outputDir: '../test-results',
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 12_000 },
  reporter: [['list']],
  projects: [{ name: 'webkit-gtk' }],
});
