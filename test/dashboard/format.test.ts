/** Numbers and addresses as people read them, and never as something else. */
import { expect, test } from 'vitest';
import { many, readable } from '../../src/dashboard/format.ts';

test.each([
  ['/caf%C3%A9', '/café'],
  ['https://xn--bcher-kva.example/%D0%BF%D1%80%D0%B8', 'https://xn--bcher-kva.example/при'],
  ['/a%20b', '/a%20b'],
  ['/a%2Fb%3Fc%23d', '/a%2Fb%3Fc%23d'],
  ['/%E0%A4%A', '/%E0%A4%A'],
  ['/%E2%80%AEexe.pdf', '/%E2%80%AEexe.pdf'],
  ['/%00%0A', '/%00%0A'],
  ['/plain?a=b#c', '/plain?a=b#c'],
  ['', ''],
])('%s reads as %s', (address, read) => expect(readable(address)).toBe(read));

test.each([
  [0, '0 visits'],
  [1, '1 visit'],
  [12_345, '12,345 visits'],
])('%d are %s', (value, text) => expect(many(value, 'visit')).toBe(text));
