/** What a User-Agent header says. */
import { describe, expect, it } from 'vitest';
import { readUserAgent } from '../../../src/server/collector/user-agent.ts';

describe('a user agent', () => {
  it.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
      { browser: 'Chrome', os: 'Windows', device: 'desktop', bot: false },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', os: 'iOS', device: 'mobile', bot: false },
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
      { browser: 'Safari', os: 'iOS', device: 'tablet', bot: false },
    ],
    [
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
      { browser: 'Firefox', os: 'Linux', device: 'desktop', bot: false },
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', { bot: true }],
    ['curl/8.5.0', { bot: true }],
    ['', { browser: '', os: '', device: '', bot: true }],
  ])('%s is understood', (header, expected) => {
    expect(readUserAgent(header)).toMatchObject(expected);
  });

  it("that is absent is a bot's", () => {
    expect(readUserAgent(undefined).bot).toBe(true);
  });

  it('of any length is read at once', () => {
    expect(readUserAgent('Mozilla/5.0 '.repeat(10_000))).toMatchObject({ bot: false });
  });
});
