/** A funnel and its address: what one says the other says. */
import { describe, expect, test } from 'vitest';
import { FUNNEL_STEPS_MAX } from '../../src/core/limits.ts';
import { addressWithFunnel, funnelOf } from '../../src/dashboard/funnel-question.ts';

describe('a funnel', () => {
  test('is read from its address as it was written into it', () => {
    const funnel = { goals: ['cart', 'a:b', 'bought'], per: 'visitor', window: '10080' } as const;
    const address = addressWithFunnel('/sites/shop.example/funnels?period=30d', funnel);
    expect(funnelOf(address)).toEqual(funnel);
    expect(address).toContain('period=30d');
  });

  test('has its defaults where the address says nothing or nonsense', () => {
    const empty = { goals: [], per: 'session', window: '30' };
    expect(funnelOf('/funnels')).toEqual(empty);
    expect(funnelOf('/funnels?goals=,&per=dog&window=-1')).toEqual(empty);
  });

  test('has every goal once, and no more than can be asked', () => {
    const many = Array.from({ length: 20 }, (_, index) => `g${index}`);
    const { goals } = funnelOf(`/funnels?goals=g0,${many.join(',')}`);
    expect(goals).toEqual(many.slice(0, FUNNEL_STEPS_MAX));
  });
});
