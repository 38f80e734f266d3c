/** What a segment does to the store: everything once, the first in event time wins. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversion, eventRow } from '../server/store/rows.ts';
import { everyStore, type OpenedStore } from './stores.ts';

const T = 1_767_225_600_000;
const MINUTE = 60_000;
describe.each(everyStore())('$name', ({ open }) => {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.dispose());

  const all = <T>(table: string) => opened.store.query<T>(`SELECT * FROM ${table}`, []);

  describe('loading a segment', () => {
    it('keeps every field as it was written', async () => {
      const row = eventRow({
        country: 'DE',
        title: 'a, "b" – ü',
        props: '{"plan":"pro"}',
        amount: -49_990_000n,
        currency: 'EUR',
        visitor: '18446744073709551615',
      });
      expect(await opened.load([row])).toMatchObject({ applied: true, events: 1, drops: [] });
      const { events } = await opened.store.exportSubject({ site: 1, visitor: row.visitor });
      expect(events).toMatchObject([
        {
          id: row.id,
          view: row.id,
          url: row.url,
          bot: false,
          title: 'a, "b" – ü',
          props: '{"plan":"pro"}',
          amount: -49_990_000,
          currency: 'EUR',
          visitor: '18446744073709551615',
          referrer: null,
          country: 'DE',
        },
      ]);
    });

    it('is done once for ever', async () => {
      await opened.load([eventRow({})], 'c-1');
      expect(await opened.load([eventRow({})], 'c-1')).toMatchObject({ applied: false, events: 0 });
      expect(await all('events')).toHaveLength(1);
    });

    it('does nothing at all when a record cannot be read', async () => {
      const good = eventRow({});
      await expect(opened.load([good, eventRow({ id: 'no-uuid' })], 'c-1')).rejects.toThrow();
      expect(await all('events')).toEqual([]);
      expect(await opened.load([good], 'c-1')).toMatchObject({ applied: true, events: 1 });
    });

    it('drops copies within a segment and across segments', async () => {
      const row = eventRow({});
      const report = await opened.load([row, row]);
      expect(report).toMatchObject({ events: 1, dropped: [{ site: 1, reason: 'duplicate', count: 1 }] });
      expect(await opened.load([{ ...row, ts: T - 5, received: T + 7 * 86_400_000 }])).toMatchObject({
        events: 0,
        drops: [{ site: 1, id: row.id, reason: 'duplicate' }],
      });
      expect(await opened.load([{ ...row, site: 2 }])).toMatchObject({ events: 1, drops: [] });
    });

    it('accepts an empty file', async () => {
      expect(await opened.load([])).toMatchObject({ applied: true, events: 0 });
    });

    it('counts a key for the event that came first, whatever the order of arrival', async () => {
      const later = eventRow({ ts: T + MINUTE, conversions: [conversion({ scope: 's:1' })] });
      const first = eventRow({ ts: T, conversions: [conversion({ scope: 's:1' })] });
      expect(await opened.load([later])).toMatchObject({ conversions: 1 });
      expect(await opened.load([first])).toMatchObject({
        conversions: 0,
        drops: [{ site: 1, id: later.id, reason: 'already_counted', goal: 7 }],
      });
      expect(await all('conversions')).toMatchObject([{ event: first.id, ts: T }]);
      const last = eventRow({ ts: T + 2 * MINUTE, conversions: [conversion({ scope: 's:1' })] });
      expect(await opened.load([last])).toMatchObject({ conversions: 0, drops: [{ id: last.id }] });
      expect(await all('conversions')).toMatchObject([{ event: first.id }]);
    });

    it('counts each generation of a goal and tells once what did not count', async () => {
      const both = () => [1, 2].map((generation) => conversion({ scope: 's:1', generation }));
      expect(await opened.load([eventRow({ conversions: both() })])).toMatchObject({ conversions: 2, drops: [] });
      const again = eventRow({ ts: T + MINUTE, conversions: both() });
      expect(await opened.load([again])).toMatchObject({ conversions: 0, drops: [{ id: again.id, goal: 7 }] });
      expect(await all('conversions')).toHaveLength(2);
    });

    it('marks the runs of a session that lie apart, and no longer when they were joined', async () => {
      await opened.load([eventRow({}), eventRow({ session: '2' })]);
      await opened.load([eventRow({ ts: T + 60 * MINUTE })]);
      const marks = () =>
        opened.store.query('SELECT CAST(session AS VARCHAR) AS session, split FROM sessions ORDER BY ALL', []);
      expect(await marks()).toEqual([
        { session: '1', split: true },
        { session: '1', split: true },
        { session: '2', split: false },
      ]);
      await opened.load([eventRow({ ts: T + 30 * MINUTE })]);
      expect(await marks()).toEqual([
        { session: '1', split: false },
        { session: '2', split: false },
      ]);
    });

    it('knows an order for ever and says so', async () => {
      const order = () => [conversion({ scope: 'o:A-1', lasting: true, amount: 10_000_000n, currency: 'EUR' })];
      await opened.load([eventRow({ order_id: 'A-1', conversions: order() })]);
      const far = T + 400 * 86_400_000;
      const again = eventRow({ ts: far, order_id: 'A-1', conversions: order() });
      expect(await opened.load([again])).toMatchObject({
        events: 1,
        conversions: 0,
        drops: [{ id: again.id, reason: 'duplicate_order' }],
      });
      const earlier = eventRow({ ts: T - MINUTE, received: far, order_id: 'A-1', conversions: order() });
      expect(await opened.load([earlier])).toMatchObject({ conversions: 0, dropped: [{ count: 1 }] });
      expect(await all('conversions')).toMatchObject([{ event: earlier.id }]);
      expect(await opened.claims()).toMatchObject([{ event: earlier.id, ts: T - MINUTE }]);
    });

    it('joins the events of a session and keeps apart what lies more than half an hour apart', async () => {
      await opened.load([eventRow({ path: '/in' }), eventRow({ ts: T + 60 * MINUTE, path: '/out' })]);
      expect(await all('sessions')).toHaveLength(2);
      await opened.load([eventRow({ ts: T + 30 * MINUTE, path: '/middle' })]);
      expect(await all('sessions')).toMatchObject([
        { start_ms: T, end_ms: T + 60 * MINUTE, events: 3, entry_path: '/in', exit_path: '/out' },
      ]);
      await opened.load([eventRow({ name: '$engagement', ts: T + 61 * MINUTE, engaged_ms: 1000 })]);
      expect(await all('sessions')).toMatchObject([{ end_ms: T + 60 * MINUTE, events: 3 }]);
    });

    it('refuses in words what a newer release wrote', async () => {
      await opened.makeNewer();
      await expect(opened.store.open()).rejects.toThrow(/schema 999.*newer release/);
    });
  });
});
