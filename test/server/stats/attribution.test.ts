/** Who conversions are owed to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AttributionScope, attribution } from '../../../src/server/stats/attribution.ts';
import { csvOf } from '../../../src/server/stats/csv-export.ts';
import { periodOf } from '../../../src/server/stats/stats-query.ts';
import { type OpenedStore, openTestStore } from '../store/open-store.ts';
import { conversion, eventRow, md5 } from '../store/rows.ts';

const T = Date.parse('2026-03-01T12:00:00Z');
const DAY = 86_400_000;
const GOAL = { number: 7, generation: 1 };
let opened: OpenedStore;
beforeEach(async () => {
  opened = await openTestStore();
});
afterEach(() => opened.dispose());

function ask(more: Partial<AttributionScope>) {
  const period = periodOf('UTC', T / DAY - 0.5, T / DAY - 0.5);
  const query = { ...period, filters: [], goals: { is: [], is_not: [] }, include_bots: false, as_of: '' };
  return attribution(opened.store, 1, { goal: GOAL, query, by: 'source', model: 'last', window_days: 30, ...more });
}

async function visits() {
  const item = conversion({ scope: 'o:A', lasting: true, amount: 10_000_000n, currency: 'EUR' });
  await opened.load([
    eventRow({ ts: T - 40 * DAY, session: '1', source: 'Old' }),
    eventRow({ ts: T - 20 * DAY, session: '2', source: 'Google' }),
    eventRow({ ts: T - DAY, session: '3', source: 'Newsletter' }),
    eventRow({ ts: T, session: '4', source: '', order_id: 'A', conversions: [item] }),
    eventRow({ ts: T + 60_000, session: '5', source: 'Later' }),
    eventRow({ ts: T, session: '', visitor: '99', name: 'paid', conversions: [conversion({ scope: 'x' })] }),
  ]);
}

describe('attribution', () => {
  it('owes a conversion to the session it happened in, or to the first in the window', async () => {
    await visits();
    expect((await ask({ model: 'last' })).rows).toMatchObject([{ value: '', conversions: 2, converting_visitors: 2 }]);
    expect((await ask({ model: 'first' })).rows).toMatchObject([
      { value: '', conversions: 1 },
      { value: 'Google', conversions: 1, revenue: [{ currency: 'EUR', total: '10.00' }] },
    ]);
    expect((await ask({ model: 'first', window_days: 5 })).rows[1]).toMatchObject({ value: 'Newsletter' });
    expect((await ask({ model: 'first', window_days: 60 })).rows[1]).toMatchObject({ value: 'Old' });
  });

  it('takes back what the credited orders gave back', async () => {
    await visits();
    const goals = [{ goal: 7, generation: 1 }];
    const refund = { site: 1, order_id: 'A', refund_id: 'r', amount: 4_000_000n, goals };
    await opened.store.refund({ ...refund, now_ms: T + 100 * DAY, keyOf: () => md5('r') });
    expect((await ask({ model: 'first' })).rows[1]!.revenue).toEqual([
      { currency: 'EUR', total: '10.00', refunded: '4.00', net: '6.00', average: '10.00' },
    ]);
  });

  it('refuses pages and windows out of bounds', async () => {
    await expect(ask({ by: 'page' })).rejects.toMatchObject({ field: 'by' });
    await expect(ask({ window_days: 0 })).rejects.toMatchObject({ field: 'window_days' });
    await expect(ask({ window_days: 366 })).rejects.toMatchObject({ field: 'window_days' });
  });
});

describe('CSV', () => {
  it('has a line for every currency and counts once', () => {
    const money = { currency: 'EUR', total: '1.00', refunded: '2.00', net: '-1.00', average: '1.00' };
    expect(
      csvOf(
        ['value', 'n', 'revenue'],
        [
          { value: 'a', n: 2, revenue: [money, { ...money, currency: 'USD' }] },
          { value: 'b', n: 0, revenue: [] },
        ],
      ),
    ).toBe(
      'value,n,currency,total,refunded,net,average\r\na,2,EUR,1.00,2.00,-1.00,1.00\r\na,,USD,1.00,2.00,-1.00,1.00\r\nb,0,,,,,\r\n',
    );
  });

  it('lets no cell begin a formula', () => {
    expect(
      csvOf(
        ['value'],
        ['=1+1', '-2+3', '@x', '＝1+1', '\n=1', '-5.00', 'a"b'].map((value) => ({ value })),
      ),
    ).toBe(`value\r\n'=1+1\r\n'-2+3\r\n'@x\r\n'＝1+1\r\n"'\n=1"\r\n-5.00\r\n"a""b"\r\n`);
  });

  it('lets no text of a visitor begin a line, and so a formula', () => {
    for (const end of ['\n', '\r', '\r\n']) {
      expect(csvOf(['value'], [{ value: `a${end}=1+1` }])).toBe(`value\r\n"a${end}=1+1"\r\n`);
    }
  });

  it('of nothing is a header', () => {
    expect(csvOf(['value', 'n'], [])).toBe('value,n\r\n');
    expect(csvOf(['value', 'revenue', 'n'], [])).toBe('value,n,currency,total,refunded,net,average\r\n');
  });

  it('says what is true and what is not', () => {
    expect(csvOf(['a', 'b', 'c'], [{ a: true, b: false, c: null }])).toBe('a,b,c\r\ntrue,false,\r\n');
  });
});
