/** Sparklytics' goals, said in our model and back, lose nothing. */
import { describe, expect, it } from 'vitest';
import { readSparklyticsGoal, writeSparklyticsGoal } from '../../../../src/server/api/dialects/sparklytics-goal.ts';
import { stored } from './stored-goal.ts';

describe('Sparklytics', () => {
  const words = {
    name: 'Pro Signup',
    goal_type: 'event',
    match_value: 'signup_click',
    match_operator: 'equals',
    value_mode: 'fixed',
    fixed_value: 99.0,
    value_property_key: null,
    currency: 'USD',
  };

  it('writes the twelve fields of its documents', () => {
    expect(writeSparklyticsGoal(stored(readSparklyticsGoal(words)), 'site_xyz789')).toEqual({
      id: 'goal_000000000000000000001',
      website_id: 'site_xyz789',
      ...words,
      created_at: '2026-03-01T10:00:00Z',
      updated_at: '2026-03-01T10:00:00Z',
    });
  });

  it.each(
    ['event', 'pageview'].flatMap((type) =>
      ['equals', 'contains', 'starts_with', 'ends_with'].map((operator) => [type, operator]),
    ),
  )('keeps %s %s', (goal_type, match_operator) => {
    const goal = stored(readSparklyticsGoal({ ...words, goal_type, match_operator, match_value: '/a' }));
    expect(writeSparklyticsGoal(goal, 's')).toMatchObject({ goal_type, match_operator, match_value: '/a' });
  });

  it.each(['/a*b', '/a.b', '/a|b*(c)'])('takes %s to the letter', (match_value) => {
    const goal = stored(readSparklyticsGoal({ ...words, goal_type: 'pageview', match_value }));
    expect(writeSparklyticsGoal(goal, 's')).toMatchObject({ match_operator: 'equals', match_value });
  });

  it.each([
    { match: 'exact', value: '/a' },
    { match: 'wildcard', value: '/a*' },
    { match: 'regex', value: '^/a' },
    { match: 'contains', value: 'a' },
  ] as const)('leaves out a page rule it has no words for: %j', (url) => {
    const trigger = { type: 'pageview', url, view: 'any' } as const;
    expect(writeSparklyticsGoal(stored({ name: 'Page', trigger, value: { mode: 'none' } }), 's')).toBeUndefined();
  });

  it.each([
    [{ name: ' ' }, 'name must not be empty'],
    [{ name: 'x'.repeat(101) }, 'name must be 100 characters or fewer'],
    [{ match_value: '' }, 'match_value must not be empty'],
    [{ match_value: 'x'.repeat(501) }, 'match_value must be 500 characters or fewer'],
    [{ fixed_value: null }, 'fixed_value is required when value_mode=fixed'],
    [{ fixed_value: -1 }, 'fixed_value must be non-negative'],
    [{ currency: '' }, 'currency must be between 1 and 8 characters'],
    [{ value_mode: 'event_property' }, 'value_property_key is required when value_mode=event_property'],
    [{ value_mode: 'event_property', value_property_key: ' ' }, 'value_property_key must not be empty'],
  ])('refuses %j in its own words', (change, message) => {
    expect(() => readSparklyticsGoal({ ...words, ...change })).toThrow(message);
  });
});
