/** Starting, stopping, catching up: what a collector owes to what it acknowledged. */
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FRESH_WAIT_MS } from '../../../src/core/limits.ts';
import { CHROME, freshId, type Running, runCollector, view } from './running-collector.ts';

function segmentsOf({ folder }: Running): Promise<string[]> {
  return readdir(join(folder, 'journal')).then((names) => names.filter((name) => name.endsWith('.csv')));
}

describe('a collector', () => {
  it('that stops has in the store whatever it acknowledged, and refuses the rest', async () => {
    const running = await runCollector();
    const ids = Array.from({ length: 60 }, () => freshId());
    const answers = ids.map((i) => running.post([view({ i })], { address: `198.51.100.${ids.indexOf(i)}` }));
    await answers[0];
    await running.collector.stop();
    const acknowledged: string[] = [];
    for (const [index, answer] of answers.entries()) {
      const { status } = await answer;
      expect([202, 503]).toContain(status);
      if (status === 202) acknowledged.push(ids[index]!);
    }
    const rows = await running.store.query<{ id: string }>('SELECT id::VARCHAR AS id FROM events', []);
    expect(rows.map(({ id }) => id).sort()).toEqual(acknowledged.sort());
    expect(await segmentsOf(running)).toEqual([]);
    expect((await running.post([view()])).status).toBe(503);
  });

  it('says up to when statistics know everything', async () => {
    const running = await runCollector();
    const { clock, collector } = running;
    const begun_ms = clock.ms;
    expect(collector.asOf()).toBe(begun_ms);
    await running.post([view()]);
    clock.ms += 400;
    expect(collector.asOf()).toBe(begun_ms);
    expect(collector.gauges()).toMatchObject({ lag_ms: 400, visitors: 1, views: 1 });
    await collector.fresh();
    expect(collector.asOf()).toBe(begun_ms + 400);
    expect(collector.gauges()).toMatchObject({ lag_ms: 0, backlog_bytes: 0, backlog_segments: 0 });
  });

  it('that is asked to catch up many times at once does', async () => {
    const running = await runCollector();
    await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const i = freshId();
        await running.post([view({ i })], { address: `198.51.100.${index}` });
        await running.collector.fresh();
        const rows = await running.store.query('SELECT 1 FROM events WHERE id = $1', [i]);
        expect(rows).toHaveLength(1);
      }),
    );
  });

  it('tells what it took and what it dropped', async () => {
    const { collector, post } = await runCollector();
    const told: unknown[] = [];
    collector.on('outcome', ({ accepted, dropped }) => told.push([accepted.map(({ event }) => event.id), dropped]));
    const [good, bad] = [view(), view({ u: 'https://evil.example/' })];
    const { answer } = await post([good, bad]);
    const event = expect.objectContaining({ id: bad.i, url: 'https://evil.example/' });
    expect(told).toEqual([[[good.i], [{ i: bad.i, reason: 'foreign_host', event }]]]);
    expect(answer.dropped).toEqual([{ i: bad.i, reason: 'foreign_host' }]);
  });

  it('answers what is sent again not before the first of it is on disk', async () => {
    const { collector, clock } = await runCollector();
    const body = { v: 1, s: 'shop.example', t: clock.ms, r: 0, e: [view()] };
    const requester = { address: '198.51.100.1', user_agent: CHROME, received_ms: clock.ms };
    const told: unknown[] = [];
    const send = () =>
      new Promise<void>((resolve) =>
        collector.receive(body, requester, (problem, answer) => {
          told.push([problem?.code, answer?.accepted]);
          resolve();
        }),
      );
    const both = [send(), send()];
    expect(told).toEqual([]);
    await Promise.all(both);
    expect(told).toEqual([
      [undefined, 1],
      [undefined, 0],
    ]);
  });

  it('remembers through a restart what it dropped', async () => {
    const running = await runCollector();
    await running.post([view({ u: 'https://evil.example/' }), view({ n: '$unheard' }), view({ n: '$unheard' })]);
    await running.restart();
    await running.post([view({ n: '$unheard' })]);
    expect(running.collector.drops(1).totals).toEqual([
      { day: '2026-05-01', reason: 'bad_name', count: 3 },
      { day: '2026-05-01', reason: 'foreign_host', count: 1 },
    ]);
    const on = (start_date: string, end_date: string) => running.collector.drops(1, { start_date, end_date });
    expect(on('2026-04-30', '2026-05-01').totals).toHaveLength(2);
    expect(on('2026-05-01', '2026-05-01').samples).toHaveLength(1);
    expect([on('2026-04-01', '2026-04-30'), on('2026-05-02', '2026-05-09')]).toEqual([
      { totals: [], samples: [] },
      { totals: [], samples: [] },
    ]);
  });

  it('takes events while the engine refuses, and counts them once it works', async () => {
    const running = await runCollector();
    const { store } = running;
    await running.collector.stop();
    await store.close();
    await running.restart();
    const sent = view();
    expect((await running.post([sent])).answer).toMatchObject({ accepted: 1 });
    const drained = running.collector.fresh();
    await store.open();
    await drained;
    expect(await store.query('SELECT id::VARCHAR AS id FROM events', [])).toEqual([{ id: sent.i }]);
  });

  it('refuses a question that waits too long for an engine that takes nothing', async () => {
    const { store, collector, post } = await runCollector();
    await store.close();
    await post([view()]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const refused = expect(collector.fresh()).rejects.toMatchObject({ code: 'overloaded', retry_after_s: 10 });
    await vi.advanceTimersByTimeAsync(FRESH_WAIT_MS);
    await refused;
    await store.open();
    const drained = collector.fresh();
    await vi.advanceTimersByTimeAsync(FRESH_WAIT_MS - 1);
    await drained;
    expect(await store.query('SELECT 1 FROM events', [])).toHaveLength(1);
  });

  it('keeps what was set aside for thirty days, which erasure does not reach', async () => {
    const running = await runCollector();
    const folder = join(running.folder, 'journal', 'quarantine');
    const now_s = running.clock.ms / 1_000;
    for (const [name, days] of Object.entries({ old: 31, young: 29 })) {
      await writeFile(join(folder, name), 'a record');
      await utimes(join(folder, name), now_s, now_s - days * 86_400);
    }
    await running.restart();
    expect(await readdir(folder)).toEqual(['young']);
  });

  it('refuses to start, in words, over the journal of a newer version', async () => {
    const running = await runCollector();
    await running.collector.stop();
    await writeFile(join(running.folder, 'journal', 'x-1.v99.csv'), 'x\n');
    await expect(running.restart()).rejects.toThrow('newer version of Goalpost');
  });
});
