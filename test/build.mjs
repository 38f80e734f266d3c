/**
 * Builds what is out of date: `dist/` against `src/`. Used by `prepare`, `npm start` and `npm test`, so that none of
 * them builds twice. `dist/tracker.js` is what a build writes last, hence its date is the date of the build.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['src', 'package.json', 'tsconfig.json', 'vite.config.ts', 'test/layout'];
const outputs = ['dist/cli/bin.cjs', 'dist/dashboard/index.html', 'dist/picker.js', 'dist/tracker.js'];

/** Milliseconds of the newest change at or below a path; 0 when there is nothing. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Whether every output is there and no source is newer than the last of them. */
export function isBuilt() {
  if (!outputs.every((path) => existsSync(join(root, path)))) return false;
  const built = statSync(join(root, 'dist/tracker.js')).mtimeMs;
  return sources.every((path) => newest(join(root, path)) <= built);
}

/** Builds when needed; returns the compiler's complaint, or nothing when all is well. */
export function ensureBuilt() {
  if (isBuilt()) return undefined;
  process.stdout.write('Building…\n');
  const build = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, encoding: 'utf8' });
  if (build.status === 0) return undefined;
  return `${build.stdout}${build.stderr}`.trim() || `The build ended with code ${build.status}.`;
}

function main() {
  if (!existsSync(join(root, 'node_modules/typescript'))) {
    process.stdout.write('Not building: the compiler is a development dependency, and those were left out.\n');
    return;
  }
  const complaint = ensureBuilt();
  if (complaint === undefined) return;
  process.stderr.write(`${complaint}\n`);
  process.exitCode = 1;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
