/** Where Chromium is: the system's when it has one, so that nothing need be downloaded. */
import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * Path of the system's Chromium or Chrome; undefined when there is none, and Playwright's own is meant.
 * @returns {string | undefined}
 */
export function systemChromium() {
  return places.find((path) => existsSync(path));
}
