/** A map of ids that forgets, beside a plain map that is told what it should still know. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyMap } from '../../../src/server/collector/key-map.ts';

const uuid = (n: number): string => `0190a0b0-c0d0-7000-8000-${n.toString(16).padStart(12, '0')}`;

describe('a key map', () => {
  it('keeps an entry for at least one period and forgets it within two', () => {
    const map = new KeyMap<number>({ entries: 100, period_ms: 1_000 });
    map.set('a', 1, 0);
    map.set('b', 2, 1_000);
    expect(map.get('a')).toBe(1);
    map.set('c', 3, 2_000);
    map.set('d', 4, 3_000);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([undefined, undefined, 3, 4]);
  });

  it('forgets everything after a long silence', () => {
    const map = new KeyMap<number>({ entries: 100, period_ms: 1_000 });
    map.set('a', 1, 0);
    map.set('b', 2, 10_000);
    expect(map.get('a')).toBeUndefined();
  });

  it('never holds more than its bound', () => {
    const map = new KeyMap<number>({ entries: 10_000, period_ms: 1_000 });
    for (let n = 0; n < 30_000; n += 1) {
      map.set(uuid(n), n, 0);
      expect(map.size).toBeLessThanOrEqual(10_000);
    }
    expect(map.get(uuid(29_999))).toBe(29_999);
    expect(map.get(uuid(0))).toBeUndefined();
  });

  it('keeps what is used while others go', () => {
    const map = new KeyMap<number>({ entries: 100, period_ms: 1_000 });
    map.set(uuid(1), 1, 0);
    for (let n = 1_000; n < 2_000; n += 1) {
      map.set(uuid(n), n, 0);
      expect(map.get(uuid(1))).toBe(1);
    }
  });

  it('takes a number of fewer digits, and one that only ends in zeros, for another', () => {
    const map = new KeyMap<string>({ entries: 100, period_ms: 1_000 });
    const keys = ['', '0', '00', '1', '10', '12345678', '1234567800', '01', '123456789012345678901234'];
    for (const key of keys) map.set(key, `of ${key}`, 0);
    for (const key of keys) expect(map.get(key)).toBe(`of ${key}`);
    expect(map.size).toBe(keys.length);
  });

  it('takes a UUID for its digits, in upper case too', () => {
    const map = new KeyMap<number>({ entries: 100, period_ms: 1_000 });
    map.set('0190A0B0-C0D0-7000-8000-00000000000F', 1, 0);
    expect(map.get('0190a0b0-c0d0-7000-8000-00000000000f')).toBe(1);
    expect(map.get('0190a0b0c0d07000800000000000000f')).toBe(1);
  });

  it('answers as a plain map does, whatever is set and deleted, in two generations and while it grows', () => {
    const step = fc.record({ what: fc.constantFrom('set', 'set', 'set', 'get', 'delete', 'turn'), n: fc.nat(3_000) });
    fc.assert(
      fc.property(fc.array(step, { minLength: 500, maxLength: 5_000 }), (steps) => {
        const map = new KeyMap<number>({ entries: 1_000_000, period_ms: 1_000 });
        const known = new Map<number, number>();
        let now_ms = 0;
        let turned = false;
        for (const [index, { what, n }] of steps.entries()) {
          if (what === 'turn' && !turned && index > 200) {
            turned = true;
            now_ms = 1_500;
          } else if (what === 'delete') {
            map.delete(uuid(n));
            known.delete(n);
          } else if (what === 'get') expect(map.get(uuid(n))).toBe(known.get(n));
          else {
            map.set(uuid(n), index, now_ms);
            known.set(n, index);
          }
          expect(map.size).toBe(known.size);
        }
        for (let n = 0; n <= 3_000; n += 1) expect(map.get(uuid(n))).toBe(known.get(n));
      }),
      { numRuns: 20 },
    );
  });
});
