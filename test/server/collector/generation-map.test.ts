/** A map that forgets what nobody touches, and the oldest when it is full. */
import { describe, expect, it } from 'vitest';
import { GenerationMap } from '../../../src/server/collector/generation-map.ts';

describe('a generation map', () => {
  it('keeps an entry for at least one period and forgets it within two', () => {
    const map = new GenerationMap<number>({ entries: 100, period_ms: 1_000 });
    map.set('a', 1, 0);
    map.set('b', 2, 1_000);
    expect(map.get('a')).toBe(1);
    map.set('c', 3, 2_000);
    map.set('d', 4, 3_000);
    expect(['a', 'b', 'c', 'd'].map((key) => map.get(key))).toEqual([undefined, undefined, 3, 4]);
  });

  it('forgets everything after a long silence', () => {
    const map = new GenerationMap<number>({ entries: 100, period_ms: 1_000 });
    map.set('a', 1, 0);
    map.set('b', 2, 10_000);
    expect(map.get('a')).toBeUndefined();
  });

  it('never holds more than its bound', () => {
    const map = new GenerationMap<number>({ entries: 100, period_ms: 1_000 });
    for (let n = 0; n < 10_000; n += 1) {
      map.set(String(n), n, 0);
      expect(map.size).toBeLessThanOrEqual(100);
    }
    expect(map.get('9999')).toBe(9_999);
    expect(map.get('0')).toBeUndefined();
  });

  it('keeps what is used while others go', () => {
    const map = new GenerationMap<number>({ entries: 100, period_ms: 1_000 });
    map.set('kept', 1, 0);
    for (let n = 0; n < 1_000; n += 1) {
      map.set(String(n), n, 0);
      expect(map.get('kept')).toBe(1);
    }
  });
});
