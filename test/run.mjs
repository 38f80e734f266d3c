/**
 * `npm test`: builds, gets a browser when the machine has none, then runs everything (types, format and lint, Vitest,
 * Playwright) and ends with one line, `N passed, N failed`. Options: `--long` for the long random runs, `--browsers`
 * for the script's specs in Firefox and WebKitGTK too. Fails when anything failed or when a suite ran no test at all.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser } from './browser.mjs';
import { ensureBuilt } from './build.mjs';
import { readPlaywright, readVitest } from './report.mjs';
import { ensureServices } from './services.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const reports = mkdtempSync(join(tmpdir(), 'goalpost-test-'));
const long = process.argv.includes('--long');
const browsers = process.argv.includes('--browsers');
const environment = {
  ...process.env,
  ...(long ? { GOALPOST_LONG: '1' } : {}),
  ...(browsers ? { GOALPOST_BROWSERS: 'all' } : {}),
};

const total = { passed: 0, failed: 0 };

/** Runs a program of node_modules; resolves to its exit code and what it printed. */
function run(program, args, extra = {}) {
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    env: { ...environment, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code: code ?? 1, output })));
}

/** Adds a suite's result to the total and prints it: one line when all is well, every failure when not. */
function tell(suite, result) {
  total.passed += result.passed;
  total.failed += result.failures.length;
  const skipped = result.skipped ? `, ${result.skipped} skipped` : '';
  process.stdout.write(
    `${suite}: ${result.passed} ok, ${result.failures.length} not${skipped} (${result.seconds} s)\n`,
  );
  for (const failure of result.failures) {
    process.stdout.write(`\n  ✗ ${failure.name}\n${failure.text.trim().replace(/^/gm, '      ')}\n`);
  }
}

async function timed(suite, work) {
  const started = Date.now();
  const result = await work();
  tell(suite, { ...result, seconds: Math.round((Date.now() - started) / 1000) });
}

/** One thing that is right or wrong as a whole, such as the type check. */
async function check(name, program, args) {
  const { code, output } = await run(program, args);
  return code === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [{ name, text: output }] };
}

/** A suite that writes a JSON report; a crash that no test answers for is a failure of its own. */
async function suite(options) {
  const file = join(reports, `${options.name}.json`);
  const { code, output } = await run(options.program, options.args(file), options.environment?.(file));
  const result = existsSync(file)
    ? options.read(JSON.parse(readFileSync(file, 'utf8')))
    : { passed: 0, skipped: 0, failures: [] };
  if (code !== 0 && result.failures.length === 0)
    result.failures.push({ name: `${options.name} itself`, text: output });
  if (result.passed + result.failures.length === 0) result.failures.push({ name: options.name, text: 'No test ran.' });
  return result;
}

function vitest() {
  return suite({
    name: 'Vitest',
    program: 'vitest/vitest.mjs',
    args: (file) => [
      'run',
      '--config',
      'test/vitest.config.ts',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ],
    read: readVitest,
  });
}

function playwright(name, config) {
  return suite({
    name,
    program: '@playwright/test/cli.js',
    args: () => ['test', '--config', config, '--reporter=json'],
    environment: (file) => ({ PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
    read: readPlaywright,
  });
}

async function main() {
  const complaint = ensureBuilt();
  if (complaint !== undefined)
    return tell('build', { passed: 0, failures: [{ name: 'build', text: complaint }], seconds: 0 });
  const noServers = await ensureServices();
  if (noServers !== undefined)
    return tell('servers for tests', { passed: 0, failures: [{ name: 'servers', text: noServers }], seconds: 0 });
  // Each of them keeps one processor busy.
  await Promise.all([
    timed('types of test/', () => check('tsc -p test', 'typescript/bin/tsc', ['-p', 'test'])),
    timed('types of e2e/', () => check('tsc -p e2e', 'typescript/bin/tsc', ['-p', 'e2e'])),
    timed('format and lint', () => check('biome check', '@biomejs/biome/bin/biome', ['check', '.'])),
  ]);
  await timed('Vitest', vitest);
  const wanted = browsers ? ['chromium', 'firefox', 'webkit'] : ['chromium'];
  const noBrowser = wanted.map(ensureBrowser).find((sentence) => sentence !== undefined);
  if (noBrowser) return tell('browser', { passed: 0, failures: [{ name: 'browser', text: noBrowser }], seconds: 0 });
  await timed('Playwright', () => playwright('Playwright', 'e2e/playwright.config.ts'));
  if (browsers) await timed('WebKitGTK', () => playwright('WebKitGTK', 'e2e/webkit.config.ts'));
}

try {
  await main();
} finally {
  rmSync(reports, { recursive: true, force: true });
}
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
