/** Buckets of a zone, and the arithmetic that finds them. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bucketSql, bucketsOf, INTERVALS } from '../../../src/server/stats/buckets.ts';
import { periodOf } from '../../../src/server/stats/stats-query.ts';
import { dayFromText, offsetAt } from '../../../src/server/stats/zone.ts';
import { ZONES } from '../../contract/history.ts';
import { type OpenedStore, openTestStore } from '../store/open-store.ts';

const day = (text: string) => dayFromText(text)!;

describe('buckets', () => {
  it('of hours tell a repeated hour apart and leave out a missing one', () => {
    const autumn = bucketsOf('Europe/Berlin', periodOf('Europe/Berlin', day('2026-10-25'), day('2026-10-25')), 'hour');
    expect(autumn.labels).toHaveLength(25);
    expect(autumn.labels.slice(1, 5)).toEqual([
      '2026-10-25T01:00:00+02:00',
      '2026-10-25T02:00:00+02:00',
      '2026-10-25T02:00:00+01:00',
      '2026-10-25T03:00:00+01:00',
    ]);
    const spring = bucketsOf('Europe/Berlin', periodOf('Europe/Berlin', day('2026-03-29'), day('2026-03-29')), 'hour');
    expect(spring.labels).toHaveLength(23);
    expect(spring.labels).not.toContain('2026-03-29T02:00:00+01:00');
  });

  it('of hours begin on the local hour where clocks are off by half an hour or a quarter', () => {
    const zone = 'Australia/Lord_Howe';
    const { labels } = bucketsOf(zone, periodOf(zone, day('2026-04-05'), day('2026-04-05')), 'hour');
    expect(labels.slice(0, 5).map((label) => label.slice(11))).toEqual([
      '00:00:00+11:00',
      '01:00:00+11:00',
      '01:30:00+10:30',
      '02:00:00+10:30',
      '03:00:00+10:30',
    ]);
    const kathmandu = bucketsOf('Asia/Kathmandu', periodOf('Asia/Kathmandu', 20_000, 20_000), 'hour');
    expect(kathmandu.labels[5]).toMatch(/T05:00:00\+05:45$/);
  });

  it('leave out a day that a zone skipped', () => {
    const zone = 'Pacific/Apia';
    const { labels } = bucketsOf(zone, periodOf(zone, day('2011-12-29'), day('2012-01-01')), 'day');
    expect(labels).toEqual(['2011-12-29', '2011-12-31', '2012-01-01']);
    expect(bucketsOf(zone, periodOf(zone, day('2011-12-30'), day('2011-12-30')), 'day').labels).toEqual([]);
  });

  it('of weeks begin on Monday and of months on the first, cut by the range', () => {
    const range = periodOf('UTC', day('2026-01-28'), day('2026-02-10'));
    expect(bucketsOf('UTC', range, 'week').labels).toEqual(['2026-01-26', '2026-02-02', '2026-02-09']);
    const months = bucketsOf('UTC', range, 'month');
    expect(months.labels).toEqual(['2026-01-01', '2026-02-01']);
    expect(months.bounds).toEqual([range.from_ms, Date.parse('2026-02-01T00:00:00Z'), range.to_ms]);
  });

  it('are at most 2,500', () => {
    expect(bucketsOf('UTC', periodOf('UTC', 10_000, 12_499), 'day').labels).toHaveLength(2_500);
    expect(() => bucketsOf('UTC', periodOf('UTC', 10_000, 12_500), 'day')).toThrow(
      expect.objectContaining({ code: 'invalid_parameter', field: 'interval' }),
    );
    expect(() => bucketsOf('Europe/Berlin', periodOf('Europe/Berlin', 100, 70_000), 'hour')).toThrow(/2500/);
  });
});

describe('the arithmetic', () => {
  let opened: OpenedStore;
  beforeAll(async () => {
    opened = await openTestStore();
  });
  afterAll(() => opened.dispose());

  it('puts every instant into the bucket it lies in', async () => {
    // At most a hundred days, because more hours than 2,500 are refused.
    const question = fc.tuple(fc.constantFrom(...ZONES), fc.constantFrom(...INTERVALS), fc.nat(60), fc.nat());
    await fc.assert(
      fc.asyncProperty(question, async ([[zone, text], interval, days, seed]) => {
        const range = periodOf(zone, day(text) - days, day(text) + (seed % 40));
        const { bounds, labels } = bucketsOf(zone, range, interval);
        const instants = bounds.flatMap((at) => [at - 1, at, at + (seed % 3_599_999)]);
        const within = instants.filter((at) => at >= range.from_ms && at < range.to_ms);
        if (within.length === 0) return;
        const values = within.map((at, n) => `(${n}, ${at})`).join(', ');
        const text_ = `SELECT ${bucketSql('instant', bounds)} AS bucket FROM (VALUES ${values}) v(n, instant) ORDER BY n`;
        const rows = await opened.store.query<{ bucket: number }>(text_, []);
        expect(rows.map((row) => row.bucket)).toEqual(within.map((at) => bounds.findLastIndex((start) => start <= at)));
        expect(labels).toHaveLength(bounds.length - 1);
        if (interval === 'hour') {
          for (const at of bounds.slice(1, -1)) expect((at + offsetAt(zone, at)) % 1_800_000).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });
});
