/** Erasure: as if it had never been, and nothing else touched. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversion, eventRow, md5 } from '../server/store/rows.ts';
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
  const all = <T>(table: string) => rowsOf<T>(`SELECT * FROM ${table} ORDER BY ALL`);

  describe('erasure', () => {
    it('of a visitor leaves a store as if the visitor had never come', async () => {
      const { batches } = makeHistory(11, { zone: 'UTC', day: 0, middle: T });
      for (const batch of batches) await opened.load(batch);
      expect(await opened.store.knowsVisitor(1, '3')).toBe(true);
      const report = await opened.store.erase({ site: 1, visitor: '3' });
      expect(report.events).toBeGreaterThan(0);
      expect(await opened.store.knowsVisitor(1, '3')).toBe(false);
      const other = await open();
      try {
        await other.load(batches.flat().filter((row) => row.site !== 1 || row.visitor !== '3'));
        const text = 'SELECT site, session, visitor, start_ms, end_ms, events, country FROM sessions ORDER BY ALL';
        expect(await rowsOf(text)).toEqual(await other.store.query(text, []));
        expect(await rowsOf('SELECT id FROM events ORDER BY id')).toEqual(
          await other.store.query('SELECT id FROM events ORDER BY id', []),
        );
      } finally {
        await other.dispose();
      }
      expect(await opened.store.exportSubject({ site: 1, visitor: '3' })).toEqual({ events: [], conversions: [] });
    });

    it('of an order takes its conversions, refunds and claim and keeps the rest of its session', async () => {
      const item = conversion({ scope: 'o:A-1', lasting: true, amount: 50n, currency: 'EUR' });
      await opened.load([
        eventRow({ path: '/first', country: 'DE' }),
        eventRow({ ts: T + MINUTE, order_id: 'A-1', conversions: [item], country: 'DE', path: '/paid' }),
      ]);
      const goals = [{ goal: 7, generation: 1 }];
      await opened.store.refund({ site: 1, order_id: 'A-1', refund_id: 'r', goals, now_ms: T, keyOf: () => md5('r') });
      expect(await opened.store.erase({ site: 1, order_id: 'A-1' })).toEqual({
        events: 1,
        conversions: 2,
        sessions: 0,
      });
      expect(await opened.claims()).toEqual([]);
      expect(await all('sessions')).toMatchObject([
        { start_ms: T, end_ms: T, events: 1, exit_path: '/first', country: 'DE' },
      ]);
    });

    it('by name and time touches nothing else', async () => {
      await opened.load([eventRow({ name: 'a' }), eventRow({ name: 'a', ts: T + DAY }), eventRow({ name: 'b' })]);
      expect(await opened.store.eraseEvents({ site: 1, name: 'a', to_ms: T + 1 })).toMatchObject({ events: 1 });
      expect(await rowsOf('SELECT name, ts FROM events ORDER BY ts')).toEqual([
        { name: 'b', ts: T },
        { name: 'a', ts: T + DAY },
      ]);
    });

    it('by age cuts the sessions that span the moment', async () => {
      await opened.load([
        eventRow({ path: '/old', country: 'DE' }),
        eventRow({ ts: T + 10 * MINUTE, path: '/new', country: 'DE' }),
        eventRow({ session: '2', visitor: '2' }),
        eventRow({ site: 2 }),
      ]);
      expect(await opened.store.eraseBefore(1, T + MINUTE)).toEqual({ events: 2, conversions: 0, sessions: 1 });
      expect(
        await rowsOf("SELECT site, start_ms, entry_path, coalesce(country, '') AS country FROM sessions ORDER BY site"),
      ).toEqual([
        { site: 1, start_ms: T + 10 * MINUTE, entry_path: '/new', country: 'DE' },
        { site: 2, start_ms: T, entry_path: '/', country: '' },
      ]);
    });

    it('takes bots after their time, and test conversions of a goal', async () => {
      await opened.load([
        eventRow({ bot: true, session: '2', conversions: [conversion({ scope: 'a' })] }),
        eventRow({ test: true, conversions: [conversion({ scope: 'b' }), conversion({ scope: 'b', goal: 8 })] }),
      ]);
      expect(await opened.store.eraseBots(T + 1)).toEqual({ events: 1, conversions: 1, sessions: 1 });
      expect(await opened.store.eraseTest(1, 7)).toBe(1);
      expect(await rowsOf('SELECT goal FROM conversions')).toEqual([{ goal: 8 }]);
    });
  });
});
