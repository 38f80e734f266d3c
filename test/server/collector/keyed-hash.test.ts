/** The quick HMAC beside Node's own. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyedHash } from '../../../src/server/collector/keyed-hash.ts';

describe('a keyed hash', () => {
  it('is HMAC-SHA-256 of any text under any key of ASCII characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 64 }), fc.string({ unit: 'grapheme' }), (key, text) => {
        expect(keyedHash(key)(text)).toBe(createHmac('sha256', key).update(text).digest('hex'));
      }),
    );
  });

  it('refuses a key that it would have to change', () => {
    expect(() => keyedHash('k'.repeat(65))).toThrow(RangeError);
    expect(() => keyedHash('ключ')).toThrow(RangeError);
  });
});
