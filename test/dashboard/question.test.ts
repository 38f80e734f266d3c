/** Periods, comparisons and filters as they stand in addresses. */
import { describe, expect, test } from 'vitest';
import { comparedDays, daysOf, intervalOf, lengthOf, PRESETS, today } from '../../src/dashboard/period.ts';
import { addressWith, carried, questionOf, statsParams } from '../../src/dashboard/question.ts';

const TODAY = '2026-03-01';

describe('a question', () => {
  test('is the last seven days against those before when an address says nothing or nonsense', () => {
    const usual = { preset: '7d', days: { start: '2026-02-23', end: TODAY }, comparison: 'previous', filters: [] };
    expect(questionOf('/sites/x', TODAY)).toEqual(usual);
    expect(questionOf('/sites/x?period=no&from=2026-02-01&to=then&compare=?', TODAY)).toEqual(usual);
    expect(questionOf('/sites/x?from=2026-02-02&to=2026-02-01', TODAY)).toEqual(usual);
  });

  test('is read back from the address it was written into', () => {
    const filters = [
      { by: 'country' as const, value: 'DE' },
      { by: 'page' as const, value: '/a&b=c#d' },
    ];
    const address = addressWith('/sites/x?period=30d', { comparison: 'year', filters });
    expect(questionOf(address, TODAY)).toMatchObject({ preset: '30d', comparison: 'year' });
    expect(new Set(questionOf(address, TODAY).filters)).toEqual(new Set(filters));
    expect(questionOf(addressWith(address, { filters: [] }), TODAY).filters).toEqual([]);
  });

  test('has either own dates or a preset', () => {
    const days = { start: '2026-01-05', end: '2026-01-09' };
    const own = addressWith('/sites/x?period=30d', { days });
    expect(questionOf(own, TODAY)).toMatchObject({ preset: null, days });
    expect(addressWith(own, { preset: 'today' })).toBe('/sites/x?period=today');
  });

  test('takes its period along to another view, not its filters', () => {
    expect(carried('/a?period=30d&country=DE&compare=none')).toBe('?period=30d&compare=none');
    expect(carried('/a')).toBe('');
  });

  test('becomes parameters of the API', () => {
    const params = new URLSearchParams(statsParams({ start: '2026-01-01', end: TODAY }, [{ by: 'os', value: 'iOS' }]));
    expect(Object.fromEntries(params)).toEqual({
      start_date: '2026-01-01',
      end_date: TODAY,
      fresh: 'true',
      filter_os: 'iOS',
    });
  });
});

describe('a period', () => {
  test('begins and ends as its preset says', () => {
    expect(daysOf('yesterday', TODAY)).toEqual({ start: '2026-02-28', end: '2026-02-28' });
    expect(daysOf('month', TODAY)).toEqual({ start: TODAY, end: TODAY });
    expect(daysOf('year', TODAY)).toEqual({ start: '2026-01-01', end: TODAY });
    expect(lengthOf(daysOf('30d', TODAY))).toBe(30);
    expect(lengthOf(daysOf('12m', TODAY))).toBe(365);
  });

  test('is compared with as many days right before, or with the same weekdays a year before', () => {
    const days = daysOf('7d', TODAY);
    expect(comparedDays(days, 'previous')).toEqual({ start: '2026-02-16', end: '2026-02-22' });
    const year = comparedDays(days, 'year');
    expect(new Date(year.start).getUTCDay()).toBe(new Date(days.start).getUTCDay());
    expect(lengthOf(year)).toBe(7);
  });

  test('has buckets that a chart can show', () => {
    const intervals = PRESETS.map(({ id }) => intervalOf(daysOf(id, '2026-11-21')));
    expect(intervals).toEqual(['hour', 'hour', 'day', 'day', 'day', 'day', 'week', 'week']);
    expect(intervalOf({ start: '2020-01-01', end: TODAY })).toBe('month');
  });

  test('has a key of its own for each preset', () => {
    expect(new Set(PRESETS.map(({ key }) => key)).size).toBe(PRESETS.length);
  });

  test('ends today in the time zone of the site', () => {
    const moment = Date.UTC(2026, 0, 1, 11);
    expect(today('Pacific/Kiritimati', moment)).toBe('2026-01-02');
    expect(today('America/Los_Angeles', moment)).toBe('2026-01-01');
  });
});
