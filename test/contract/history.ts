/** Seeded random histories: sessions over days that clocks change on, copies, late events, bots, orders, odd texts. */
import { createHash } from 'node:crypto';
import { conversionKey, conversionScope } from '../../src/core/conversion-key.ts';
import type { CountRule } from '../../src/core/goal.ts';
import type { EventRow, RowConversion } from '../../src/server/store/event-row.ts';
import { eventRow } from '../server/store/rows.ts';

const MINUTE = 60_000;
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** A zone and a local day around which its clock does something; the first ones are the most unlike. */
export const ZONES: readonly (readonly [zone: string, day: string])[] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Pacific/Apia', '2011-12-30'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/New_York', '2026-11-01'],
  ['UTC', '2026-02-28'],
  ['Europe/Berlin', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Asia/Kathmandu', '2026-01-01'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-30'],
];

/** Goals of the histories, one for each count rule. */
export const GOALS: { number: number; generation: number; count: CountRule; name: string }[] = [
  { number: 1, generation: 1, count: 'every', name: 'signup' },
  { number: 2, generation: 1, count: 'once_per_session', name: 'purchase' },
  { number: 3, generation: 2, count: 'once_per_visitor', name: 'signup' },
  { number: 4, generation: 1, count: 'once_per_page', name: '$pageview' },
];

/** Whole numbers below a bound, from a seed (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** A day as a zone has it. */
export interface LocalDay {
  zone: string;
  /** Days since 1970. */
  day: number;
  /** When it begins there, ms since 1970. */
  middle: number;
}

/** Events and what surrounds them. */
export interface History extends Omit<LocalDay, 'middle'> {
  /** Segments in the order they arrive. */
  batches: EventRow[][];
  roll: (below: number) => number;
}

const TEXTS = ['', 'a', 'Ä,"ö"', '日本 |', "'; DROP TABLE events --", '%', '🙂', 'A'];
const PATHS = ['/', '/a', '/a?b=1', '/ü', '/thanks'];
const REGIONS = ['', 'BE|Berlin', 'TX|Texas', 'A|', '|A'];

/** What goals an event converts, in every generation that is written. */
function conversionsOf(row: EventRow, roll: (below: number) => number): RowConversion[] {
  const met = GOALS.filter((goal) => goal.name === row.name && roll(3) > 0);
  return met.flatMap(({ number, generation, count }) =>
    [1, 2].slice(0, generation).map((written) => {
      const ids = { order_id: row.order_id, event_id: row.id, action_id: row.action, view_id: row.view };
      const scope = conversionScope(count, { ...ids, session: row.session, visitor: row.visitor });
      return {
        goal: number,
        generation: written,
        version: written,
        key: conversionKey({ site: row.site, goal: number, generation: written, scope }, md5),
        lasting: scope.startsWith('o:') || (scope.startsWith('v:') && row.identified),
        amount: row.amount,
        currency: row.amount === undefined ? undefined : row.currency,
      };
    }),
  );
}

/** The events of one visit. */
function session(n: number, start: number, roll: (below: number) => number): EventRow[] {
  const pick = <T>(list: readonly T[]) => list[roll(list.length)]!;
  const somewhere = roll(8) > 0;
  const visitor = roll(12) === 0 ? '18446744073709551615' : String(1 + roll(12));
  const who: Partial<EventRow> = {
    site: roll(6) === 0 ? 2 : 1,
    session: somewhere ? String(9_007_199_254_740_993n + BigInt(n)) : '',
    visitor: somewhere || roll(3) > 0 ? visitor : '',
    identified: visitor.length === 1,
    bot: roll(8) === 0,
    country: pick(['', 'DE', 'FR', 'US']),
    region: pick(REGIONS),
    city: pick(TEXTS),
    source: pick(TEXTS),
    referrer_host: pick(['', 'a.example', 'b.example']),
    browser: pick(['', 'Chrome']),
    device: pick(['desktop', 'mobile', '']),
    utm_campaign: pick(TEXTS),
  };
  const rows: EventRow[] = [];
  let ts = start;
  let view = '';
  for (let length = 1 + roll(7); length > 0; length -= 1) {
    const name = pick(['$pageview', '$pageview', 'signup', 'purchase', '$engagement']);
    const money = name === 'purchase' && roll(3) > 0;
    const row = eventRow({
      ...who,
      ts,
      received: ts + roll(3) * MINUTE,
      name,
      view,
      path: pick(PATHS),
      hostname: pick(['shop.example', 'www.shop.example']),
      action: roll(4) === 0 ? `00000000-0000-7000-8000-00000000000${roll(4)}` : '',
      order_id: name === 'purchase' && roll(2) === 0 ? `order ${roll(20)}` : '',
      amount: money ? BigInt(roll(100_000_000)) * 1_000n : undefined,
      currency: money ? pick(['EUR', 'USD', 'JPY']) : '',
    });
    if (name === '$pageview') {
      view = row.id;
      row.view = row.id;
    }
    row.conversions = conversionsOf(row, roll);
    rows.push(row);
    ts += roll(5) === 0 ? 30 * MINUTE - roll(2) : roll(20 * MINUTE);
  }
  return rows;
}

/** A history around the start of a local day, in random batches with copies, the order of arrival shaken. */
export function makeHistory(seed: number, { zone, day, middle }: LocalDay): History {
  const roll = dice(seed);
  const rows: EventRow[] = [];
  for (let n = 0; n < 60; n += 1)
    rows.push(...session(n, middle + (roll(96) - 48) * 60 * MINUTE + roll(60) * MINUTE, roll));
  const copies = rows
    .filter(() => roll(10) === 0)
    .map((row) => ({ ...row, received: row.received + roll(5) * 86_400_000 }));
  const arrivals = [...rows, ...copies].map((row) => ({
    row,
    at: row.ts + (roll(6) === 0 ? roll(3) * 86_400_000 : 0) + roll(1000),
  }));
  arrivals.sort((a, b) => a.at - b.at);
  const batches: EventRow[][] = [[]];
  for (const { row } of arrivals) {
    if (roll(40) === 0) batches.push([]);
    batches.at(-1)!.push(row);
  }
  return { zone, day, batches, roll };
}
