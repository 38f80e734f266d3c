/** Where the system's browsers are, so that nothing need be downloaded where there is one. */
import { existsSync, readdirSync } from 'node:fs';

/** Chromium without its window: a context opens in a quarter of the time, for no tab strip is drawn. */
const shellPlaces = ['/usr/bin/chromium-headless-shell'];

const chromiumPlaces = [
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
  return chromiumPlaces.find((path) => existsSync(path));
}

/**
 * Path of the Chromium that tests run in, the lightest that there is; undefined when Playwright's own is meant.
 * @returns {string | undefined}
 */
export function testChromium() {
  return shellPlaces.find((path) => existsSync(path)) ?? systemChromium();
}

/**
 * Path of Debian's Firefox, which speaks to Playwright; no other system's does.
 * @returns {string | undefined}
 */
export function systemFirefox() {
  return ['/usr/bin/firefox-esr'].find((path) => existsSync(path));
}

/**
 * Path of the browser that Debian's `webkit2gtk-driver` drives; undefined when it or a display server is missing.
 * @returns {string | undefined}
 */
export function systemWebKit() {
  if (!existsSync('/usr/bin/WebKitWebDriver') || !existsSync('/usr/bin/Xvfb')) return undefined;
  return readdirSync('/usr/lib')
    .flatMap((folder) =>
      ['webkitgtk-6.0', 'webkit2gtk-4.1'].map((version) => `/usr/lib/${folder}/${version}/MiniBrowser`),
    )
    .find((path) => existsSync(path));
}
