/** Beacons that nobody's tracker would send: refused or dropped in words, and what is taken comes out of the store whole. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DROP_REASONS } from '../../../src/core/beacon.ts';
import { batch, event } from './hostile-batch.ts';
import { CHROME, freshId, runCollector } from './running-collector.ts';

const RUNS = process.env.GOALPOST_LONG === '1' ? 20_000 : 250;

it(
  'of any content are answered, and what is acknowledged is in the store, whatever it says',
  async () => {
    const running = await runCollector();
    await running.goal({ name: 'Buy', trigger: { type: 'revenue', name: 'buy' }, count: 'every' });
    let requests = 0;
    let kept = 0;
    const send = async (events: Record<string, unknown>[], around: Record<string, unknown>): Promise<void> => {
      requests += 1;
      const sent = events.map((one) => (one.i === 'fresh' ? { ...one, i: freshId() } : one));
      const response = await fetch(running.url, {
        method: 'POST',
        headers: {
          'user-agent': CHROME,
          'x-forwarded-for': `10.${requests >> 16}.${(requests >> 8) & 255}.${requests & 255}`,
        },
        body: JSON.stringify({ ...around, v: 1, s: 'shop.example', e: sent }),
      });
      expect([202, 413]).toContain(response.status);
      if (response.status !== 202) return;
      const { accepted, dropped } = (await response.json()) as { accepted: number; dropped: { reason: string }[] };
      expect(dropped.filter(({ reason }) => !(DROP_REASONS as readonly string[]).includes(reason))).toEqual([]);
      expect(dropped.filter(({ reason }) => reason === 'internal')).toEqual([]);
      expect(accepted).toBeLessThanOrEqual(sent.length);
      kept += accepted;
    };
    await fc.assert(fc.asyncProperty(fc.array(event, { maxLength: 5 }), batch, send), { numRuns: RUNS });
    const [row] = await running.rows<{ n: number }>('SELECT count(*) AS n FROM events');
    expect(kept).toBeGreaterThan(0);
    expect(Number(row!.n)).toBe(kept);
    expect(await readdir(join(running.folder, 'journal', 'quarantine'))).toEqual([]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  },
  60_000 + RUNS * 100,
);

it('an id whose event was not kept is free for one that is', async () => {
  const running = await runCollector();
  const [i, pv, u] = [freshId(), freshId(), 'https://shop.example/'];
  const send = async (event: Record<string, unknown>) => {
    const body = JSON.stringify({ v: 1, s: 'shop.example', e: [event] });
    return (await fetch(running.url, { method: 'POST', headers: { 'user-agent': CHROME }, body })).json();
  };
  expect(await send({ i, pv, u, n: '$engagement', en: 500 })).toMatchObject({ dropped: [{ reason: 'unknown_view' }] });
  expect(await send({ i, u, n: 'buy' })).toMatchObject({ accepted: 1, dropped: [] });
  const [row] = await running.rows<{ n: number }>('SELECT count(*) AS n FROM events');
  expect(Number(row!.n)).toBe(1);
});
