/** Whether a store answers every statistic of a history as the oracle does. */
import { expect } from 'vitest';
import { allGoalsStats } from '../../src/server/stats/all-goals-stats.ts';
import { attribution } from '../../src/server/stats/attribution.ts';
import { breakdown } from '../../src/server/stats/breakdown.ts';
import { bucketsOf, INTERVALS } from '../../src/server/stats/buckets.ts';
import { funnel } from '../../src/server/stats/funnel.ts';
import { goalStats } from '../../src/server/stats/goal-stats.ts';
import { FILTER_COLUMNS, type FilterName, periodOf, type StatsQuery } from '../../src/server/stats/stats-query.ts';
import { timeseries } from '../../src/server/stats/timeseries.ts';
import { dayStart } from '../../src/server/stats/zone.ts';
import type { EventRow } from '../../src/server/store/event-row.ts';
import { GOALS, type History } from './history.ts';
import { Oracle } from './oracle.ts';
import { attributed } from './oracle-attribution.ts';
import type { OpenedStore } from './stores.ts';

/** A random question about a history. */
function question({ zone, day, roll }: History, rows: readonly EventRow[]): StatsQuery {
  const first = day - 1 - roll(3);
  const query: StatsQuery = {
    ...periodOf(zone, first, first + roll(4)),
    filters: [],
    goals: { is: [], is_not: [] },
    include_bots: roll(2) === 0,
    as_of: '',
  };
  for (let n = roll(3); n > 0; n -= 1) {
    const by = Object.keys(FILTER_COLUMNS)[roll(Object.keys(FILTER_COLUMNS).length)] as FilterName;
    const values = [0, 1]
      .map(() => rows[roll(rows.length)]![FILTER_COLUMNS[by]])
      .map((v) => (by === 'region' ? v.split('|')[roll(2)]! || v : v));
    query.filters.push(
      roll(3) === 0 ? { by, is: [], is_not: values.slice(0, 1 + roll(2)) } : { by, is: values, is_not: [] },
    );
  }
  if (roll(5) === 0) query.goals = { is: [GOALS[roll(4)]!], is_not: [] };
  if (roll(6) === 0) query.goals.is_not.push(GOALS[roll(4)]!);
  return query;
}

/** Refunds a few of the orders that were counted, in store and oracle alike. */
async function refundSome(opened: OpenedStore, oracle: Oracle, history: History): Promise<void> {
  const { roll } = history;
  const orders = [...oracle.counted.values()].filter(
    (c) => c.event.order_id !== '' && c.event.site === 1 && c.goal === 2,
  );
  for (const order of orders.filter((c) => c.amount !== undefined && c.amount > 0n && roll(2) === 0)) {
    const now_ms = dayStart(history.zone, history.day) + roll(48) * 3_600_000;
    const amount = roll(2) === 0 ? order.amount! / 2n + 1n : order.amount!;
    const made = await opened.store.refund({
      site: 1,
      order_id: order.event.order_id,
      refund_id: 'r',
      ...(amount === order.amount ? {} : { amount }),
      goals: [{ goal: 2, generation: 1 }],
      now_ms,
      keyOf: () => order.key.split('').reverse().join(''),
    });
    expect(made).toMatchObject([{ goal: 2, amount: String(-amount) }]);
    oracle.refunds.push({ ...order, ts: now_ms, amount: -amount, refund: true });
  }
}

/** Every statistic of one question. */
async function compare(opened: OpenedStore, oracle: Oracle, query: StatsQuery): Promise<void> {
  const { store } = opened;
  const goals = GOALS.map(({ number, generation }) => ({ number, generation }));
  const all = await allGoalsStats(store, 1, { goals, query });
  for (const [index, goal] of goals.entries()) {
    const expected = oracle.goalStats(1, query, goal);
    expect(await goalStats(store, 1, { goal, query })).toMatchObject(expected);
    expect(all[index]).toMatchObject({ number: goal.number, ...expected });
  }
  const goal = goals[query.from_ms % 2 === 0 ? 1 : 0]!;
  for (const interval of INTERVALS) {
    const series = await timeseries(store, 1, { goal, query, interval });
    const { bounds } = bucketsOf(query.timezone, query, interval);
    // A goal filter looks at the whole period, a bucket only at its own part of it: asked apart.
    const traffic = oracle.traffic(1, query, [query.from_ms, query.to_ms]);
    const rows = oracle.conversions(1, query, { interval: [query.from_ms, query.to_ms], goal });
    const expected = series.points.map((_, n) => {
      const within = (ts: number) => ts >= bounds[n]! && ts < bounds[n + 1]!;
      return oracle.line(
        traffic.filter((row) => within(row.ts)),
        rows.filter((row) => within(row.ts)),
      );
    });
    expect(series.points).toMatchObject(expected);
  }
  const dimensions = ['source', 'page', 'region', 'country'] as const;
  for (const by of [dimensions[query.filters.length % 4]!, 'page'] as const) {
    for (const offset of [0, 2]) {
      const scope = { goal, query, by, limit: 2, offset };
      expect((await breakdown(store, 1, scope)).rows).toEqual(oracle.breakdown(1, query, scope));
    }
  }
  for (const model of ['first', 'last'] as const) {
    const scope = { goal, query, by: 'source' as const, model, window_days: 1 + (query.filters.length % 2) };
    expect((await attribution(store, 1, scope)).rows).toEqual(attributed(oracle, 1, scope));
  }
  for (const per of ['session', 'visitor'] as const) {
    const scope = { goals: [goals[3]!, goals[0]!, goals[1]!], query, per, window_ms: 20 * 60_000 };
    const { steps } = await funnel(store, 1, scope);
    expect(steps.map((step) => step.reached)).toEqual(oracle.funnel(1, query, scope));
  }
}

/** One random history, and two questions about it. */
export async function checkHistory(open: () => Promise<OpenedStore>, history: History): Promise<void> {
  const opened = await open();
  try {
    const oracle = new Oracle();
    for (const batch of history.batches) {
      await opened.load(batch);
      oracle.load(batch);
    }
    expect(await opened.store.sizes()).toMatchObject({
      events: oracle.events.size,
      conversions: oracle.counted.size,
    });
    await refundSome(opened, oracle, history);
    const rows = history.batches.flat();
    for (let n = 0; n < 2; n += 1) await compare(opened, oracle, question(history, rows));
  } finally {
    await opened.dispose();
  }
}
