/** The tracker's size: what README says is what the built file has, and it stays below its ceiling. */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const script = new URL('dist/tracker.js', root);
/** The size may only fall: whoever makes the script smaller lowers this. */
const CEILING_BYTES = 5_464;

/** Bytes after Brotli at its best, as the server sends it. */
function brotliBytes(code: Buffer): number {
  return brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

test('the build is there', () => {
  expect(existsSync(script)).toBe(true);
});

test('README states the size of the tracker', () => {
  const stated = /tracker\.js: ([\d,]+) bytes Brotli/.exec(readFileSync(new URL('README.md', root), 'utf8'))?.[1];
  expect(Number(stated?.replaceAll(',', ''))).toBe(brotliBytes(readFileSync(script)));
});

test('the tracker does not grow', () => {
  expect(brotliBytes(readFileSync(script))).toBeLessThanOrEqual(CEILING_BYTES);
});

test('the manifest describes the file that was built', () => {
  const manifest = JSON.parse(readFileSync(new URL('dist/tracker.json', root), 'utf8'));
  const code = readFileSync(script);
  const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 12);
  expect(manifest).toEqual({
    version,
    hash,
    file: `tracker-${version}-${hash}.js`,
    integrity: `sha384-${createHash('sha384').update(code).digest('base64')}`,
  });
});
