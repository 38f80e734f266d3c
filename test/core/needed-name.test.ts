/** What an element must have for a selector to match it. */
import { describe, expect, test } from 'vitest';
import { neededName } from '../../src/core/needed-name.ts';

describe('what a selector needs', () => {
  test.each([
    ['#buy', 'buy'],
    ['.Buy', 'buy'],
    ['button', 'button'],
    ['a.btn', 'btn'],
    ['a.btn#id', 'id'],
    ['nav > a.x:hover', 'x'],
    ['main .card button:first-child', 'button'],
    ['[data-cta]', undefined],
    ['a[href="/x y"]', 'a'],
    ['.a[data-x=1] + [data-y]', undefined],
    ['*', undefined],
    ['.a > *', undefined],
    ['.a, .b', undefined],
    [':not(.a)', undefined],
    ['.a:is(.b, .c)', undefined],
    ['.a\\:b', undefined],
    ['[a="]"]', undefined],
    ['svg|a', undefined],
  ])('%s needs %j', (selector, needed) => {
    expect(neededName(selector)).toBe(needed);
  });
});
