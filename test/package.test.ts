/** The package as npm would publish it: packed, unpacked and used, and judged by the tools that README names. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './tidy/source-files.ts';

const execute = promisify(execFile);

let folder: string;
/** The packed file, and the folder of the package where it was unpacked. */
let tarball: string;
let unpacked: string;
/** Paths in the packed file. */
let files: readonly string[];

/** Runs npm on the package as it lies, without building anew; answers what it printed. */
async function npm(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  return execute('npm', [...words, '--ignore-scripts', '--offline'], { cwd: ROOT, maxBuffer: 10_000_000 });
}

/** Runs a program of Node; throws with what it printed when it fails. */
async function node(words: readonly string[], cwd: string): Promise<string> {
  try {
    return (await execute(process.execPath, [...words], { cwd })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${words.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'goalpost-package-'));
  const { stdout } = await npm('pack', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  files = packed?.files.map(({ path }) => path) ?? [];
  tarball = join(folder, packed?.filename ?? '');
  unpacked = join(folder, 'node_modules/goalpost');
  await mkdir(unpacked, { recursive: true });
  await execute('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  await symlink(join(ROOT, 'node_modules'), join(unpacked, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the package', () => {
  test('holds what is built and its source, and nothing of this folder besides', () => {
    const tops = new Set(files.map((path) => path.split('/')[0]));
    expect([...tops].sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'src']);
    expect(files.filter((path) => /\.(tsbuildinfo|test\.ts|sqlite|duckdb|env|pem)$/.test(path))).toEqual([]);
    const scripts = ['tracker.js', 'compat.js', 'tracker-debug.js', 'picker.js', 'dashboard/index.html'];
    expect(scripts.filter((path) => !files.includes(`dist/${path}`))).toEqual([]);
  });

  test('is clean to publint', async () => {
    const { messages } = await publint({ pkgDir: unpacked, level: 'suggestion', strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  test('has types that every resolution of ES modules finds', async () => {
    const attw = join(ROOT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    const said = await node([attw, tarball, '--format', 'ascii', '--no-color', '--no-emoji'], ROOT);
    expect(said).toContain('"goalpost/tracker"');
  });

  test('would be published without a complaint but that nobody is logged in', async () => {
    const { stderr } = await npm('publish', '--dry-run');
    const complaints = stderr.split('\n').filter((line) => /^npm (warn|error) publish/i.test(line));
    expect(complaints.filter((line) => !line.includes('requires you to be logged in'))).toEqual([]);
    expect(stderr).toContain('npm notice name: goalpost');
  });

  test('runs where it was unpacked: its command, its server’s names and its tracker', async () => {
    expect(await node([join(unpacked, 'dist/cli/bin.cjs'), '--help'], folder)).toContain('serve');
    const program = `import { PROBLEMS, startServer } from 'goalpost';
      import { createTracker } from 'goalpost/tracker';
      import { createRequire } from 'node:module';
      createRequire(import.meta.url).resolve('goalpost/tracker.js');
      console.log(typeof startServer, typeof createTracker, 'unknown_goal' in PROBLEMS);`;
    expect(await node(['--input-type=module', '--eval', program], folder)).toBe('function function true\n');
  });
});
