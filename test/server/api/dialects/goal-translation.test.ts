/** Each product's goals, said in our model and back, lose nothing. */
import { describe, expect, it } from 'vitest';
import { readMidaGoal, writeMidaGoal } from '../../../../src/server/api/dialects/mida-goal.ts';
import { readPagesenseGoal, writePagesenseGoal } from '../../../../src/server/api/dialects/pagesense-goal.ts';
import { linknames, newLinkname } from '../../../../src/server/api/dialects/pagesense-linkname.ts';
import {
  readPluginsGoal,
  readSitesGoal,
  writePluginsGoal,
  writeSitesGoal,
} from '../../../../src/server/api/dialects/plausible-goal.ts';
import { stored } from './stored-goal.ts';

describe('Plausible', () => {
  it.each([
    [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: ' Signup ' } },
      { display_name: 'Signup', event_name: 'Signup' },
    ],
    [
      { goal_type: 'Goal.Pageview', goal: { path: 'checkout' } },
      { display_name: 'Visit /checkout', path: '/checkout' },
    ],
    [
      { goal_type: 'Goal.Revenue', goal: { event_name: 'Purchase', currency: 'EUR' } },
      { display_name: 'Purchase', event_name: 'Purchase', currency: 'EUR' },
    ],
  ])('writes back what it read of %j', (request, goal) => {
    const written = writePluginsGoal(stored(readPluginsGoal(request)));
    expect(written).toEqual({ goal_type: request.goal_type, goal: { id: 1, ...goal, custom_props: {} } });
  });

  it.each([
    [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'engagement' } },
      "event_name: The event name 'engagement' is reserved and cannot be used as a goal",
    ],
    [{ goal_type: 'Goal.Revenue', goal: { event_name: 'P', currency: 'XYZ' } }, 'currency: is invalid'],
    [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'P', custom_props: { a: '1', b: '2', c: '3', d: '4' } } },
      'custom_props: use at most 3 properties per goal',
    ],
    [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'P', custom_props: { a: 1 } } },
      'custom_props: must be a map with string keys and string values',
    ],
    [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'P', custom_props: { ['k'.repeat(301)]: 'v' } } },
      'custom_props: key length is 1..300 characters',
    ],
    [
      { goal_type: 'Goal.CustomEvent', goal: { event_name: 'P', custom_props: { k: 'v'.repeat(2001) } } },
      'custom_props: value length is 1..2000 characters',
    ],
  ])('refuses %j in its own words', (request, message) => {
    expect(() => readPluginsGoal(request)).toThrow(message);
  });

  it('says both fields of a blank name', () => {
    expect(() => readPluginsGoal({ goal_type: 'Goal.CustomEvent', goal: { event_name: '  ' } })).toThrow(
      'event_name: this field is required and cannot be blank\npage_path: this field is required and must start with a /',
    );
  });

  it('has a flat form with string ids', () => {
    const goal = stored(readSitesGoal({ goal_type: 'page', page_path: '/register' }));
    expect(writeSitesGoal(goal)).toEqual({
      id: '1',
      goal_type: 'page',
      display_name: 'Visit /register',
      event_name: null,
      page_path: '/register',
      custom_props: {},
    });
  });
});

describe('PageSense', () => {
  const base = { display_name: 'A goal', project_linkname: 'shop' };
  it.each([
    { goal_type: 1, goal_url: 'https://shop.example/thanks', url: [{ match_type: 2 }] },
    { goal_type: 2, link_url: 'https://other.example/', goal_url: '', include_urls: ['https://shop.example/p'] },
    { goal_type: 2, goal_url: 'https://other.example/', include_urls: [] },
    { goal_type: 2, link_url: 'https://other.example/', goal_url: 'https://shop.example/p', include_urls: [] },
    { goal_type: 3, selector: 'form#signup', goal_url: 'https://shop.example/p' },
    { goal_type: 4, selector: '.cta', exclude_urls: ['https://shop.example/p'], url: [{ match_type: 5 }] },
    { goal_type: 5 },
    { goal_type: 6, event_name: 'signup' },
    { goal_type: 7, event_name: 'paid', currency: 'EUR' },
    { goal_type: 8, time_threshold: 30 },
    { goal_type: 9, goal_url: '/route', url: [{ match_type: 6 }] },
    { goal_type: 10, event_name: 'invoiced' },
  ])('writes back what it read of %j', (body) => {
    expect(writePagesenseGoal(stored(readPagesenseGoal({ ...base, ...body })))).toMatchObject(body);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 10])('keeps match type %i', (match_type) => {
    const goal = stored(readPagesenseGoal({ ...base, goal_type: 1, goal_url: 'shop', url: [{ match_type }] }));
    expect(writePagesenseGoal(goal)?.url).toEqual([{ match_type }]);
  });

  it.each([0, 9, 11, 1.5, 'x'])('refuses match type %s', (match_type) => {
    expect(() => readPagesenseGoal({ ...base, goal_type: 1, goal_url: 'shop', url: [{ match_type }] })).toThrow(
      'match_type',
    );
  });

  it('reads a lone star as any page', () => {
    const goal = readPagesenseGoal({ ...base, goal_type: 4, selector: 'a', include_urls: ['*'] });
    expect(goal.where.include).toEqual([{ match: 'wildcard', value: '*', on: 'url' }]);
  });

  it('makes link names of letters and digits that are new', () => {
    expect(newLinkname('Premium Sign-up!', new Set())).toBe('premiumsignup');
    expect(newLinkname('Premium Sign-up!', new Set(['premiumsignup', 'premiumsignup2']))).toBe('premiumsignup3');
    expect(newLinkname('日本', new Set())).toBe('goal');
  });

  it('keeps the link names of goals whatever goals come and go', () => {
    const goal = (number: number, name: string, linkname?: string) => ({
      ...stored({ name, trigger: { type: 'engagement' } }),
      foreign: linkname === undefined ? {} : { pagesense: { linkname } },
      id: `goal_${number}`,
      number,
    });
    const goals = [goal(1, 'Signup'), goal(2, 'Signup', 'signup'), goal(3, 'Signup'), goal(4, 'Signup', 'signup1')];
    const all = linknames(goals);
    expect([...all].sort()).toEqual([
      ['goal_1', 'signup12'],
      ['goal_2', 'signup'],
      ['goal_3', 'signup3'],
      ['goal_4', 'signup1'],
    ]);
    expect(linknames(goals.slice(2)).get('goal_3')).toBe('signup3');
    expect(linknames(goals.slice(0, 3)).get('goal_2')).toBe('signup');
  });
});

describe('Mida', () => {
  it.each([
    ['clickOnElement', '.cta'],
    ['clickOnText', 'Start Free Trial'],
    ['formSubmit', 'form#signup'],
    ['pageview', 'https://example.com/pricing'],
    ['pageviewExact', 'https://example.com/pricing?plan=pro'],
    ['pageviewWildcard', 'https://example.com/blog/*'],
    ['pageviewRegex', '^https://example\\.com/blog/.+$'],
    ['script', 'signup_completed'],
    ['externalLink', 'partner.example'],
    ['elementAppears', '#paid'],
    ['scrolling', '50'],
    ['duration', '30'],
    ['event', 'signup'],
    ['revenue', 'purchase'],
  ])('writes back %s', (goal_type, goal_value) => {
    const goal = readMidaGoal({ goal_name: 'G', goal_type, goal_value });
    expect(writeMidaGoal(stored(goal))).toMatchObject({
      goal_name: 'G',
      goal_type,
      goal_value,
      goal_purpose: 'sell',
      element_url: null,
    });
  });

  it('keeps the page of an element goal verbatim', () => {
    const goal = readMidaGoal({
      goal_name: 'G',
      goal_type: 'clickOnElement',
      goal_value: 'a',
      element_url: 'https://Example.com/',
    });
    expect(goal.where.include).toEqual([{ match: 'simple', value: 'https://Example.com/' }]);
    expect(writeMidaGoal(stored(goal))?.element_url).toBe('https://Example.com/');
  });

  it.each(['goal_name', 'goal_type', 'goal_value'])('names a missing %s', (field) => {
    const body = { goal_name: 'G', goal_type: 'script', goal_value: 'x', [field]: undefined };
    expect(() => readMidaGoal(body)).toThrow(`Missing required field: ${field}`);
  });

  it.each(['constructor', '__proto__', 'nonsense'])('refuses the type %s', (goal_type) => {
    expect(() => readMidaGoal({ goal_name: 'G', goal_type, goal_value: 'x' })).toThrow('Invalid goal_type');
  });
});
