/** Which conversions are one and the same. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversionKey, conversionKeyText, conversionScope, refundScope } from '../../src/core/conversion-key.ts';
import { COUNT_RULES } from '../../src/core/goal.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const all = { order_id: 'A-1', event_id: 'e', action_id: 'a', view_id: 'v', session: '5', visitor: '7' };
const { order_id: _, ...noOrder } = all;

describe('conversionScope', () => {
  it.each(COUNT_RULES)('is the order when there is one, also %s', (count) => {
    expect(conversionScope(count, all)).toBe('o:A-1');
  });

  it.each([
    ['every', 'e:a'],
    ['once_per_page', 'p:v'],
    ['once_per_session', 's:5'],
    ['once_per_visitor', 'v:7'],
  ] as const)('counts %s by %s', (count, scope) => {
    expect(conversionScope(count, noOrder)).toBe(scope);
  });

  it.each(COUNT_RULES)('falls back on the action or event when nothing else is known, %s', (count) => {
    expect(conversionScope(count, { event_id: 'e' })).toBe('e:e');
    expect(conversionScope(count, { event_id: 'e', action_id: 'a', view_id: '', session: '', visitor: '' })).toBe(
      'e:a',
    );
    expect(conversionScope(count, { event_id: 'e', order_id: '' })).toBe('e:e');
  });
});

describe('conversionKey', () => {
  const owner = { site: 1, goal: 23, generation: 4 };

  it('is the MD5 of site, goal, generation and scope', () => {
    expect(conversionKeyText({ ...owner, scope: 'o:A/1' })).toBe('1/23/4/o:A/1');
    expect(conversionKey({ ...owner, scope: 'o:A-1' }, md5)).toBe(md5('1/23/4/o:A-1'));
    expect(conversionKey({ ...owner, scope: 'o:A-1' }, md5)).toMatch(/^[\da-f]{32}$/);
  });

  it('has another text for every other meaning', () => {
    const meaning = fc.record({
      site: fc.integer({ min: 1, max: 300 }),
      goal: fc.integer({ min: 1, max: 300 }),
      generation: fc.integer({ min: 1, max: 300 }),
      scope: fc.string({ unit: fc.constantFrom('o', ':', '/', '1', '2', '%') }).map((text) => `o:${text}`),
    });
    fc.assert(
      fc.property(meaning, meaning, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(conversionKeyText(one) === conversionKeyText(other)).toBe(same);
      }),
    );
  });
});

describe('refundScope', () => {
  it('names order and refund', () => {
    expect(refundScope('A-1', 'r1')).toBe('r:A-1:r1');
  });

  it('is another for every other pair', () => {
    const id = fc.string({ unit: fc.constantFrom(':', '%', '3', 'A', '2', '5'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(id, id, id, id, (order, refund, order2, refund2) => {
        expect(refundScope(order, refund) === refundScope(order2, refund2)).toBe(
          order === order2 && refund === refund2,
        );
      }),
      { numRuns: 2_000 },
    );
    expect(refundScope('a:b', 'c')).not.toBe(refundScope('a', 'b:c'));
    expect(refundScope('a%3Ab', 'c')).not.toBe(refundScope('a:b', 'c'));
  });
});
