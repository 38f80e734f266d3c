/** The past of a goal: the very rows that live counting makes. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversionKey, conversionKeyPrefix, conversionScope } from '../../src/core/conversion-key.ts';
import type { CountRule } from '../../src/core/goal.ts';
import type { EventRow } from '../../src/server/store/event-row.ts';
import { eventRow, md5 } from '../server/store/rows.ts';
import { makeHistory } from './history.ts';
import { everyStore, type OpenedStore } from './stores.ts';

const T = 1_767_225_600_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
describe.each(everyStore())('$name', ({ open }) => {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.dispose());

  const rowsOf = <T>(text: string) => opened.store.query<T>(text, []);

  describe('a goal applied to the past', () => {
    const counts: CountRule[] = ['every', 'once_per_page', 'once_per_session', 'once_per_visitor'];

    it('has the conversions that live counting would have made, by each rule', async () => {
      const { batches } = makeHistory(7, { zone: 'UTC', day: 0, middle: T });
      const rows = batches.flat();
      await opened.load(rows);
      const goals = counts.map((count, index) => {
        const owner = { site: 1, goal: 99 + index, generation: 3 };
        return {
          ...owner,
          version: 4,
          name: 'purchase',
          sees: { properties: false, amount: true },
          judge: (tuple: { amount: string; currency: string }) =>
            tuple.amount === '' ? {} : { amount: BigInt(tuple.amount), currency: tuple.currency },
          count,
          key_prefix: conversionKeyPrefix(owner),
        };
      });
      for (const twice of [0, 1]) {
        for (let day = -4; day < 6; day += 1) {
          const report = await opened.store.backfill({
            site: 1,
            from_ms: T + day * DAY,
            to_ms: T + (day + 1) * DAY,
            received_before_ms: T + 100 * DAY,
            goals,
          });
          expect(report.goals).toBe(goals.length);
          if (twice) expect(report.conversions).toBe(0);
        }
      }
      for (const { count, ...owner } of goals) {
        expect(
          await rowsOf(
            `SELECT CAST(key AS VARCHAR) AS key, CAST(event AS VARCHAR) AS event, CAST(visitor AS VARCHAR) AS visitor, nullif(country, '') AS country, amount, currency
             FROM conversions WHERE goal = ${owner.goal} ORDER BY CAST(key AS VARCHAR)`,
          ),
        ).toEqual(liveRows(rows, { owner, count }));
      }
    });

    /** What the collector would have counted. */
    function liveRows(
      rows: readonly EventRow[],
      scope: { owner: { site: number; goal: number; generation: number }; count: CountRule },
    ) {
      const first = new Map<string, EventRow>();
      const seen = new Set<string>();
      for (const row of rows.filter((one) => one.site === 1 && one.name === 'purchase')) {
        if (seen.has(row.id)) continue;
        seen.add(row.id);
        const ids = { order_id: row.order_id, event_id: row.id, action_id: row.action, view_id: row.view };
        const who = { session: row.session, visitor: row.visitor };
        const key = conversionKey({ ...scope.owner, scope: conversionScope(scope.count, { ...ids, ...who }) }, md5);
        const before = first.get(key);
        if (!before || row.ts < before.ts || (row.ts === before.ts && row.id < before.id)) first.set(key, row);
      }
      return [...first]
        .map(([key, row]) => ({
          key: key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
          event: row.id,
          visitor: row.visitor || null,
          country: row.country || null,
          amount: row.amount === undefined ? null : Number(row.amount),
          currency: row.amount === undefined ? null : row.currency,
        }))
        .sort((a, b) => (a.key < b.key ? -1 : 1));
    }

    it('leaves alone what was received after the watermark', async () => {
      await opened.load([eventRow({ name: 'x' }), eventRow({ name: 'x', received: T + MINUTE })]);
      const owner = { site: 1, goal: 9, generation: 1 };
      const goal = {
        ...owner,
        version: 1,
        count: 'every' as const,
        sees: { properties: true, amount: true },
        judge: () => ({}),
        key_prefix: conversionKeyPrefix(owner),
      };
      const day = { site: 1, from_ms: T, to_ms: T + DAY, received_before_ms: T + MINUTE };
      expect(await opened.store.backfill({ ...day, goals: [goal] })).toEqual({ goals: 1, conversions: 1 });
    });

    it('does as many goals in one transaction as are bounded, and tells how many', async () => {
      await opened.load(Array.from({ length: 3_000 }, (_, n) => eventRow({ name: n % 2 ? 'x' : 'y', ts: T + n })));
      let left = Array.from({ length: 60 }, (_, n) => ({
        goal: n + 1,
        generation: 1,
        version: 1,
        name: n % 2 ? 'x' : 'y',
        count: 'every' as const,
        sees: { properties: false, amount: false },
        judge: () => ({}),
        key_prefix: conversionKeyPrefix({ site: 1, goal: n + 1, generation: 1 }),
      }));
      const day = { site: 1, from_ms: T, to_ms: T + DAY, received_before_ms: T + DAY };
      const reports: { goals: number; conversions: number }[] = [];
      while (left.length > 0) {
        const report = await opened.store.backfill({ ...day, goals: left });
        reports.push(report);
        left = left.slice(report.goals);
      }
      expect(reports.length).toBeGreaterThan(1);
      expect(reports.every(({ goals, conversions }) => conversions === goals * 1_500)).toBe(true);
      expect(await rowsOf('SELECT goal, count(*) AS n FROM conversions GROUP BY goal ORDER BY goal')).toEqual(
        Array.from({ length: 60 }, (_, n) => ({ goal: n + 1, n: 1_500 })),
      );
    });
  });
});
