/** The contract of event stores: after any history every statistic equals the oracle's. One line adds another store. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goalStats } from '../../src/server/stats/goal-stats.ts';
import { periodOf } from '../../src/server/stats/stats-query.ts';
import { dayStart } from '../../src/server/stats/zone.ts';
import { conversion, eventRow } from '../server/store/rows.ts';
import { checkHistory } from './check-history.ts';
import { makeHistory, ZONES } from './history.ts';
import { everyStore } from './stores.ts';

const T = 1_767_225_600_000;
const LONG = process.env.GOALPOST_LONG !== undefined;
/** How many times as many histories a long run tries. */
const LONGER = LONG ? 16 : 1;

const stores = everyStore();

describe.each(stores)('$name', ({ open, histories, zones }) => {
  describe.each(LONG ? ZONES : ZONES.slice(0, zones))('around %s %s', (zone, date) => {
    it('answers every question about any history as the oracle does', {
      timeout: 600_000 * histories * LONGER,
    }, async () => {
      const day = Date.parse(`${date}T00:00:00Z`) / 86_400_000;
      const middle = dayStart(zone, day);
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) =>
          checkHistory(open, makeHistory(seed, { zone, day, middle })),
        ),
        { numRuns: histories * LONGER, endOnFailure: true },
      );
    });
  });
});

describe.each(stores)('$name, read while it is written', ({ open }) => {
  it('answers from one moment while rows arrive', async () => {
    const opened = await open();
    try {
      const day = Math.floor(T / 86_400_000);
      const query = {
        ...periodOf('UTC', day, day),
        filters: [],
        goals: { is: [], is_not: [] },
        include_bots: true,
        as_of: '',
      };
      const goal = { number: 7, generation: 1 };
      let loading = true;
      const loads = (async () => {
        for (let batch = 0; batch < 4; batch += 1) {
          const sessions = Array.from({ length: 100 }, (_, n) => `${batch}${n + 1000}`);
          await opened.load(
            sessions.map((session) =>
              eventRow({ session, visitor: session, conversions: [conversion({ scope: session })] }),
            ),
          );
        }
      })().finally(() => {
        loading = false;
      });
      let before = 0;
      let answers = 0;
      while (loading) {
        const stats = await goalStats(opened.store, 1, { goal, query });
        expect(stats.converting_sessions).toBe(stats.total_sessions);
        expect(stats.conversions).toBe(stats.total_sessions);
        expect(stats.total_sessions % 100).toBe(0);
        expect(stats.total_sessions).toBeGreaterThanOrEqual(before);
        before = stats.total_sessions;
        answers += 1;
      }
      await loads;
      expect(answers).toBeGreaterThan(0);
      expect(await goalStats(opened.store, 1, { goal, query })).toMatchObject({
        conversions: 400,
        total_sessions: 400,
      });
    } finally {
      await opened.dispose();
    }
  });
});
