/** URL rules: what requests may say of them, and what they become. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkUrlRule, compileRule, matchUrl } from '../../src/core/compile-url.ts';
import { MATCH_OPERATORS, type UrlRule } from '../../src/core/goal.ts';
import { GOAL_KEY_CHARACTERS, RULE_VALUE_CHARACTERS } from '../../src/core/limits.ts';
import { Problem } from '../../src/core/problem.ts';

/** The field a refusal names, or what was accepted. */
function outcome(input: unknown): unknown {
  try {
    return checkUrlRule(input, 'url');
  } catch (error) {
    if (error instanceof Problem && error.code === 'invalid_field') return error.field;
    throw error;
  }
}

describe('checking URL rules', () => {
  test.each([
    [{ match: 'simple', value: '/thanks' }],
    [{ match: 'simple', value: 'https://example.com' }],
    [{ match: 'simple', value: 'thanks', on: 'path' }],
    [{ match: 'exact', value: 'example.com/a?b#c' }],
    [{ match: 'wildcard', value: '*' }],
    [{ match: 'wildcard', value: '*.pdf', on: 'path' }],
    [{ match: 'path', value: '/a|/b', on: 'path' }],
    [{ match: 'regex', value: '^/a' }],
    [{ match: 'contains', value: 'x', on: 'url' }],
    [{ match: 'starts_with', value: 'https://' }],
    [{ match: 'ends_with', value: '.pdf' }],
    [{ match: 'domain', value: '*.example.com' }],
    [{ match: 'domain', value: 'https://www.example.com/' }],
    [{ match: 'domain', value: 'localhost:3000' }],
    [{ match: 'group', value: 'thanks' }],
  ])('%j is accepted as it is', (rule) => {
    expect(outcome(rule)).toEqual(rule);
  });

  test.each([
    [undefined, 'url'],
    [null, 'url'],
    ['/thanks', 'url'],
    [['/thanks'], 'url'],
    [{}, 'url.match'],
    [{ match: 'is', value: 'x' }, 'url.match'],
    [{ match: 'toString', value: 'x' }, 'url.match'],
    [{ match: 'simple' }, 'url.value'],
    [{ match: 'simple', value: 7 }, 'url.value'],
    [{ match: 'simple', value: ' \n ' }, 'url.value'],
    [{ match: 'simple', value: '/x', on: 'host' }, 'url.on'],
    [{ match: 'simple', value: '/x', on: null }, 'url.on'],
    [{ match: 'simple', value: '/x', case: true }, 'url.case'],
    [{ match: 'simple', value: '/x', on: 'url' }, 'url.value'],
    [{ match: 'exact', value: 'https://exa mple.com/' }, 'url.value'],
    [{ match: 'wildcard', value: '/x*', on: 'url' }, 'url.value'],
    [{ match: 'path', value: '|' }, 'url.value'],
    [{ match: 'path', value: '/x', on: 'url' }, 'url.on'],
    [{ match: 'domain', value: 'example.com/path' }, 'url.value'],
    [{ match: 'domain', value: '/path' }, 'url.value'],
    [{ match: 'domain', value: 'mailto:a@example.com' }, 'url.value'],
    [{ match: 'group', value: 'g'.repeat(GOAL_KEY_CHARACTERS + 1) }, 'url.value'],
    [{ match: 'contains', value: 'x'.repeat(RULE_VALUE_CHARACTERS + 1) }, 'url.value'],
  ])('%j is refused for %s', (rule, field) => {
    expect(outcome(rule)).toBe(field);
  });

  test('values are trimmed, and as long as the limit says', () => {
    expect(outcome({ match: 'contains', value: '\n x ' })).toEqual({ match: 'contains', value: 'x' });
    const long = '😀'.repeat(RULE_VALUE_CHARACTERS);
    expect(outcome({ match: 'contains', value: long })).toEqual({ match: 'contains', value: long });
  });

  test('slow is what the server says, not the request', () => {
    expect(outcome({ match: 'regex', value: 'x', slow: true })).toEqual({ match: 'regex', value: 'x' });
  });

  test('what is accepted compiles, and nothing is thrown but problems', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl(),
      fc.constantFrom('//', '/\\', '*.', '://', '[', 'a:b'),
    );
    const rule = fc.record({
      match: fc.constantFrom(...MATCH_OPERATORS),
      value,
      on: fc.constantFrom(undefined, 'url', 'path'),
    });
    fc.assert(
      fc.property(rule, ({ match, value: text, on }) => {
        const accepted = outcome(on ? { match, value: text, on } : { match, value: text });
        if (typeof accepted === 'string') return;
        const compiled = compileRule(accepted as UrlRule);
        expect(compiled.length > 0 || match === 'group').toBe(true);
        expect(JSON.parse(JSON.stringify(compiled))).toEqual(compiled);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('compiling URL rules', () => {
  test.each<[UrlRule, unknown]>([
    [{ match: 'simple', value: '/thanks/' }, [['34', '^/thanks/?$']]],
    [{ match: 'exact', value: 'https://www.example.com' }, [['16', '^example\\.com/$']]],
    [{ match: 'wildcard', value: '/a/*' }, [['34', '^/a/']]],
    [
      { match: 'path', value: '/a|/b**c' },
      [
        ['34', '^/a$'],
        ['34', '^/b[^]*c$'],
      ],
    ],
    [{ match: 'regex', value: 'x' }, [['06', 'x', 'u']]],
    [
      { match: 'regex', value: '(?i)^/x', slow: true },
      [
        ['34', '^/x', 'iu', 400],
        ['35', '^/x', 'iu', 400],
      ],
    ],
    [{ match: 'contains', value: 'x' }, [['15', '^(?=([^]*?x))\\1']]],
    [{ match: 'starts_with', value: '/x?' }, [['35', '^/x\\?']]],
    [{ match: 'ends_with', value: '/x' }, [['34', '^[^]*/x$']]],
    [
      { match: 'domain', value: 'example.com' },
      [
        ['12', '^example\\.com$'],
        ['12', '^[^]*\\.example\\.com$'],
      ],
    ],
    [{ match: 'group', value: 'unknown' }, []],
  ])('%j becomes %j', (rule, compiled) => {
    expect(compileRule(rule)).toEqual(compiled);
  });

  test('a group that is reached in many ways is compiled once', () => {
    const groups = (key: string) => {
      const depth = Number(key);
      const next = { match: 'group' as const, value: String(depth + 1) };
      const rules: UrlRule[] = depth < 30 ? [next, next, next] : [{ match: 'path', value: '/end' }];
      return { key, name: key, rules };
    };
    expect(compileRule({ match: 'group', value: '0' }, groups)).toEqual([['34', '^/end$']]);
  });

  test('a literal matches the page it was copied from, whatever is in it', () => {
    const page = fc.webUrl({ withQueryParameters: true, withFragments: true });
    fc.assert(
      fc.property(page, (url) => {
        expect(matchUrl({ match: 'exact', value: url }, url)).toBe(true);
        expect(matchUrl({ match: 'simple', value: url }, url)).toBe(true);
        // An empty query is dropped from pages, and would be a literal question mark in the value.
        const withoutFragment = url.replace(/\??(?:#.*)?$/, '');
        if (!/[/.]\.{1,2}(?:[/?]|$)|%2e/i.test(withoutFragment)) {
          expect(matchUrl({ match: 'starts_with', value: withoutFragment }, url)).toBe(true);
        }
      }),
    );
  });
});
