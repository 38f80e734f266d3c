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

  it('never holds more text than its bound, however few entries that is', () => {
    const text = { characters: 1_000, of: (key: string, value: string) => key.length + value.length };
    const map = new GenerationMap<string>({ entries: 1_000_000, period_ms: 1_000, text });
    for (let n = 1_000; n < 2_000; n += 1) {
      map.set(String(n), 'x'.repeat(16), 0);
      // Each has 20 characters.
      expect(map.size).toBeLessThanOrEqual(50);
      expect(map.get('1000')).toBe('x'.repeat(16));
    }
    expect(map.size).toBeGreaterThan(20);
  });

  it('counts what entries grow by', () => {
    const map = new GenerationMap<string>({ entries: 100, period_ms: 1_000, text: { characters: 100, of: () => 1 } });
    map.set('a', 'x', 0);
    map.grow(50);
    map.set('b', 'x', 0);
    map.grow(50);
    map.set('c', 'x', 0);
    expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([undefined, 'x', 'x']);
  });
});
