/** A clock that is set forward and back, by minutes or days, in the midst of traffic and between two runs. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { freshId, runCollector, view } from './running-collector.ts';

const LONG = process.env.GOALPOST_LONG === '1';
const JUMPS = Number(process.env.GOALPOST_JUMPS ?? (LONG ? 500 : 25));
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Less than what a browser may be late by, since an event comes once before a jump and once after it. */
const jump = fc.oneof(
  fc.integer({ min: -6 * DAY_MS, max: 6 * DAY_MS }),
  fc.integer({ min: -90 * MINUTE_MS, max: 90 * MINUTE_MS }),
  fc.constantFrom(-1, -DAY_MS, DAY_MS, -31 * MINUTE_MS),
);

it(`loses nothing and doubles nothing over ${JUMPS} jumps of the clock, whatever is sent again after them`, {
  timeout: 600_000 + JUMPS * 2_000,
}, async () => {
  const seed = Number(process.env.GOALPOST_SEED ?? Math.floor(Math.random() * 2 ** 31));
  const [jumps] = fc.sample(
    fc.array(fc.tuple(jump, fc.integer({ min: 0, max: 9 })), { minLength: JUMPS, maxLength: JUMPS, size: 'max' }),
    {
      numRuns: 1,
      seed,
    },
  );
  const running = await runCollector();
  await running.goal({ name: 'Bought', trigger: { type: 'event', name: 'bought' } });
  const sent: string[] = [];
  let refused = 0;
  // A browser keeps what was refused and sends it again; a salt of another day may take a moment.
  const send = async (events: ReturnType<typeof view>[]): Promise<void> => {
    for (;;) {
      const { status } = await running.post(events);
      if (status === 202) return;
      expect(status, `seed ${seed}`).toBe(503);
      refused += 1;
    }
  };
  for (const [by_ms, choice] of jumps!) {
    const page = view();
    const bought = view({ i: freshId(), n: 'bought', pv: page.pv! });
    await send([page, bought]);
    running.clock.ms += by_ms;
    if (choice === 0) await running.restart();
    await send([page, bought]);
    sent.push(String(page.i), String(bought.i));
  }
  const rows = await running.rows<{ id: string }>('SELECT id::VARCHAR AS id FROM events');
  expect(rows.map(({ id }) => id).sort(), `seed ${seed}`).toEqual(sent.sort());
  const [counted] = await running.rows<{ count: number }>('SELECT count(*) AS count FROM conversions');
  expect(counted?.count, `seed ${seed}`).toBe(JUMPS);
  console.log(
    `seed ${seed}: ${JUMPS} jumps, ${sent.length} events, each sent twice and counted once, ${refused} × 503`,
  );
});
