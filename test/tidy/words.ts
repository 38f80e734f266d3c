/** Words and paths that may not stand in the project's files, and names no file may have. */
import { type Breach, filesIn, type SourceFile } from './source-files.ts';

/** What a rule looks for, and where. The patterns are put together so that this file does not break its own rules. */
interface Ban {
  pattern: RegExp;
  says: string;
}

const word = (...parts: string[]): RegExp => new RegExp(`\\b${parts.join('')}\\b`);

const IN_CODE: readonly Ban[] = [
  {
    pattern: new RegExp(`@ts-(${['ignore', 'expect-error', 'nocheck'].join('|')})`),
    says: 'silences the compiler',
  },
  {
    pattern: new RegExp(`(biome|eslint|prettier)-(${['ignore', 'disable'].join('|')})`),
    says: 'silences the linter',
  },
  {
    pattern: word('(TO', 'DO|FIX', 'ME|X', 'XX)'),
    says: 'leaves work for later',
  },
  { pattern: word('for ', 'now'), says: 'leaves work for later' },
];

const IN_TESTS: readonly Ban[] = [
  {
    pattern: new RegExp(`\\b(it|test|describe)\\.(${['skip', 'only', 'todo', 'fixme'].join('|')})\\b`),
    says: 'leaves tests out',
  },
  {
    pattern: new RegExp(`retries: *[1-9]|retry: *[1-9]|\\.retry${'\\('}`),
    says: 'tries a test again',
  },
  {
    pattern: new RegExp(`waitFor${'Timeout'}`),
    says: 'sleeps where an event can be awaited',
  },
  { pattern: new RegExp(`(vi|jest)\\.${'mock'}\\(`), says: 'mocks a module' },
];

/** Modules are loaded once for many files of tests, so what one does as it is loaded only the first of them has. */
const IN_PARTS_OF_TESTS: readonly Ban[] = [
  { pattern: /^(before|after)(All|Each)\(/m, says: 'is for the first file only that loads this' },
];

const ANYWHERE: readonly Ban[] = [
  {
    pattern: new RegExp(`(^|[^\\w.~-])/(${['work', 'root', 'farm'].join('|')})/`, 'm'),
    says: 'names a path of one machine',
  },
  {
    pattern: new RegExp(`/tmp/${'brief'}|farm-${'bench'}`),
    says: 'names a path of one machine',
  },
  {
    pattern: new RegExp(`https?://(registry|npm|nexus|verdaccio)\\.${'[\\w.-]+'}`),
    says: 'names a registry',
  },
];

const NAMELESS = /^(utils?|helpers?|common|misc|shared|types|manager)\.[^/]*$/;
const INDEXES = new Set(['src/index.ts', 'src/server/api/dialects/index.ts']);

/** What may stand at the top of the repository besides dot files. */
const TOP = new Set([
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
  'src',
  'test',
  'e2e',
  'demo',
  'README.md',
  'LICENSE',
]);

function breachesOf(file: Pick<SourceFile, 'path' | 'text'>, bans: readonly Ban[]): Breach[] {
  return bans.flatMap(({ pattern, says }) => {
    const found = pattern.exec(file.text);
    if (!found) return [];
    const line = file.text.slice(0, found.index).split('\n').length;
    return [`${file.path}:${line} ${says}: ${found[0].trim()}`];
  });
}

/** Silenced tools and promises in code. */
export function wordBreaches(file: SourceFile): Breach[] {
  return breachesOf(file, IN_CODE);
}

/** Tests left out, tried again, asleep, or with a module replaced; hooks that only one file would have. */
export function testBreaches(file: SourceFile): Breach[] {
  const isPart = !/\.(test|spec)\.ts$/.test(file.path);
  return [...breachesOf(file, IN_TESTS), ...(isPart ? breachesOf(file, IN_PARTS_OF_TESTS) : [])];
}

/** Paths of one machine and names of registries, in any file that has text. */
export function machineBreaches(file: Pick<SourceFile, 'path' | 'text'>): Breach[] {
  return breachesOf(file, ANYWHERE);
}

/** Files whose names say nothing, and index files where there is to be none. */
export function nameBreaches(path: string): Breach[] {
  const name = path.split('/').at(-1) ?? '';
  if (NAMELESS.test(name)) return [`${path} has a name that says nothing`];
  return /^index\.(ts|tsx|mjs|js)$/.test(name) && !INDEXES.has(path) ? [`${path} is an index file`] : [];
}

/** Things at the top of the repository that do not belong there. */
export function topBreaches(): Breach[] {
  const names = new Set(filesIn('').map((path) => path.split('/')[0] ?? ''));
  return [...names]
    .filter((name) => !name.startsWith('.') && !TOP.has(name))
    .map((name) => `${name} stands at the top`);
}
