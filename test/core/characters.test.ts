/** Code points: counted, cut, cleaned. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterCount, cleanText, cutCharacters, isLonger, isUnsafe, utf8Bytes } from '../../src/core/characters.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

describe('characters', () => {
  it('are code points', () => {
    expect(characterCount('a😀b', 10)).toBe(3);
    expect(isLonger('😀😀', 2)).toBe(false);
    expect(isLonger('😀😀', 1)).toBe(true);
    expect(cutCharacters('a😀b', 2)).toBe('a😀');
    expect(cutCharacters('😀', 0)).toBe('');
  });

  it('are counted no further than the limit and one', () => {
    expect(characterCount('x'.repeat(1_000), 10)).toBe(11);
  });

  it('agree with the language, whatever the text', () => {
    fc.assert(
      fc.property(text, fc.nat(45), (any, limit) => {
        const points = [...any];
        expect(isLonger(any, limit)).toBe(points.length > limit);
        expect(cutCharacters(any, limit)).toBe(points.slice(0, limit).join(''));
      }),
    );
  });

  it('are cleaned of what a line of the journal cannot hold', () => {
    expect(cleanText('a\u0000b\nc\td\u2028e\u0085f')).toBe('a b c d e f');
    expect(cleanText('a\ud800b\udc00c😀')).toBe('a\ufffdb\ufffdc😀');
    expect(cleanText('plain ü 日本')).toBe('plain ü 日本');
    expect(isUnsafe('a\u0000')).toBe(true);
    expect(isUnsafe('\udc00')).toBe(true);
    expect(isUnsafe('a\nb 😀')).toBe(false);
  });

  it('take as many bytes as UTF-8 needs', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (any) => {
        expect(utf8Bytes(any)).toBe(Buffer.byteLength(any, 'utf8'));
      }),
    );
  });
});
