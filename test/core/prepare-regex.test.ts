/** Regular expressions are respelled so that every engine reads them alike and they meet URLs as they are compared. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareRegex } from '../../src/core/prepare-regex.ts';
import { re2Regex } from '../../src/server/goals/re2-regex.ts';

describe('preparing regular expressions', () => {
  test.each([
    ['thanks', 'thanks', 'nothing to do'],
    ['thank\\-you', 'thank-you', 'a needless escape'],
    ['[a\\-z\\_]', '[a\\-z_]', 'a hyphen in a class may be escaped'],
    ['\\"\\:\\=\\&\\,\\@\\#', '%22:=&,@#', 'other needless escapes; a quote is encoded in URLs'],
    ['\\/\\.\\*\\+\\?\\(\\)\\[\\]\\$', '\\/\\.\\*\\+\\?\\(\\)\\[\\]\\$', 'escapes that are needed'],
    ['\\w\\d\\s\\b\\B', '\\w\\d\\s\\b\\B', 'classes and boundaries'],
    ['.*thanks.*', 'thanks', 'unanchored at both ends'],
    ['.*.*?thanks.*?', 'thanks', 'several times, lazily'],
    ['^.*thanks.*$', '^.*thanks.*$', 'anchored'],
    ['thanks\\.*', 'thanks\\.*', 'a literal dot'],
    ['thanks\\.*.*', 'thanks\\.*', 'a literal dot and an unanchored end'],
    ['thanks\\\\.*', 'thanks\\\\', 'a literal backslash'],
    ['.*', '', 'nothing is left'],
    ['.*|a', '|a', 'an alternative that matched everything still does'],
    ['größe', 'gr%C3%B6%C3%9Fe', 'letters beyond ASCII'],
    ['ö+', '(?:%C3%B6)+', 'repeated as a whole'],
    ['😀?', '(?:%F0%9F%98%80)?', 'beyond the basic plane'],
    ['[ö]', '[ö]', 'not inside a class'],
    ['a b', 'a%20b', 'a space'],
    ['a\\|b', 'a%7Cb', 'an escaped bar'],
    ['a|b', 'a|b', 'a bar between alternatives'],
    ['a\\{2\\}', 'a%7B2%7D', 'escaped braces'],
    ['a{2}', 'a{2}', 'a count'],
    ['\\^{2}', '(?:%5E){2}', 'an escaped caret, counted'],
    ["it's", 'it%27s', 'an apostrophe'],
    ['(?<name>a)', '(?<name>a)', 'a named group'],
    ['(?<=a)(?<!b)(?P<c>d)', '(?<=a)(?<!b)(?P<c>d)', 'what engines will refuse is left to them'],
    ['\\p{L}\\u{41}\\k<x>', '\\p{L}\\u{41}\\k<x>', 'escapes with braces'],
    ['^https://www\\.example\\.com', '^https://example\\.com', 'www. after slashes'],
    ['^https:\\/\\/www.example', '^https:\\/\\/example', 'escaped slashes, a dot'],
    ['//www\\.?x', '//www\\.?x', 'not when it is repeated'],
    ['//(?:www\\.)?x', '//(?:www\\.)?x', 'an optional www. stays'],
    ['/www\\.x', '/www\\.x', 'one slash is a path'],
  ])('%s becomes %s: %s', (value, source) => {
    expect(prepareRegex(value).source).toBe(source);
  });

  test('a leading (?i) is a flag', () => {
    expect(prepareRegex('(?i)a')).toEqual({ source: 'a', flags: 'iu', onPath: false });
    expect(prepareRegex('a(?i)').flags).toBe('u');
    expect(prepareRegex('(?i)^/a').onPath).toBe(true);
  });

  test.each([
    ['^/a', true],
    ['^\\/a', true],
    ['^(/a|/b)', true],
    ['^(?:(?:/a))', true],
    ['/a', false],
    ['^a/', false],
    ['a|^/b', false],
  ])('%s is on the path: %s', (value, onPath) => {
    expect(prepareRegex(value).onPath).toBe(onPath);
  });

  test('nothing makes it throw', () => {
    const odd = fc.array(
      fc.constantFrom(
        '(',
        '?',
        '<',
        '[',
        ']',
        '\\',
        '.*',
        '^',
        '/',
        'www\\.',
        'ü',
        '\ud800',
        '{',
        '}',
        '|',
        '-',
        '(?i)',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          odd.map((pieces) => pieces.join('')),
        ),
        (value) => {
          expect(typeof prepareRegex(value).source).toBe('string');
        },
      ),
      { numRuns: 5_000 },
    );
  });

  test('both engines find the same in URLs', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '/',
      '.',
      '\\.',
      '[ab]',
      '[^/]',
      '\\d',
      '\\w',
      '(?:a|b/)',
      '\\b',
      '$',
      '^',
      '?',
      '*',
      '+',
      '{2}',
    );
    const pattern = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    const text = fc.stringMatching(/^[ab1/.?=-]{0,12}$/);
    fc.assert(
      fc.property(pattern, fc.array(text, { minLength: 4, maxLength: 4 }), (value, texts) => {
        const { source, flags } = prepareRegex(value);
        let native: RegExp;
        let linear: { test(text: string): boolean };
        try {
          native = new RegExp(source, flags);
          linear = re2Regex(source, flags);
        } catch {
          return;
        }
        for (const some of texts) expect(linear.test(some)).toBe(native.test(some));
      }),
      { numRuns: 3_000 },
    );
  });
});
