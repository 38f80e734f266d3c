/** Snapshots, and what a restart finds again. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventRow, freshId } from '../server/store/rows.ts';
import { dice, GOALS, makeHistory } from './history.ts';
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
  const all = <T>(table: string) => rowsOf<T>(`SELECT * FROM ${table} ORDER BY ALL`);

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
      const other = await open();
      try {
        const roll = dice(5);
        const { batches } = makeHistory(3, { zone: 'UTC', day: 0, middle: T });
        for (const batch of batches) await opened.load(batch, `s-${freshId()}`);
        const before = await all('events');
        const claims = await opened.claims();
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
        expect(await other.claims()).toEqual(claims);
        await expect(other.store.restore(folder)).rejects.toThrow(/empty/);
      } finally {
        await other.dispose();
        rmSync(folder, { recursive: true });
      }
    });
  });
});
