/** The statistics of one goal, from real rows in a real store. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goalStats } from '../../../src/server/stats/goal-stats.ts';
import { type Params, parseStatsQuery } from '../../../src/server/stats/stats-query.ts';
import type { EventRow } from '../../../src/server/store/event-row.ts';
import { type OpenedStore, openTestStore } from '../store/open-store.ts';
import { conversion, eventRow } from '../store/rows.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-03-07T12:00:00Z');
const GOAL = { number: 7, generation: 1 };
let opened: OpenedStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

function stats(params: Params) {
  const context = { now_ms: NOW, findGoal: () => GOAL };
  const query = parseStatsQuery(params, { timezone: 'UTC', bots: 'exclude' }, context);
  return goalStats(opened.store, 1, { goal: GOAL, query });
}

/** So many sessions, each one view on a day, the first of them converting. */
function period(day: string, sessions: number, counts: { converting: number; conversions: number }): EventRow[] {
  const start = Date.parse(`${day}T00:00:00Z`);
  const rows: EventRow[] = [];
  for (let n = 0; n < sessions; n += 1) {
    const ts = start + ((n * 7919) % (7 * 1440)) * 60_000;
    const who = { ts, session: `${start / DAY}${n}`, visitor: `${n}` };
    const twice = n < counts.conversions - counts.converting;
    const items = n < counts.converting ? (twice ? 2 : 1) : 0;
    rows.push(eventRow(who));
    for (let i = 0; i < items; i += 1) {
      rows.push(eventRow({ ...who, name: 'signup', conversions: [conversion({ scope: `${start} ${n} ${i}` })] }));
    }
  }
  return rows;
}

describe('goalStats', () => {
  it('gives the numbers of the worked example', async () => {
    await opened.load(period('2026-03-01', 1250, { converting: 38, conversions: 42 }));
    await opened.load(period('2026-02-22', 1115, { converting: 32, conversions: 35 }));
    expect(await stats({ start_date: '2026-03-01', end_date: '2026-03-07' })).toEqual({
      start_date: '2026-03-01',
      end_date: '2026-03-07',
      timezone: 'UTC',
      as_of: '2026-03-07T12:00:00.000Z',
      conversions: 42,
      converting_sessions: 38,
      converting_visitors: 38,
      total_sessions: 1250,
      total_visitors: 1250,
      conversion_rate: 0.0304,
      prev_conversions: 35,
      prev_conversion_rate: 0.0287,
      trend_pct: 5.92,
      revenue: [],
    });
  });

  it('is all zeros and nulls when there is nothing', async () => {
    expect(await stats({})).toMatchObject({
      start_date: '2026-03-01',
      end_date: '2026-03-07',
      conversions: 0,
      total_sessions: 0,
      conversion_rate: 0,
      prev_conversions: null,
      prev_conversion_rate: null,
      trend_pct: null,
      revenue: [],
    });
  });

  it('tells what servers reported before, which has no sessions and so no rate', async () => {
    const reported = { origin: 'server', session: '', visitor: '5', name: 'signup' } as const;
    const before = Date.parse('2026-02-25T00:00:00Z');
    await opened.load([
      eventRow({ ...reported, ts: before, conversions: [conversion({ scope: 'a' })] }),
      eventRow({ ...reported, ts: NOW, conversions: [conversion({ scope: 'b' })] }),
    ]);
    expect(await stats({})).toMatchObject({
      conversions: 1,
      conversion_rate: 0,
      prev_conversions: 1,
      prev_conversion_rate: null,
      trend_pct: null,
    });
  });

  it('never adds currencies together and sums beyond 64 bits', async () => {
    const paid = (scope: string, amount: bigint, currency: string) =>
      eventRow({ ts: NOW, conversions: [conversion({ scope, amount, currency })] });
    const most = 1_000_000_000_000_000n;
    const rows = Array.from({ length: 10_000 }, (_, n) => paid(`big ${n}`, most, 'EUR'));
    await opened.load([...rows, paid('a', 10_000_000n, 'USD'), paid('b', 20_000_000n, 'USD'), paid('c', 1n, 'USD')]);
    expect((await stats({})).revenue).toEqual([
      {
        currency: 'EUR',
        total: '10000000000000.00',
        refunded: '0.00',
        net: '10000000000000.00',
        average: '1000000000.00',
      },
      { currency: 'USD', total: '30.000001', refunded: '0.00', net: '30.000001', average: '10.00' },
    ]);
  });

  it('counts a session over midnight on both days, and bots only when asked', async () => {
    const midnight = Date.parse('2026-03-05T00:00:00Z');
    await opened.load([
      eventRow({ ts: midnight - 60_000 }),
      eventRow({ ts: midnight + 60_000 }),
      eventRow({ ts: midnight, session: '9', visitor: '9', bot: true }),
    ]);
    for (const day of ['2026-03-04', '2026-03-05']) {
      expect(await stats({ start_date: day, end_date: day })).toMatchObject({ total_sessions: 1, total_visitors: 1 });
    }
    const day = { start_date: '2026-03-05', end_date: '2026-03-05', include_bots: 'true' };
    expect(await stats(day)).toMatchObject({ total_sessions: 2 });
  });

  it('filters by dimension, by page and by goal', async () => {
    const german = { session: '2', visitor: '2', country: 'DE', region: 'BE|Berlin' };
    await opened.load([
      eventRow({ ts: NOW, country: 'FR', path: '/a' }),
      eventRow({ ts: NOW, country: 'FR', path: '/b', conversions: [conversion({ scope: '1' })] }),
      eventRow({ ts: NOW, ...german, path: '/a', conversions: [conversion({ scope: '2' })] }),
      eventRow({ ts: NOW, session: '3', visitor: '3', path: '/a' }),
    ]);
    expect(await stats({ filter_country: 'de' })).toMatchObject({ conversions: 1, total_sessions: 1 });
    expect(await stats({ filter_country: ['DE', 'FR'] })).toMatchObject({ conversions: 2, total_sessions: 2 });
    expect(await stats({ filter_country: '!DE' })).toMatchObject({ conversions: 1, total_sessions: 2 });
    expect(await stats({ filter_region: 'Berlin' })).toMatchObject({ conversions: 1, total_sessions: 1 });
    expect(await stats({ filter_region: 'BE' })).toMatchObject({ conversions: 1, total_sessions: 1 });
    expect(await stats({ filter_region: '!BE' })).toMatchObject({ conversions: 1, total_sessions: 2 });
    expect(await stats({ filter_page: '/a' })).toMatchObject({ conversions: 1, total_sessions: 3 });
    expect(await stats({ filter_page: '/b', filter_country: 'FR' })).toMatchObject({
      conversions: 1,
      total_sessions: 1,
    });
    expect(await stats({ filter_goal: 'x' })).toMatchObject({ conversions: 2, total_sessions: 2 });
    expect(await stats({ filter_goal: '!x' })).toMatchObject({ conversions: 0, total_sessions: 1 });
  });
});
