/** Keys made from names. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goalKeyFromName, isGoalKey } from '../../src/core/goal-key.ts';

const free = { number: 7, taken: () => false };

describe('goalKeyFromName', () => {
  it.each([
    ['CTA Button Click', 'cta_button_click'],
    ['Signup', 'signup'],
    ['Sign up!', 'sign_up'],
    ['  a  ', 'a'],
    ['a:b-c_d', 'a:b-c_d'],
    ['a & b / c', 'a_b_c'],
    ['a__b', 'a__b'],
    ['Café', 'caf'],
    ['100 % sure', '100_sure'],
    ['Größe XL', 'gr_e_xl'],
    ['日本', 'goal_7'],
    ['!!!', 'goal_7'],
    ['_', 'goal_7'],
    ['-', '-'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['x'.repeat(65), 'x'.repeat(64)],
    [`${'x'.repeat(63)} y`, 'x'.repeat(63)],
  ])('makes of "%s" %s', (name, key) => {
    expect(goalKeyFromName(name, free)).toBe(key);
  });

  it('numbers a key that is taken', () => {
    const taken = new Set(['signup', 'signup_2']);
    expect(goalKeyFromName('Signup', { number: 7, taken: (key) => taken.has(key) })).toBe('signup_3');
    expect(goalKeyFromName('日本', { number: 7, taken: (key) => key === 'goal_7' })).toBe('goal_7_2');
  });

  it('cuts a long key so that its number fits', () => {
    const taken = (key: string) => !key.endsWith('_10');
    expect(goalKeyFromName('x'.repeat(64), { number: 7, taken })).toBe(`${'x'.repeat(61)}_10`);
  });

  it('always makes a legal key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), fc.nat(3), (name, times) => {
        let asked = 0;
        const taken = () => asked++ < times;
        expect(isGoalKey(goalKeyFromName(name, { number: 7, taken }))).toBe(true);
      }),
    );
  });
});
