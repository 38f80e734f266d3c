/** Which session an event belongs to, as the rows show it. */
import { describe, expect, it } from 'vitest';
import { freshId, NOON, type Running, runCollector, view } from './running-collector.ts';

const MINUTE = 60_000;
const MIDNIGHT = Date.UTC(2026, 4, 2);

/** Sessions by name of event, as small numbers in order of appearance. */
async function sessionsOf({ rows }: Running): Promise<Record<string, number | null>> {
  const found = await rows<{ title: string; session: string | null }>(
    'SELECT coalesce(title, name) AS title, session::VARCHAR AS session FROM events ORDER BY received, ts',
  );
  const known: string[] = [];
  return Object.fromEntries(
    found.map(({ title, session }) => {
      if (session === null) return [title, null];
      if (!known.includes(session)) known.push(session);
      return [title, known.indexOf(session) + 1];
    }),
  );
}

describe('a session', () => {
  it('lasts while no half hour passes without an event', async () => {
    const running = await runCollector();
    for (const [title, minutes] of [
      ['a', 0],
      ['b', 30],
      ['c', 60],
      ['d', 91],
    ] as const) {
      running.clock.ms = NOON + minutes * MINUTE;
      await running.post([view({ d: title })]);
    }
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 1, d: 2 });
  });

  it('ends where a new campaign begins, and only there', async () => {
    const running = await runCollector();
    await running.post([view({ d: 'a' })]);
    await running.post([view({ d: 'b', u: 'https://shop.example/?utm_source=x' })]);
    await running.post([view({ d: 'c', u: 'https://shop.example/2?utm_source=x' })]);
    await running.post([view({ d: 'd' })]);
    await running.post([view({ d: 'e', u: 'https://shop.example/?utm_source=y' })]);
    const { a, b, c, d, e } = await sessionsOf(running);
    expect([a, b, c, e]).toEqual([1, 2, 2, 3]);
    expect([1, 2]).toContain(d);
  });

  it('belongs to one visitor, made of address and user agent', async () => {
    const running = await runCollector();
    await running.post([view({ d: 'a' })]);
    await running.post([view({ d: 'b' })], { address: '198.51.100.2' });
    await running.post([view({ d: 'c' })], { user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0' });
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 2, c: 3 });
  });

  it.each([
    ['', async () => undefined],
    [' and a restart after it', (running: Running) => running.restart()],
  ])('is not cut by midnight UTC%s', async (_, between) => {
    const running = await runCollector();
    running.clock.ms = MIDNIGHT - 30 * MINUTE;
    await running.restart();
    for (const [title, minutes] of [
      ['a', -10],
      ['b', 10],
      ['c', 39],
      ['d', 80],
    ] as const) {
      running.clock.ms = MIDNIGHT + minutes * MINUTE;
      await between(running);
      await running.post([view({ d: title })]);
    }
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 1, d: 2 });
    const [visitors] = await running.rows<{ n: number }>('SELECT count(DISTINCT visitor) AS n FROM sessions');
    expect(Number(visitors!.n)).toBe(2);
  });

  it('survives a restart', async () => {
    const running = await runCollector();
    const first = view({ d: 'a' });
    await running.post([first]);
    await running.restart();
    running.clock.ms += 20 * MINUTE;
    await running.post([view({ d: 'b' })]);
    await running.post([{ i: freshId(), n: '$engagement', a: 0, pv: first.i!, en: 5_000, d: 'c' }]);
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 1 });
  });

  it('survives a start at which the engine takes nothing', async () => {
    const running = await runCollector();
    await running.collector.drain.stop();
    const first = view({ d: 'a' });
    await running.post([first]);
    await running.store.close();
    await running.restart();
    await running.store.open();
    await expect.poll(() => running.collector.gauges().visitors).toBe(1);
    await running.post([view({ d: 'b' })]);
    await running.post([{ i: freshId(), n: '$engagement', a: 0, pv: first.i!, en: 5_000, d: 'c' }]);
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 1 });
  });

  it('keeps the dimensions of its first event', async () => {
    const running = await runCollector();
    await running.post([view({ f: 'https://duckduckgo.com/', u: 'https://shop.example/a' })]);
    running.clock.ms += 1_000;
    await running.post([view({ f: 'https://shop.example/a', u: 'https://shop.example/b' })]);
    expect(await running.rows('SELECT source, entry_path, exit_path, events FROM sessions')).toEqual([
      { source: 'DuckDuckGo', entry_path: '/a', exit_path: '/b', events: 2 },
    ]);
  });

  it('takes in a late event of its view that lies within half an hour of it', async () => {
    const running = await runCollector();
    const first = view({ d: 'a' });
    await running.post([first]);
    running.clock.ms += 3 * 60 * MINUTE;
    await running.post([{ i: freshId(), n: 'late', d: 'b', a: -160 * MINUTE, pv: first.i!, u: first.u! }]);
    await running.post([{ i: freshId(), n: 'later', d: 'c', a: -100 * MINUTE, pv: first.i!, u: first.u! }]);
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 2 });
  });

  it('is opened in the past by an offline stretch, once for all of it', async () => {
    const running = await runCollector();
    const [one, two] = [view({ d: 'a', a: -300 * MINUTE }), view({ d: 'b', a: -280 * MINUTE })];
    await running.post([one, two, { i: freshId(), n: 'buy', d: 'c', a: -279 * MINUTE, pv: two.i!, u: two.u! }]);
    await running.post([view({ d: 'd' })]);
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 1, d: 2 });
  });

  it('is neither opened nor extended by engagement', async () => {
    const running = await runCollector();
    const first = view({ d: 'a' });
    await running.post([first]);
    running.clock.ms += 25 * MINUTE;
    await running.post([{ i: freshId(), n: '$engagement', d: 'b', a: 0, pv: first.i!, en: 1_000 }]);
    running.clock.ms += 25 * MINUTE;
    await running.post([view({ d: 'c' })]);
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 2 });
  });

  it('of somebody working on the site is apart from their visits to the real one', async () => {
    const running = await runCollector();
    const local = view({ d: 'a', u: 'http://localhost:3000/' });
    await running.post([local, view({ d: 'b' }), { ...view({ n: 'x', d: 'c' }), pv: local.i! }]);
    await running.restart();
    await running.post([view({ d: 'd', u: 'http://localhost:3000/2' })]);
    const { a, b, c, d } = await sessionsOf(running);
    expect(a).not.toBe(b);
    expect([c, d]).toEqual([b, a]);
    expect(await running.rows('SELECT test, events FROM sessions ORDER BY test')).toEqual([
      { test: false, events: 2 },
      { test: true, events: 2 },
    ]);
  });

  it("is the browser's where the browser keeps one", async () => {
    const running = await runCollector();
    const kept = { vi: 'visitor-1', si: 'session-1' };
    await running.post([view({ d: 'a' })], { batch: kept });
    await running.post([view({ d: 'b', u: 'https://shop.example/?utm_source=x' })], {
      batch: kept,
      address: '198.51.100.7',
    });
    await running.post([view({ d: 'c' })], { batch: { ...kept, si: 'session-2' } });
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 2 });
    expect(await running.rows('SELECT DISTINCT identified FROM sessions')).toEqual([{ identified: true }]);
  });

  it('never has a gap over half an hour, whatever the browser names', async () => {
    const running = await runCollector();
    const kept = { vi: 'visitor-1', si: 'session-1' };
    await running.post([view({ d: 'a' })], { batch: kept });
    running.clock.ms += 20 * MINUTE;
    await running.post([view({ d: 'b', a: -19 * MINUTE }), view({ d: 'c', a: -70 * MINUTE })], { batch: kept });
    expect(await sessionsOf(running)).toEqual({ a: 1, b: 1, c: 2 });
  });
});
