/** URL rules: the cases are data, because real browsers run them too. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { literalPattern, matchUrl } from '../../src/core/compile-url.ts';
import type { UrlRule } from '../../src/core/goal.ts';
import { matchesRule } from '../../src/core/match-url.ts';
import { URL_SUBJECTS } from '../../src/core/plan.ts';
import type { UrlGroup } from '../../src/core/site.ts';
import { re2Regex } from '../../src/server/goals/re2-regex.ts';
import cases from '../cases/url-rules.json' with { type: 'json' };

/** A row as it is used: the rule itself, and groups looked up as a site's are. */
const rows = cases.map(({ match, value, on, url, groups, matches, why }) => {
  const rules = (groups ?? {}) as Record<string, UrlRule[] | undefined>;
  const find = (key: string): UrlGroup | undefined => rules[key] && { key, name: key, rules: rules[key] };
  const rule = (on === undefined ? { match, value } : { match, value, on }) as UrlRule;
  return { rule, url, find, matches, title: `${match} ${value} on ${url.slice(0, 80)} is ${matches}: ${why}` };
});

/** Whether the pattern made of the parts matches the text, as a host. */
const matchesParts = (parts: string[], text: string): boolean =>
  matchesRule([literalPattern(URL_SUBJECTS.host, parts)], ['', text]);

/** Whether the text is the parts with anything between them, decided by trying everything. */
function naive(parts: readonly string[], text: string): boolean {
  const [first = '', ...others] = parts;
  if (!text.startsWith(first)) return false;
  const rest = text.slice(first.length);
  if (others.length === 0) return rest === '';
  for (let start = 0; start <= rest.length; start += 1) if (naive(others, rest.slice(start))) return true;
  return false;
}

describe('matching URLs', () => {
  test.each(rows)('$title', ({ rule, url, find, matches }) => {
    expect(matchUrl(rule, url, { groups: find })).toBe(matches);
    expect(matchUrl(rule, url, { groups: find, regex: re2Regex })).toBe(matches);
  });

  test('there are cases of every operator, matching and not', () => {
    const kinds = new Set(rows.map(({ rule, matches }) => `${rule.match} ${matches}`));
    expect(kinds.size).toBe(20);
    expect(rows.length).toBeGreaterThanOrEqual(300);
  });

  test('parts match as trying everything does', () => {
    const text = fc.stringMatching(/^[ab]{0,10}$/);
    const parts = fc.array(fc.stringMatching(/^[ab]{0,3}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(parts, text, (some, whole) => {
        expect(matchesParts(some, whole)).toBe(naive(some, whole));
      }),
      { numRuns: 5_000 },
    );
  });

  test('parts match every text made of them', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.string()), { minLength: 1 }), (pairs) => {
        const parts = pairs.map(([part]) => part);
        const text = pairs.map(([part, between], index) => part + (index < pairs.length - 1 ? between : '')).join('');
        expect(matchesParts(parts, text)).toBe(true);
      }),
    );
  });

  test('hostile wildcards are decided at once', () => {
    const parts = Array.from({ length: 1_000 }, () => 'a');
    expect(matchesParts([...parts, 'b'], 'a'.repeat(24_000))).toBe(false);
    expect(
      matchUrl({ match: 'wildcard', value: `/${'a*'.repeat(900)}b` }, `https://example.com/${'a'.repeat(1_900)}`),
    ).toBe(false);
  });

  test('a slow pattern sees 400 characters', () => {
    const url = `https://example.com/${'x'.repeat(380)}needle`;
    expect(matchUrl({ match: 'regex', value: 'needle' }, url)).toBe(true);
    expect(matchUrl({ match: 'regex', value: 'needle', slow: true }, url)).toBe(false);
    expect(matchUrl({ match: 'regex', value: 'x+', slow: true }, url)).toBe(true);
  });

  test('no rule matches nothing', () => {
    expect(matchesRule([], ['a'])).toBe(false);
    expect(matchesRule([[URL_SUBJECTS.path, 'a', 'u']], [])).toBe(false);
  });
});
