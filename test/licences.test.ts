/** What may be shipped: every package of the lock file has a licence that asks for no more than a mention, and a checksum. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ROOT } from './tidy/source-files.ts';

/** One package of `package-lock.json`. */
interface Locked {
  version?: string;
  license?: string;
  integrity?: string;
  /** Only whoever develops Goalpost installs it. */
  dev?: boolean;
}

const { packages } = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8')) as {
  packages: Record<string, Locked>;
};
const locked = Object.entries(packages).filter(([path]) => path !== '');

const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'MIT OR Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
]);
/** Tools whose own files would have to stay open if they were changed; nothing of them is shipped. */
const FOR_TOOLS = new Set([...PERMISSIVE, 'MPL-2.0']);

/** The packages whose licence is not among those. */
function refused(list: [string, Locked][], permitted: ReadonlySet<string>): string[] {
  return list
    .filter(([, { license }]) => !permitted.has(license ?? ''))
    .map(([path, { license }]) => `${path} has the licence ${license ?? 'of nobody'}`);
}

describe('the lock file', () => {
  test('holds only packages with permissive licences, and tools with no stricter ones than MPL', () => {
    expect(
      refused(
        locked.filter(([, { dev }]) => dev !== true),
        PERMISSIVE,
      ),
    ).toEqual([]);
    expect(refused(locked, FOR_TOOLS)).toEqual([]);
    expect(locked.length).toBeGreaterThan(100);
  });

  test('finds a licence that is stricter, or none', () => {
    expect(
      refused(
        [
          ['node_modules/x', { license: 'AGPL-3.0' }],
          ['node_modules/y', {}],
        ],
        FOR_TOOLS,
      ),
    ).toHaveLength(2);
  });

  test('says the same licences as the packages that are installed', () => {
    const lies = locked.flatMap(([path, { license, version }]) => {
      const file = `${ROOT}${path}/package.json`;
      if (!existsSync(file)) return [];
      const own = JSON.parse(readFileSync(file, 'utf8')) as Locked;
      return own.version === version && own.license === license ? [] : [`${path}: ${own.version} ${own.license}`];
    });
    expect(lies).toEqual([]);
  });

  test('pins every package by a checksum', () => {
    expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  });
});
