/**
 * The count is the truth: scripted visits from a seed in a real browser, over networks that refuse, lose and forget, with
 * tabs that crash and a server that is killed and restarted meanwhile; then every statistic equals the ledger.
 */
import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Browser, expect, test } from '@playwright/test';
import { GOAL_KEYS, type GoalKey } from './ledger/goals.ts';
import { decimals, sumOf, type VisitLedger } from './ledger/ledger.ts';
import { visit } from './ledger/visit.ts';
import { World } from './ledger/world.ts';

/** In the long run 2,000 visits in eight parts, each on a server of its own, so that a fault in one tells of the others. */
const PARTS = process.env.GOALPOST_LONG ? 8 : 1;
const VISITS = Number(process.env.GOALPOST_VISITS ?? (process.env.GOALPOST_LONG ? 250 : 60));
/** Visits at once. Many wait for a retry or a clock most of the time. */
const LANES = process.env.GOALPOST_LONG ? 6 : 3;
/** The server is killed, or stopped, after so many visits. */
const RESTART_EVERY = 20;
const PAGE = 1_000;

/** What statistics say of one visit or of all. */
interface Said {
  conversions: number;
  converting_sessions: number;
  total_sessions: number;
  revenue: { currency: string; total: string }[];
}

function moneyOf({ revenue }: Said): Record<string, string> {
  return Object.fromEntries(revenue.map(({ currency, total }) => [currency, total]));
}

/** Lets visitors come, lane beside lane, and restarts the server among them. */
async function receive(world: World, seed: number): Promise<VisitLedger[]> {
  const ledgers: VisitLedger[] = [];
  let next = 1;
  let restarting = Promise.resolve();
  await Promise.all(
    world.lanes.map(async (lane) => {
      while (next <= VISITS) {
        const number = next;
        next += 1;
        if (number % RESTART_EVERY === 0) {
          restarting = restarting.then(() => world.restart(number % (2 * RESTART_EVERY) === 0 ? 'stopped' : 'killed'));
        }
        ledgers.push(await visit(number, { seed, lane }));
        if (number % 50 === 0) console.log(`${new Date().toISOString()} visit ${number}`);
      }
    }),
  );
  await restarting;
  return ledgers;
}

/** Rows of a goal by visit, all pages of them. */
async function byVisit(world: World, goal: string): Promise<Map<string, Said>> {
  const rows = new Map<string, Said>();
  for (let offset: number | null = 0; offset !== null; ) {
    const page = await world.ask(`goals/${goal}/breakdown?by=hostname&limit=${PAGE}&offset=${offset}`);
    for (const row of page.rows) if (row.value !== null) rows.set(row.value, row);
    offset = page.next;
  }
  return rows;
}

/** Visits that a goal says other things of than they did, each with its story. */
function differences(visits: readonly VisitLedger[], { key, rows }: { key: GoalKey; rows: Map<string, Said> }) {
  return visits.flatMap(({ name, entries, story }) => {
    const entry = entries.get(key);
    const wanted = { conversions: entry?.conversions ?? 0, revenue: decimals(entry?.cents ?? {}), sessions: 1 };
    const said = rows.get(name);
    const found = said && { conversions: said.conversions, revenue: moneyOf(said), sessions: said.total_sessions };
    return isDeepStrictEqual(found, wanted) ? [] : [{ name, found, wanted, story: story.join(' · ') }];
  });
}

/** Lets so many visitors come and holds everything that statistics say against what they did. */
async function audit(browser: Browser): Promise<void> {
  test.setTimeout(120_000 + VISITS * 8_000);
  const seed = Number(process.env.GOALPOST_SEED ?? randomInt(1_000_000));
  const world = await World.open({ browser, lanes: LANES });
  try {
    const visits = await test.step(`visits of seed ${seed}`, () => receive(world, seed));
    const { goals } = await world.ask('goals/stats');
    for (const key of GOAL_KEYS) {
      const id = world.goals.get(key)!;
      const rows = await byVisit(world, id);
      expect(differences(visits, { key, rows }), `${key}, seed ${seed}`).toEqual([]);
      const { conversions, converting_sessions, total_sessions, ...rest }: Said = await world.ask(`goals/${id}/stats`);
      expect({ conversions, converting_sessions, revenue: moneyOf({ ...rest } as Said) }, key).toEqual(
        sumOf(visits, key),
      );
      expect(total_sessions).toBe(VISITS);
      expect(goals.find((goal: { goal_id: string }) => goal.goal_id === id)).toMatchObject({ conversions });
    }
    const { totals } = await world.drops();
    const unexpected = totals.filter(({ reason }: { reason: string }) => !EXPECTED_DROPS.has(reason));
    expect(unexpected, 'dropped for reasons that no visit gave').toEqual([]);
    const all = GOAL_KEYS.map((key) => sumOf(visits, key));
    const conversions = all.reduce((sum, one) => sum + one.conversions, 0);
    const steps = visits.reduce((sum, { story }) => sum + story.length, 0);
    const restarts = Math.floor(VISITS / RESTART_EVERY);
    console.log(`seed ${seed}: ${VISITS} visits of ${steps} steps, ${conversions} conversions, ${restarts} restarts`);
  } finally {
    await world.close();
  }
}

for (let part = 1; part <= PARTS; part += 1) {
  const which = PARTS > 1 ? `, part ${part} of ${PARTS}` : '';
  test(`${VISITS} visits are counted as they were made, to the unit and the cent${which}`, ({ browser }) =>
    audit(browser));
}

/** What retries, reloads and goals that count once bring about. */
const EXPECTED_DROPS = new Set(['duplicate', 'duplicate_order', 'already_counted', 'unknown_view']);
