/** Reading a question: defaults, and every way to ask wrongly, refused by the parameter's name. */
import { describe, expect, it } from 'vitest';
import { type Params, parseStatsQuery } from '../../../src/server/stats/stats-query.ts';

const NOW = Date.parse('2026-03-07T23:30:00Z');

function read(params: Params) {
  const context = {
    now_ms: NOW,
    also: ['interval'],
    findGoal: (ref: string) => (ref === 'signup' ? { number: 3, generation: 2 } : undefined),
  };
  return parseStatsQuery(params, { timezone: 'Europe/Berlin', bots: 'include' }, context);
}

describe('a question', () => {
  it('is about the last seven days of the site’s zone unless it says otherwise', () => {
    expect(read({})).toMatchObject({
      start_date: '2026-03-02',
      end_date: '2026-03-08',
      timezone: 'Europe/Berlin',
      include_bots: true,
    });
    expect(read({ timezone: 'UTC' })).toMatchObject({ start_date: '2026-03-01', end_date: '2026-03-07' });
  });

  it('with an end alone is about seven days, with a start alone goes on until today', () => {
    expect(read({ end_date: '2026-01-10' })).toMatchObject({ start_date: '2026-01-04', end_date: '2026-01-10' });
    expect(read({ start_date: '2026-03-05' })).toMatchObject({ start_date: '2026-03-05', end_date: '2026-03-08' });
    expect(read({ start_date: '2027-01-01' })).toMatchObject({ end_date: '2027-01-01' });
  });

  it('compares with as many local days right before', () => {
    const query = read({ start_date: '2026-03-29', end_date: '2026-03-30' });
    expect(query.from_ms - query.previous_from_ms).toBe(48 * 3_600_000);
    expect(query.to_ms - query.from_ms).toBe(47 * 3_600_000);
  });

  it('takes several values of a filter, and their opposites', () => {
    expect(
      read({ filter_country: ['de', '!fr'], filter_page: '/a', filter_goal: ['signup', '!signup'] }),
    ).toMatchObject({
      filters: [
        { by: 'country', is: ['DE', 'de'], is_not: ['FR', 'fr'] },
        { by: 'page', is: ['/a'], is_not: [] },
      ],
      goals: { is: [{ number: 3, generation: 2 }], is_not: [{ number: 3, generation: 2 }] },
    });
  });

  it.each([
    ['page', '/café', '/caf%C3%A9'],
    ['page', '/caf%c3%a9', '/caf%C3%A9'],
    ['page', '/a b|c', '/a%20b%7Cc'],
    ['page', '/%7Eann', '/~ann'],
    ['page', '/x?y=1#z', '/x'],
    ['page', '//x', '//x'],
    ['page', 'https://www.shop.example/a%2fb?c', '/a%2Fb'],
    ['page', '/%E0%A4%A', '/%E0%A4%A'],
    ['page', 'cart', 'cart'],
    ['page', '', ''],
    ['hostname', 'www.Shop.example', 'shop.example'],
    ['hostname', 'bücher.example', 'xn--bcher-kva.example'],
    ['referrer', 'https://www.google.com/search?q=x', 'google.com'],
    ['referrer', '', ''],
    ['language', 'en-us', 'en-US'],
    ['language', 'no such', 'no such'],
    ['device', 'Mobile', 'mobile'],
    ['country', 'de', 'DE'],
    ['browser', 'Chrome', 'Chrome'],
  ])('looks for the %s %j as %j', (by, written, stored) => {
    const [filter] = read({ [`filter_${by}`]: `!${written}` }).filters;
    expect(filter?.is_not).toEqual([...new Set([stored, written])]);
  });

  it.each<[Params]>([
    [{ start_date: '2026-02-30' }],
    [{ start_date: 'yesterday' }],
    [{ end_date: '1969-01-01' }],
    [{ end_date: '2300-01-01' }],
    [{ timezone: 'Mars/Base' }],
    [{ timezone: '' }],
    [{ timezone: ['UTC', 'UTC'] }],
    [{ include_bots: 'yes' }],
    [{ filter_color: 'red' }],
    [{ filter_constructor: 'x' }],
    [{ filter_goal: 'unknown' }],
    [{ colour: 'red' }],
  ])('is refused for %j with the field', (params) => {
    expect(() => read(params)).toThrow(
      expect.objectContaining({ code: 'invalid_parameter', field: Object.keys(params)[0] }),
    );
  });

  it('is refused when it ends before it starts', () => {
    expect(() => read({ start_date: '2026-02-02', end_date: '2026-02-01' })).toThrow(
      expect.objectContaining({ field: 'end_date' }),
    );
  });

  it('leaves to the route what is the route’s', () => {
    expect(() => read({ interval: 'nonsense' })).not.toThrow();
  });
});
