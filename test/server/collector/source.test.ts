/** Where a visit comes from. */
import { describe, expect, it } from 'vitest';
import { campaignKey, campaignOf, NO_CAMPAIGN, originOf, referrerHost } from '../../../src/server/collector/source.ts';

const isOwn = (host: string): boolean => host === 'shop.example' || host.endsWith('.shop.example');

describe('the source of a visit', () => {
  it.each([
    ['', '', ''],
    ['https://www.google.com/', 'Google', 'google.com'],
    ['https://www.google.co.uk/search', 'Google', 'google.co.uk'],
    ['https://google.de', 'Google', 'google.de'],
    ['https://news.google.com/x', 'Google News', 'news.google.com'],
    ['https://duckduckgo.com/', 'DuckDuckGo', 'duckduckgo.com'],
    ['https://de.search.yahoo.com/', 'Yahoo!', 'de.search.yahoo.com'],
    ['https://yandex.ru/', 'Yandex', 'yandex.ru'],
    ['https://t.co/abc', 'X (Twitter)', 't.co'],
    ['https://l.facebook.com/l.php', 'Facebook', 'l.facebook.com'],
    ['https://old.reddit.com/r/x', 'Reddit', 'old.reddit.com'],
    ['https://Blog.Example.org:8443/post', 'blog.example.org', 'blog.example.org'],
    ['https://notgoogle.community/', 'notgoogle.community', 'notgoogle.community'],
    ['https://googlewatch.com/', 'googlewatch.com', 'googlewatch.com'],
  ])('of the referrer %s is "%s"', (referrer, source, host) => {
    expect(originOf(NO_CAMPAIGN, referrer, isOwn)).toMatchObject({ source, referrer_host: host, referrer });
  });

  it.each([
    'https://www.paypal.com/checkoutnow',
    'https://checkout.stripe.com/pay',
    'https://pay.google.com/gp',
    'https://www.klarna.com/',
    'https://shop.example/cart',
    'https://www.shop.example/cart',
    'https://help.shop.example/',
  ])('is never %s', (referrer) => {
    expect(originOf(NO_CAMPAIGN, referrer, isOwn)).toMatchObject({ source: '', referrer_host: '', referrer: '' });
  });

  it("is the campaign's rather than the referrer's, which is kept", () => {
    const campaign = campaignOf(
      '?utm_source=Newsletter&utm_medium=email&utm_campaign=May%20sale&utm_term=a&utm_content=b',
    );
    expect(originOf(campaign, 'https://www.google.com/', isOwn)).toEqual({
      utm_source: 'Newsletter',
      utm_medium: 'email',
      utm_campaign: 'May sale',
      utm_term: 'a',
      utm_content: 'b',
      source: 'Newsletter',
      referrer_host: 'google.com',
      referrer: 'https://www.google.com/',
    });
  });

  it('has one name for what campaigns spell in many ways', () => {
    for (const name of ['google', 'Google', 'adwords']) {
      expect(originOf(campaignOf(`?utm_source=${name}`), '', isOwn).source).toBe('Google');
    }
  });

  it('may be given as ref or source', () => {
    expect(campaignOf('?ref=producthunt').utm_source).toBe('producthunt');
    expect(campaignOf('?source=podcast').utm_source).toBe('podcast');
    expect(campaignOf('?utm_source=a&ref=b').utm_source).toBe('a');
  });

  it('knows no campaign where there is none', () => {
    for (const query of ['', '?', '?utm_=', '?page=2', '?href=x']) expect(campaignKey(campaignOf(query))).toBe('');
  });

  it('tells campaigns apart', () => {
    const keys = ['?utm_source=a', '?utm_source=b', '?utm_campaign=a', '?utm_source=a&utm_campaign=a'].map((query) =>
      campaignKey(campaignOf(query)),
    );
    expect(new Set(keys).size).toBe(4);
  });

  it('reads the host of odd referrers without throwing', () => {
    expect(referrerHost('https://user:pass@www.Example.com:80/a')).toBe('example.com');
    expect(referrerHost('android-app://com.google.android.gm/')).toBe('com.google.android.gm');
    expect(referrerHost('about:blank')).toBe('');
    expect(referrerHost('not a url')).toBe('');
  });
});
