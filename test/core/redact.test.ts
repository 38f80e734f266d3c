/** Redaction: what identifies people loses its value, everything else keeps its spelling. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizePercent } from '../../src/core/page-url.ts';
import { isRedactedParameter, REDACTED_MARK, redactText, redactUrl, ruleNeedsRedacted } from '../../src/core/redact.ts';
import cases from '../cases/redact.json' with { type: 'json' };

/** Pieces from which awkward URLs are made. */
const PIECES = [
  ...['https://', 'a', 'B', '/', '?', '&', '#', ';', '=', '@', '%40', '%2540', '.', '%2e', 'co', 'com', '(', '%'],
  ...['%3F', '%3D', '%26', '%23', '%2F', '%20', 'token', 'code', 'email', 'sid', '!', '[', ']', '%5B', 'ü', '%C3%BC'],
  ...['%253F', '%253D', '%2526', '%25'],
  ...['bob@example.com', 'user:pass@', '(redacted)', 'x'.repeat(64)],
];
const awkwardUrl = fc.array(fc.constantFrom(...PIECES), { maxLength: 24 }).map((pieces) => pieces.join(''));

describe('redacting', () => {
  test.each(cases)('$why', (row) => {
    const redacted = row.url === undefined ? redactText(row.text ?? '') : redactUrl(row.url, row.extra);
    expect(redacted).toBe(row.becomes);
  });

  test('redacting twice is redacting once', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          awkwardUrl,
          fc.webUrl({ withQueryParameters: true, withFragments: true }),
          fc.string({ unit: 'binary' }),
        ),
        (url) => {
          const once = redactUrl(url, ['own']);
          expect(redactUrl(once, ['own'])).toBe(once);
        },
      ),
      { numRuns: 20_000 },
    );
  });

  test('no address survives, wherever it stands', () => {
    fc.assert(
      fc.property(awkwardUrl, awkwardUrl, (before, after) => {
        expect(redactUrl(`${before}/bob@example.com/${after}`)).not.toContain('bob@example.com');
      }),
      { numRuns: 5_000 },
    );
  });

  test('no token survives in a query', () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.stringMatching(/^[a-zA-Z0-9?;=/]{8,20}$/), (url, secret) => {
        expect(redactUrl(`${url}?a=1&token=${secret}&b=2`)).toBe(`${normalizePercent(url)}?a=1&token=&b=2`);
      }),
    );
  });

  test('the mark holds no redacted name', () => {
    expect(isRedactedParameter(REDACTED_MARK)).toBe(false);
    expect(redactUrl(`?${REDACTED_MARK}=5`)).toBe(`?${REDACTED_MARK}=5`);
  });

  test('hostile lengths are answered', () => {
    for (const unit of ['a', '@', 'a@', '%40', 'a.', '?', ';token=', '%3Ftoken%3D', 'bob@example.com']) {
      expect(typeof redactUrl(unit.repeat(20_000))).toBe('string');
    }
  });
});

describe('a rule needs what is redacted', () => {
  test.each([
    ['exact', 'https://example.com/reset?token=abc', true],
    ['exact', 'https://example.com/reset?token=', false],
    ['contains', 'token=abc', true],
    ['contains', 'token', false],
    ['contains', 'plan=pro', false],
    ['regex', '[?&]code=\\w+', true],
    ['regex', '^/thanks/\\d+$', false],
    ['simple', '/u/bob@example.com', true],
    ['wildcard', '/cb?session=*', true],
  ] as const)('%s %s: %s', (match, value, needs) => {
    expect(ruleNeedsRedacted({ match, value })).toBe(needs);
  });

  test('a name of the site itself counts', () => {
    expect(ruleNeedsRedacted({ match: 'contains', value: '?ref=a' })).toBe(false);
    expect(ruleNeedsRedacted({ match: 'contains', value: '?ref=a' }, ['ref'])).toBe(true);
  });
});
