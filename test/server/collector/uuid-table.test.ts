/** A table of UUIDs does what a Map does. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenerationMap } from '../../../src/server/collector/generation-map.ts';
import { UuidTable } from '../../../src/server/collector/uuid-table.ts';

const asUuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** Ids that differ from another in one digit only: every digit counts. */
const ids = Array.from({ length: 32 }, (_, at) => asUuid(`${'0'.repeat(at)}a${'0'.repeat(31 - at)}`));
ids.push(asUuid('0'.repeat(32)));

/** The nth of many. */
const nthId = (n: number) => asUuid(`0190f3a2${n.toString(16).padStart(24, '0')}`);

const step = fc.record({
  what: fc.constantFrom('get', 'set', 'take' as const),
  id: fc.constantFrom(...ids),
  value: fc.integer(),
});

describe('a table of UUIDs', () => {
  it('answers as a Map does, whatever is asked in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const table = new UuidTable<number>();
        const map = new Map<string, number>();
        for (const { what, id, value } of steps) {
          if (what === 'set') {
            table.set(id, value);
            map.set(id, value);
          } else {
            expect(what === 'get' ? table.get(id) : table.take(id)).toBe(map.get(id));
            if (what === 'take') map.delete(id);
          }
          expect(table.size).toBe(map.size);
        }
      }),
    );
  });

  it('grows, and finds everything again that was not taken out', () => {
    const table = new UuidTable<number>();
    const most = 40_000;
    for (let n = 0; n < most; n += 1) {
      table.add(nthId(n), n);
      if (n % 3 === 0) table.take(nthId(n));
    }
    expect(table.size).toBe(most - Math.ceil(most / 3));
    for (let n = 0; n < most; n += 1) expect(table.get(nthId(n))).toBe(n % 3 === 0 ? undefined : n);
  });

  it('does not fill up with what is gone', () => {
    const table = new UuidTable<number>();
    for (let n = 0; n < 100_000; n += 1) {
      table.add(nthId(n), n);
      expect(table.take(nthId(n))).toBe(n);
    }
    expect(table.size).toBe(0);
  });
});

describe('a generation map of UUIDs', () => {
  it('keeps what is used, forgets the rest and never holds more than its bound', () => {
    const map = new GenerationMap<number>({ entries: 3_000, period_ms: 1_000 }, { uuids: true });
    map.set(nthId(0), 0, 0);
    for (let n = 1; n < 20_000; n += 1) {
      map.set(nthId(n), n, 0);
      expect(map.get(nthId(0))).toBe(0);
      expect(map.size).toBeLessThanOrEqual(3_000);
    }
    expect(map.get(nthId(19_999))).toBe(19_999);
    expect(map.get(nthId(1))).toBeUndefined();
    map.delete(nthId(0));
    expect(map.get(nthId(0))).toBeUndefined();
  });
});
