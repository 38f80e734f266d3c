/** The house rules as tests: what a rule breaks is named with file and line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { floorBreaches, importCycles } from './tidy/floors.ts';
import {
  anyBreaches,
  documentationBreaches,
  headerBreaches,
  impurityBreaches,
  lengthBreaches,
  parameterBreaches,
} from './tidy/shape.ts';
import { filesIn, parse, ROOT, sourcesIn } from './tidy/source-files.ts';
import { machineBreaches, nameBreaches, testBreaches, topBreaches, wordBreaches } from './tidy/words.ts';

const source = sourcesIn('src');
const tests = sourcesIn('test', 'e2e');
const all = [...source, ...tests, ...sourcesIn('demo')];
const inFolder = (folder: string) => source.filter(({ path }) => path.startsWith(`${folder}/`));

describe('the house', () => {
  test('imports only go down', () => expect(source.flatMap(floorBreaches)).toEqual([]));
  test('no file imports itself in a circle', () => expect(importCycles(source)).toEqual([]));
  test('files and functions are short', () => expect(all.flatMap(lengthBreaches)).toEqual([]));
  test('functions take few arguments and no booleans', () => expect(all.flatMap(parameterBreaches)).toEqual([]));
  test('every file begins by saying what it is for', () => expect(all.flatMap(headerBreaches)).toEqual([]));
  test('what is exported is explained', () => expect(source.flatMap(documentationBreaches)).toEqual([]));
  test('nothing is of type any', () => expect(all.flatMap(anyBreaches)).toEqual([]));
  test('core is pure', () => expect(inFolder('src/core').flatMap(impurityBreaches)).toEqual([]));
  test('no compiler or linter is silenced and no work left for later', () =>
    expect(all.flatMap(wordBreaches)).toEqual([]));
  test('tests are all run, once, awake, on the real thing', () => expect(tests.flatMap(testBreaches)).toEqual([]));
  test('file names say something', () => expect(all.flatMap(({ path }) => nameBreaches(path))).toEqual([]));
  test('the top of the repository stays as it is', () => expect(topBreaches()).toEqual([]));

  test('only the configuration reads the environment', () => {
    const readers = source.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path);
    // The command's entry sets the size of the thread pool, which Node reads before any module of ours runs.
    expect(readers.filter((path) => path !== 'src/server/config.ts' && path !== 'src/cli/bin.cts')).toEqual([]);
  });

  test('no file names a path of one machine or a registry', () => {
    const texts = filesIn('')
      .filter(
        (path) => /\.(ts|tsx|mjs|js|json|md|html|css|svg|yml|yaml)$|\/run$/.test(path) && path !== 'package-lock.json',
      )
      .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
    expect(texts.flatMap(machineBreaches)).toEqual([]);
  });

  test('the lock file names no host', () => {
    expect(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).not.toContain('"resolved"');
  });
});

describe('the rules themselves', () => {
  const breach = (rule: (file: ReturnType<typeof parse>) => string[], path: string, text: string): number =>
    rule(parse(path, text)).length;

  test('an import upwards, sideways or of Node in core is found', () => {
    expect(breach(floorBreaches, 'src/core/a.ts', `import { x } from '../server/goals/b.ts';`)).toBe(1);
    expect(breach(floorBreaches, 'src/server/goals/a.ts', `import type { x } from '../store/b.ts';`)).toBe(1);
    expect(breach(floorBreaches, 'src/core/a.ts', `import { readFileSync } from 'node:fs';`)).toBe(1);
    expect(breach(floorBreaches, 'src/server/api/a.ts', `import { x } from '../stats/b.ts';`)).toBe(0);
    expect(breach(floorBreaches, 'src/server/stats/a.ts', `const x = await import('../app.ts');`)).toBe(1);
  });

  test('a circle of imports is found', () => {
    const files = [parse('src/core/a.ts', `import './b.ts';`), parse('src/core/b.ts', `import './a.ts';`)];
    expect(importCycles(files)).toEqual(['src/core/a.ts → src/core/b.ts → src/core/a.ts']);
  });

  test('a hook that a module sets as it is loaded is found', () => {
    expect(breach(testBreaches, 'test/server/scene.ts', 'afterEach(() => close());')).toBe(1);
    expect(breach(testBreaches, 'test/server/a.test.ts', 'afterEach(() => close());')).toBe(0);
    expect(breach(testBreaches, 'test/server/scene.ts', 'const begin = () => {\n  afterEach(close);\n};')).toBe(0);
  });

  test('length, parameters, header, documentation, any and impurity are found', () => {
    expect(breach(lengthBreaches, 'a.ts', '\n'.repeat(260).concat('x;'))).toBe(1);
    expect(breach(lengthBreaches, 'a.ts', `function f() {${'\n'.repeat(80)}}`)).toBe(1);
    expect(breach(parameterBreaches, 'a.ts', 'const f = (a, b, c, d) => a;')).toBe(1);
    expect(breach(parameterBreaches, 'a.ts', 'function f(on: boolean) {}')).toBe(1);
    expect(breach(headerBreaches, 'a.ts', 'export const a = 1;')).toBe(1);
    expect(breach(documentationBreaches, 'a.ts', 'export interface A2 {} export class B {}')).toBe(2);
    expect(breach(anyBreaches, 'a.ts', 'let a: Record<string, any>;')).toBe(1);
    expect(breach(impurityBreaches, 'src/core/a.ts', 'const t = Date.now() + Number(new Date());')).toBe(2);
  });
});
