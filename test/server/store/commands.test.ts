/** Refunds, erasure, the past and snapshots: what the store does besides loading. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conversionKey, conversionKeyPrefix, conversionScope } from '../../../src/core/conversion-key.ts';
import type { CountRule } from '../../../src/core/goal.ts';
import type { EventRow } from '../../../src/server/store/event-row.ts';
import { dice, GOALS, makeHistory } from '../../contract/history.ts';
import { type OpenedStore, openTestStore } from './open-store.ts';
import { conversion, eventRow, freshId, md5 } from './rows.ts';

const T = 1_767_225_600_000;
const MINUTE = 60_000;
const DAY = 86_400_000;
let opened: OpenedStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

const rowsOf = <T>(text: string) => opened.store.query<T>(text, []);
const all = <T>(table: string) => rowsOf<T>(`SELECT * FROM ${table} ORDER BY ALL`);

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
    expect(await all('claims')).toHaveLength(1);
  });
});

describe('a goal applied to the past', () => {
  const counts: CountRule[] = ['every', 'once_per_page', 'once_per_session', 'once_per_visitor'];

  it.each(counts)('has the conversions that live counting would have made (%s)', async (count) => {
    const { batches } = makeHistory(7, () => T);
    const owner = { site: 1, goal: 99, generation: 3 };
    for (const batch of batches) await opened.load(batch);
    const chunk = {
      ...owner,
      version: 4,
      received_before_ms: T + 100 * DAY,
      name: 'purchase',
      sees: { properties: false, amount: true },
      judge: (tuple: { amount: string; currency: string }) =>
        tuple.amount === '' ? {} : { amount: BigInt(tuple.amount), currency: tuple.currency },
      count,
      key_prefix: conversionKeyPrefix(owner),
    };
    for (const twice of [0, 1]) {
      for (let day = -4; day < 6; day += 1) {
        const gained = await opened.store.backfill({ ...chunk, from_ms: T + day * DAY, to_ms: T + (day + 1) * DAY });
        if (twice) expect(gained).toBe(0);
      }
    }
    expect(
      await rowsOf(
        `SELECT CAST(key AS VARCHAR) AS key, CAST(event AS VARCHAR) AS event, CAST(visitor AS VARCHAR) AS visitor, country, amount, currency
         FROM conversions WHERE goal = 99 ORDER BY key`,
      ),
    ).toEqual(liveRows(batches.flat(), { owner, count }));
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
    const chunk = {
      ...owner,
      version: 1,
      from_ms: T,
      to_ms: T + DAY,
      received_before_ms: T + MINUTE,
      count: 'every' as const,
    };
    const rules = {
      sees: { properties: true, amount: true },
      judge: () => ({}),
      key_prefix: conversionKeyPrefix(owner),
    };
    expect(await opened.store.backfill({ ...chunk, ...rules })).toBe(1);
  });
});

describe('erasure', () => {
  it('of a visitor leaves a store as if the visitor had never come', async () => {
    const { batches } = makeHistory(11, () => T);
    for (const batch of batches) await opened.load(batch);
    expect(await opened.store.knowsVisitor(1, '3')).toBe(true);
    const report = await opened.store.erase({ site: 1, visitor: '3' });
    expect(report.events).toBeGreaterThan(0);
    expect(await opened.store.knowsVisitor(1, '3')).toBe(false);
    const other = await openTestStore();
    try {
      for (const batch of batches) await other.load(batch.filter((row) => row.site !== 1 || row.visitor !== '3'));
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
    expect(await opened.store.erase({ site: 1, order_id: 'A-1' })).toEqual({ events: 1, conversions: 2, sessions: 0 });
    expect(await all('claims')).toEqual([]);
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
    expect(await rowsOf('SELECT site, start_ms, entry_path, country FROM sessions ORDER BY site')).toEqual([
      { site: 1, start_ms: T + 10 * MINUTE, entry_path: '/new', country: 'DE' },
      { site: 2, start_ms: T, entry_path: '/', country: null },
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

describe('a restart', () => {
  it('finds recent sessions and views again', async () => {
    const view = eventRow({ ts: T + 5, visitor: '18446744073709551615', session: '42', country: 'DE' });
    await opened.load([view, eventRow({ ts: T - DAY, session: '7' })]);
    await opened.store.close();
    await opened.store.open();
    expect(await opened.store.recentSessions(T)).toMatchObject([
      {
        site: 1,
        session: '42',
        visitor: view.visitor,
        start_ms: T + 5,
        end_ms: T + 5,
        bot: false,
        dimensions: { country: 'DE', city: '' },
      },
    ]);
    expect(await opened.store.recentViews(T)).toEqual([
      { site: 1, view: view.id, session: '42', visitor: view.visitor, ts: T + 5 },
    ]);
  });
});

describe('a snapshot', () => {
  it('taken while loading goes on restores one moment into an empty store', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'goalpost-snapshot-'));
    const other = await openTestStore();
    try {
      const roll = dice(5);
      const { batches } = makeHistory(3, () => T);
      for (const batch of batches) await opened.load(batch, `s-${freshId()}`);
      const before = await all('events');
      const claims = await all('claims');
      const loading = Array.from({ length: 5 }, () => opened.load([eventRow({ session: String(roll(9)) })]));
      await opened.store.backup(folder);
      await Promise.all(loading);
      await other.store.restore(folder);
      const restored = await other.store.query<{ id: string }>('SELECT * FROM events ORDER BY ALL', []);
      expect(restored.length).toBeGreaterThanOrEqual(before.length);
      for (const goal of GOALS) {
        const text = `SELECT count(*) AS n FROM conversions WHERE goal = ${goal.number}`;
        expect(await other.store.query(text, [])).toEqual(await rowsOf(text));
      }
      expect(await other.store.query('SELECT * FROM claims ORDER BY ALL', [])).toEqual(claims);
      await expect(other.store.restore(folder)).rejects.toThrow(/empty/);
    } finally {
      await other.dispose();
      rmSync(folder, { recursive: true });
    }
  });
});
