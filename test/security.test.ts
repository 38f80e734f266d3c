/** SECURITY.md promises nothing without a test that is there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from './tidy/source-files.ts';

const text = readFileSync(`${ROOT}.github/SECURITY.md`, 'utf8');
const rows = text
  .slice(text.indexOf('| promise |'))
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(1);

test('every promise names a test', () => {
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((row) => !/`(?:test|e2e)\/[\w./-]+\.(?:test|spec)\.ts`/.test(row))).toEqual([]);
});

test('every test that is named exists', () => {
  const named = [...text.matchAll(/`((?:test|e2e)\/[^`]+)`/g)].map((match) => String(match[1]));
  expect(named.filter((path) => !existsSync(`${ROOT}${path}`))).toEqual([]);
});
