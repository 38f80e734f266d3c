/** Addresses of the dashboard and the views they mean. */
import { describe, expect, test } from 'vitest';
import { placeOf, sharedAddress, siteAddress } from '../../src/dashboard/router.ts';

describe('an address', () => {
  test.each([
    ['/', { view: 'sites' }],
    ['/sites/', { view: 'sites' }],
    ['/login', { view: 'login' }],
    ['/setup?token=abc', { view: 'setup', token: 'abc' }],
    ['/join', { view: 'join', token: '' }],
    ['/sites/new', { view: 'new-site' }],
    ['/sites/shop.example', { view: 'goals', site: 'shop.example' }],
    ['/sites/shop.example/goals/?period=30d', { view: 'goals', site: 'shop.example' }],
    ['/sites/shop.example/live', { view: 'live', site: 'shop.example' }],
    ['/sites/shop.example/goals/new', { view: 'new-goal', site: 'shop.example' }],
    ['/sites/shop.example/goals/goal_1', { view: 'goal', site: 'shop.example', goal: 'goal_1' }],
    ['/sites/shop.example/goals/goal_1/edit', { view: 'edit-goal', site: 'shop.example', goal: 'goal_1' }],
    ['/sites/shop.example/nothing', { view: 'unknown' }],
    ['/elsewhere', { view: 'unknown' }],
    ['/account', { view: 'account' }],
    ['/sites/shop.example/funnels?goals=a,b', { view: 'funnels', site: 'shop.example' }],
    ['/share/abc', { view: 'shared', token: 'abc', shown: { view: 'goals', site: '' } }],
    ['/share/abc/goals/goal_1', { view: 'shared', token: 'abc', shown: { view: 'goal', site: '', goal: 'goal_1' } }],
    ['/share/abc/nothing', { view: 'shared', token: 'abc', shown: undefined }],
    ['/share', { view: 'unknown' }],
    ['/sites/%E0%A4%A', { view: 'goals', site: '%E0%A4%A' }],
  ])('%s is its place', (address, place) => {
    expect(placeOf(address)).toEqual(place);
  });

  test('keeps every character of a site and a goal', () => {
    const place = placeOf(siteAddress('a/b?c', 'goals', '#d'));
    expect(place).toEqual({ view: 'goal', site: 'a/b?c', goal: '#d' });
    expect(placeOf(sharedAddress('t', 'goals', '#d'))).toMatchObject({ token: 't', shown: { goal: '#d' } });
  });
});
