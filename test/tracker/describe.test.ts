/** Rules and texts in words say what their owner wrote. */
import { expect, test } from 'vitest';
import { compileRule } from '../../src/core/compile-url.ts';
import type { UrlRule } from '../../src/core/goal.ts';
import { describeRule } from '../../src/tracker/debug/describe.ts';

test.each<[UrlRule, string]>([
  [{ match: 'exact', value: '/a.b' }, 'the path with query and fragment is "/a.b"'],
  [{ match: 'simple', value: '/thanks/' }, 'the path, a trailing slash aside, is "/thanks"'],
  [{ match: 'wildcard', value: '/a/*/c/*' }, 'the path is "/a/*/c/*"'],
  [{ match: 'wildcard', value: '/a*b*c' }, 'the path is "/a*b*c"'],
  [{ match: 'starts_with', value: '/a$' }, 'the path is "/a$*"'],
  [{ match: 'ends_with', value: '/b' }, 'the path is "*/b"'],
  [{ match: 'contains', value: 'x' }, 'the URL without its fragment is "*x*"'],
  [{ match: 'regex', value: '^/a+$' }, 'the path matches /^/a+$/u, or the path with its query matches /^/a+$/u'],
])('%j: %s', (rule, words) => {
  expect(describeRule(compileRule(rule))).toBe(words);
});
