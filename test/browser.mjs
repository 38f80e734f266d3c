/** Makes sure that a Chromium is there for the tests, and says in one line what it does to get one. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { systemChromium } from '../e2e/chromium.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, args) {
  return spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

function installWithApt() {
  const patience = ['-o', 'DPkg::Lock::Timeout=300'];
  if (run('apt-get', ['update', ...patience]).status !== 0) return false;
  const install = run('apt-get', ['install', '-y', '--no-install-recommends', ...patience, 'chromium']);
  return install.status === 0 && systemChromium() !== undefined;
}

/** Returns a sentence on what was wrong, or nothing when a browser is there. */
export function ensureBrowser() {
  const present = systemChromium() ?? (existsSync(chromium.executablePath()) ? chromium.executablePath() : undefined);
  if (present !== undefined) {
    process.stdout.write(`Browser: ${present}\n`);
    return undefined;
  }
  if (existsSync('/etc/debian_version') && process.getuid?.() === 0) {
    process.stdout.write('Browser: none found, installing Debian’s chromium with apt-get…\n');
    if (installWithApt()) return undefined;
  }
  process.stdout.write('Browser: none found, downloading Playwright’s own Chromium…\n');
  const download = run('npx', ['playwright', 'install', 'chromium']);
  return download.status === 0
    ? undefined
    : `No browser could be had: ${`${download.stdout}${download.stderr}`.trim()}`;
}
