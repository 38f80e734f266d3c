/**
 * The browser that specs of the script run in: Playwright's of the project, or WebKitGTK by WebDriver, for which
 * `webkit.config.ts` sets GOALPOST_ENGINE.
 */
import { type Page, test as playwright } from '@playwright/test';
import { NOISE } from './webkit/page-script.ts';
import type { WebKitPage } from './webkit/webkit-page.ts';
import { webkitTest } from './webkit/webkit-test.ts';

const inWebKit = process.env.GOALPOST_ENGINE === 'webkit-gtk';

/** A test with a page. */
export const test = inWebKit ? webkitTest : playwright;

/** What goes before everything else in a page that is served. */
export const pageStart = inWebKit ? NOISE : '';

/** The browser's own lines, about requests that failed and the like, which are no doing of the tracker's. */
const ofTheBrowser = /^Failed to load resource|net::ERR_|^\[DOM\]|favicon\.ico/;

/** From now on gathers what a page prints and what goes wrong in it; the answer tells it. */
export function noiseOf(page: Page): () => Promise<string[]> {
  if (inWebKit) return () => (page as unknown as WebKitPage).noise();
  const noise: string[] = [];
  const hear = (what: string, text: string): void => {
    if (!ofTheBrowser.test(text)) noise.push(`${what}: ${text}`);
  };
  page.on('pageerror', (error) => hear('error', error.message));
  page.on('console', (line) => hear('console', line.text()));
  return async () => noise;
}

export { expect } from '@playwright/test';
