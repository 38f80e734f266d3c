/** Refunds: never more than was paid, once for each id. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversion, eventRow, md5 } from '../server/store/rows.ts';
import { everyStore, type OpenedStore } from './stores.ts';

const T = 1_767_225_600_000;
const DAY = 86_400_000;
describe.each(everyStore())('$name', ({ open }) => {
  let opened: OpenedStore;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.dispose());

  const rowsOf = <T>(text: string) => opened.store.query<T>(text, []);

  describe('a refund', () => {
    const order = {
      order_id: 'A-1',
      conversions: [conversion({ scope: 'o:A-1', lasting: true, amount: 50n, currency: 'EUR' })],
    };
    const command = (refund_id: string, amount?: bigint) => ({
      site: 1,
      order_id: 'A-1',
      refund_id,
      ...(amount === undefined ? {} : { amount }),
      goals: [{ goal: 7, generation: 1 }],
      now_ms: T + DAY,
      keyOf: () => md5(refund_id),
    });

    it('is a negative row dated now, and the same one when asked again', async () => {
      await opened.load([eventRow({ ...order, country: 'DE' })]);
      const row = { goal: 7, generation: 1, amount: '-20', currency: 'EUR', ts: T + DAY };
      expect(await opened.store.refund(command('r1', 20n))).toEqual([row]);
      expect(await opened.store.refund({ ...command('r1', 30n), now_ms: T + 2 * DAY })).toEqual([row]);
      expect(await rowsOf('SELECT country, refund_id FROM conversions WHERE refund')).toEqual([
        { country: 'DE', refund_id: 'r1' },
      ]);
    });

    it('gives back what is left when no amount is named, and never more', async () => {
      await opened.load([eventRow(order)]);
      await opened.store.refund(command('r1', 20n));
      await expect(opened.store.refund(command('r2', 31n))).rejects.toMatchObject({ code: 'refund_exceeds' });
      expect(await opened.store.refund(command('r3'))).toMatchObject([{ amount: '-30' }]);
      await expect(opened.store.refund(command('r4'))).rejects.toMatchObject({ code: 'refund_exceeds' });
    });

    it('needs an order that was counted', async () => {
      await expect(opened.store.refund(command('r1'))).rejects.toMatchObject({
        code: 'unknown_order',
        field: 'order_id',
      });
    });

    it('is serialised with others of its order', async () => {
      await opened.load([eventRow(order)]);
      const asked = Array.from({ length: 10 }, (_, n) => opened.store.refund(command(`r${n}`, 15n)));
      const made = (await Promise.allSettled(asked)).filter((one) => one.status === 'fulfilled');
      expect(made).toHaveLength(3);
    });

    it('goes along when the goal is counted anew', async () => {
      await opened.load([eventRow(order)]);
      await opened.store.refund(command('r1', 20n));
      const second = conversion({ scope: 'o:A-1', generation: 2, lasting: true, amount: 50n, currency: 'EUR' });
      await opened.load([eventRow({ order_id: 'A-1', conversions: [second] })]);
      expect(await opened.store.carryRefunds(7, 2)).toBe(1);
      expect(await opened.store.carryRefunds(7, 2)).toBe(0);
      expect(await opened.store.purgeGenerations(7, 2)).toBe(2);
      expect(await rowsOf('SELECT generation, refund, amount FROM conversions ORDER BY amount')).toEqual([
        { generation: 2, refund: true, amount: -20 },
        { generation: 2, refund: false, amount: 50 },
      ]);
      expect(await opened.claims()).toHaveLength(1);
    });

    it('waits while its order does not count, and is there when it does again', async () => {
      await opened.load([eventRow(order)]);
      await opened.store.refund(command('r1', 20n));
      expect(await opened.store.carryRefunds(7, 2)).toBe(0);
      expect(await opened.store.purgeGenerations(7, 2)).toBe(1);
      const third = conversion({ scope: 'o:A-1', generation: 3, lasting: true, amount: 50n, currency: 'EUR' });
      await opened.load([eventRow({ order_id: 'A-1', conversions: [third] })]);
      expect(await opened.store.carryRefunds(7, 3)).toBe(1);
      expect(await opened.store.purgeGenerations(7, 3)).toBe(1);
      expect(await rowsOf('SELECT generation, refund, amount FROM conversions ORDER BY amount')).toEqual([
        { generation: 3, refund: true, amount: -20 },
        { generation: 3, refund: false, amount: 50 },
      ]);
    });
  });
});
