/** Rate limits in events, per address and per site. */
import { describe, expect, it } from 'vitest';
import { TokenBuckets } from '../../../src/server/collector/token-buckets.ts';

describe('the rate limits', () => {
  const rates = { address: { per_s: 10, at_once: 20 }, site: { per_s: 100, at_once: 50 } };
  const ask = (buckets: TokenBuckets, known: { block?: string; site?: number; events?: number; now_ms?: number }) =>
    buckets.take({ site: 1, block: '198.51.100.1', events: 1, now_ms: 0, ...known });

  it('let an address have its burst and then say when to come again', () => {
    const buckets = new TokenBuckets(rates);
    expect(ask(buckets, { events: 20 })).toBe(0);
    expect(ask(buckets, { events: 15 })).toBe(2);
    expect(ask(buckets, { events: 15, now_ms: 1_500 })).toBe(0);
  });

  it('take nothing for a refused request', () => {
    const buckets = new TokenBuckets(rates);
    expect(ask(buckets, { events: 15 })).toBe(0);
    expect(ask(buckets, { events: 10 })).toBe(1);
    expect(ask(buckets, { events: 5 })).toBe(0);
  });

  it('count addresses apart, and sites apart', () => {
    const buckets = new TokenBuckets(rates);
    expect(ask(buckets, { events: 20 })).toBe(0);
    expect(ask(buckets, { events: 20, block: '198.51.100.2' })).toBe(0);
    expect(ask(buckets, { events: 20, site: 2 })).toBe(0);
  });

  it('limit a site whatever the addresses', () => {
    const buckets = new TokenBuckets(rates);
    for (const block of ['a', 'b']) expect(ask(buckets, { events: 20, block })).toBe(0);
    expect(ask(buckets, { events: 20, block: 'c' })).toBe(1);
    expect(ask(buckets, { events: 20, block: 'c', now_ms: 200 })).toBe(0);
  });

  it('let a batch larger than a bucket through when the bucket is full', () => {
    const buckets = new TokenBuckets(rates);
    expect(ask(buckets, { events: 30 })).toBe(0);
    expect(ask(buckets, { events: 1 })).toBeGreaterThan(0);
  });

  it('are not fooled by a clock that goes back', () => {
    const buckets = new TokenBuckets(rates);
    expect(ask(buckets, { events: 20, now_ms: 10_000 })).toBe(0);
    expect(ask(buckets, { events: 1, now_ms: 0 })).toBe(1);
  });
});
