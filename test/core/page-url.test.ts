/** Normalising URLs: one spelling for one page, whatever the input. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { subjectOf } from '../../src/core/match-url.ts';
import { normalizePercent, normalizeUrl, type PageUrl, urlSubjects } from '../../src/core/page-url.ts';
import { URL_SUBJECTS } from '../../src/core/plan.ts';

const FULL = { scheme: 'https:', host: 'example.com', port: '', path: '/', query: '', fragment: '' };

/** The URL's parts joined again. */
function written({ scheme, host, port, path, query, fragment }: PageUrl): string {
  return `${scheme && `${scheme}//`}${host}${port}${path}${query}${fragment}`;
}

describe('normalising URLs', () => {
  test.each([
    ['https://example.com', FULL],
    ['HTTPS://WWW.Example.COM:443/', FULL],
    ['http://example.com:80/', { ...FULL, scheme: 'http:' }],
    ['https://example.com:8080/', { ...FULL, port: ':8080' }],
    ['https://user:pass@example.com/', FULL],
    ['  https://example.com/ ', FULL],
    ['https://example.com/?#', FULL],
    ['https://example.com/a?b#c', { ...FULL, path: '/a', query: '?b', fragment: '#c' }],
    ['https://example.com/%7Ea%2fb%c3%bc', { ...FULL, path: '/~a%2Fb%C3%BC' }],
    ['https://example.com/%zz%4', { ...FULL, path: '/%zz%4' }],
    ['https://example.com/a/./b/../c', { ...FULL, path: '/a/c' }],
    ['https://example.com/ü?ü#ü', { ...FULL, path: '/%C3%BC', query: '?%C3%BC', fragment: '#%C3%BC' }],
    ['https://www.www.example.com/', { ...FULL, host: 'www.example.com' }],
    ['https://müller.de/', { ...FULL, host: 'xn--mller-kva.de' }],
    ['https://[::1]:3000/', { ...FULL, host: '[::1]', port: ':3000' }],
    ['whatsapp://Send?text=x', { ...FULL, scheme: 'whatsapp:', host: 'send', query: '?text=x' }],
    [
      'mailto:a@example.com?subject=x',
      { ...FULL, scheme: '', host: '', path: 'mailto:a@example.com', query: '?subject=x' },
    ],
    ['tel:+49 30', { ...FULL, scheme: '', host: '', path: 'tel:+49%2030' }],
  ])('%s is read', (raw, url) => {
    expect(normalizeUrl(raw)).toEqual(url);
  });

  test.each(['', 'example.com', '/path', 'https://', 'https://exa mple.com/', 'https://example.com:99999/', '::'])(
    '%s is none',
    (raw) => {
      expect(normalizeUrl(raw)).toBeUndefined();
    },
  );

  test('a relative URL is read against its base', () => {
    expect(normalizeUrl('../b?c', 'https://www.example.com/a/x')).toEqual({ ...FULL, path: '/b', query: '?c' });
    expect(normalizeUrl('//other.org', 'https://example.com/')).toEqual({ ...FULL, host: 'other.org' });
    expect(normalizeUrl('/b', 'no base')).toBeUndefined();
  });

  test('only 2,000 characters are read', () => {
    const start = 'https://example.com/';
    expect(normalizeUrl(start + 'x'.repeat(1_980))?.path).toBe(`/${'x'.repeat(1_980)}`);
    expect(normalizeUrl(start + 'x'.repeat(1_981))?.path).toBe(`/${'x'.repeat(1_980)}`);
    expect(normalizeUrl(`${start}${'x'.repeat(1_979)}😀😀`)?.path).toBe(`/${'x'.repeat(1_979)}%F0%9F%98%80`);
  });

  test('nothing makes it throw, and what it writes it reads again alike', () => {
    const any = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((tail) => `https://example.com/${tail}`),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    );
    fc.assert(
      fc.property(any, (raw) => {
        const url = normalizeUrl(raw);
        if (!url) return;
        expect(urlSubjects(url)).toHaveLength(6);
        // Percent signs that only become an escape by decoding are malformed, and left alone on the first reading.
        if (url.host && !raw.includes('%'))
          expect(normalizeUrl(written(url).slice(0, 2_000))?.host).toBe(url.host.replace(/^www\./, ''));
      }),
      { numRuns: 5_000 },
    );
  });

  test('subjects are ASCII, so that engines need not agree on Unicode', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (path, query) => {
        const url = normalizeUrl(`https://example.com/${path}?${query}`);
        if (url) for (const subject of urlSubjects(url)) expect(subject).toMatch(/^[\x21-\x7e]*$/);
      }),
    );
  });
});

describe('percent-encoding', () => {
  test.each([
    ['%41%7a%30%2D%2e%5F%7E', 'Az0-._~'],
    ['%2f%3a', '%2F%3A'],
    ['%2541', '%2541'],
    ['%', '%'],
    ['%g1%1', '%g1%1'],
    ['%0a%00', '%0A%00'],
    ['a b"\'<>^`{|}', 'a%20b%22%27%3C%3E%5E%60%7B%7C%7D'],
    ['%7B%7c', '%7B%7C'],
    ['!$&()*+,/:;=?@[]\\#', '!$&()*+,/:;=?@[]\\#'],
  ])('%s becomes %s', (text, normalized) => {
    expect(normalizePercent(text)).toBe(normalized);
  });
});

describe('subjects', () => {
  const subjects = urlSubjects(normalizeUrl('https://www.example.com:81/a/?b=1#c') as PageUrl);

  test.each([
    ['whole', 'example.com:81/a/?b=1#c'],
    ['no_fragment', 'example.com:81/a/?b=1'],
    ['no_query', 'example.com:81/a/'],
    ['path', '/a/'],
    ['path_query', '/a/?b=1'],
    ['host', 'example.com'],
    ['full', 'https://example.com:81/a/?b=1#c'],
    ['path_whole', '/a/?b=1#c'],
  ] as const)('%s is %s', (name, subject) => {
    expect(subjectOf(subjects, URL_SUBJECTS[name])).toBe(subject);
  });

  test('a URL without host is its path', () => {
    const mail = urlSubjects(normalizeUrl('mailto:a@example.com') as PageUrl);
    expect(subjectOf(mail, URL_SUBJECTS.full)).toBe('mailto:a@example.com');
    expect(subjectOf(mail, URL_SUBJECTS.whole)).toBe('mailto:a@example.com');
    expect(subjectOf(mail, URL_SUBJECTS.host)).toBe('');
  });
});
