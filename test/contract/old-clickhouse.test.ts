/** Replicated tables on real servers: whatever replica took a row, how often and in what order, every replica counts alike. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allGoalsStats } from '../../src/server/stats/all-goals-stats.ts';
import { goalStats } from '../../src/server/stats/goal-stats.ts';
import { periodOf } from '../../src/server/stats/stats-query.ts';
import { type ClickHouseCluster, clusterPrograms, startCluster } from './clickhouse-cluster.ts';
import { GOALS, makeHistory } from './history.ts';
import { createOldTables, insertOld, oldQuestions } from './old-clickhouse.ts';
import { Oracle } from './oracle.ts';

const T = 1_767_225_600_000;
const programs = clusterPrograms();
const SLOW_MS = 600_000;
const EVENTUALLY = { timeout: 120_000, interval: 100 };

describe.runIf(programs !== undefined)('two replicas of ClickHouse 18.16', () => {
  let cluster: ClickHouseCluster;
  beforeAll(async () => {
    if (programs) cluster = await startCluster(programs, { shards: 1 });
    await createOldTables(cluster.replicas[0]!);
  }, SLOW_MS);
  afterAll(() => cluster.remove(), SLOW_MS);

  it(
    'answer the statistics as the oracle does, after rows that came twice and while one was away',
    async () => {
      const [one, two] = cluster.replicas as [(typeof cluster.replicas)[0], (typeof cluster.replicas)[0]];
      const day = Math.floor(T / 86_400_000);
      const { batches } = makeHistory(5, { zone: 'UTC', day, middle: T });
      const oracle = new Oracle();
      const away = Math.floor(batches.length / 2);
      for (const [index, batch] of batches.entries()) {
        if (index === away) await two.kill();
        oracle.load(batch);
        await insertOld(index % 2 === 0 || index >= away ? one : two, batch);
        // Another collector heard the same, in another order.
        await insertOld(one, [...batch].reverse());
      }
      await two.start();
      const events = async () => Number(await two.query('SELECT count() FROM events FINAL'));
      await expect.poll(events, EVENTUALLY).toBe(oracle.events.size);
      const conversions = async () => Number(await two.query('SELECT count() FROM conversions FINAL'));
      await expect.poll(conversions, EVENTUALLY).toBe(oracle.counted.size);
      const goals = GOALS.map(({ number, generation }) => ({ number, generation }));
      for (const replica of [one, two]) {
        const store = oldQuestions(replica);
        for (const [first, last] of [
          [day - 2, day + 2],
          [day - 1, day - 1],
          [day, day + 1],
        ] as const) {
          for (const filters of [
            [],
            [{ by: 'country' as const, is: ['DE', ''], is_not: [] }],
            [{ by: 'page' as const, is: [], is_not: ['/ü'] }],
          ]) {
            const period = periodOf('UTC', first, last);
            const query = { ...period, filters, goals: { is: [], is_not: [] }, include_bots: first === day, as_of: '' };
            const all = await allGoalsStats(store, 1, { goals, query });
            for (const [index, goal] of goals.entries()) {
              const expected = oracle.goalStats(1, query, goal);
              expect(await goalStats(store, 1, { goal, query })).toMatchObject(expected);
              expect(all[index]).toMatchObject({ number: goal.number, ...expected });
            }
          }
        }
      }
    },
    SLOW_MS,
  );
});
