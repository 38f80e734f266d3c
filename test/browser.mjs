/** Makes sure that browsers are there for the tests, and says in one line what it does to get one. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, firefox } from '@playwright/test';
import { systemChromium, systemFirefox, systemWebKit } from '../e2e/system-browser.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args) {
  return spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function installWithApt(names) {
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  if (run('apt-get', ['update', ...patience]).status !== 0) return false;
  return run('apt-get', ['install', '-y', '--no-install-recommends', ...patience, ...names]).status === 0;
}

/** What can be asked for: Debian's packages, and where a browser is when it is there. */
const browsers = {
  chromium: {
    debian: ['chromium', 'chromium-headless-shell'],
    place: systemChromium,
    own: () => chromium.executablePath(),
  },
  firefox: { debian: ['firefox-esr'], place: systemFirefox, own: () => firefox.executablePath() },
  webkit: { debian: ['webkit2gtk-driver', 'xvfb'], place: systemWebKit, own: undefined },
};

/**
 * Makes sure that a browser is there; returns a sentence on what was wrong, or nothing when all is well.
 * @param {'chromium' | 'firefox' | 'webkit'} name
 */
export function ensureBrowser(name) {
  const { debian, place, own } = browsers[name];
  const present = place() ?? (own && existsSync(own()) ? own() : undefined);
  if (present !== undefined) {
    process.stdout.write(`Browser: ${present}\n`);
    return undefined;
  }
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    process.stdout.write(`Browser: no ${name} found, installing Debian’s ${debian.join(' and ')} with apt-get…\n`);
    if (installWithApt(debian) && place() !== undefined) return undefined;
  }
  if (own === undefined)
    return `No ${name}: its driver is to be had on Debian, as root, or installed (${debian.join(' ')}).`;
  process.stdout.write(`Browser: no ${name} found, downloading Playwright’s own…\n`);
  const download = run('npx', ['playwright', 'install', name]);
  return download.status === 0
    ? undefined
    : `No ${name} could be had: ${`${download.stdout}${download.stderr}`.trim()}`;
}
