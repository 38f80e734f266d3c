/** URL groups: lists of rules that goals refer to. */
import { expect, test } from 'vitest';
import { ORIGIN, withSite } from './temporary-configuration.ts';

const THANKS = { key: 'thanks', name: 'Thanks', rules: [{ match: 'simple', value: '/thanks' }] };
const GOAL = { name: 'Order', trigger: { type: 'pageview', url: { match: 'group', value: 'thanks' } } };

test('a group is made, replaced, listed and removed', async () => {
  const { configuration, site } = await withSite();
  const { urlGroups } = configuration;
  expect(await urlGroups.create(site, THANKS, ORIGIN)).toEqual(THANKS);
  await expect(urlGroups.create(site, THANKS, ORIGIN)).rejects.toMatchObject({ code: 'duplicate_key' });
  const changed = { ...THANKS, rules: [{ match: 'regex', value: '^/thanks/\\d+$' }] };
  expect(await urlGroups.put(site, changed, ORIGIN)).toEqual(changed);
  expect(await urlGroups.list(site)).toEqual([changed]);
  expect((await configuration.sites.get(site)).revision).toBe(3);
  await urlGroups.remove(site, 'thanks', ORIGIN);
  await expect(urlGroups.get(site, 'thanks')).rejects.toMatchObject({ code: 'not_found' });
  await expect(urlGroups.remove(site, 'thanks', ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
});

test('a goal needs its group to be there, and keeps it there', async () => {
  const { configuration, site } = await withSite();
  const early = configuration.goals.create(site, GOAL, ORIGIN);
  await expect(early).rejects.toMatchObject({ code: 'invalid_field', field: 'trigger.url.value' });
  await configuration.urlGroups.create(site, THANKS, ORIGIN);
  await configuration.goals.create(site, GOAL, ORIGIN);
  const removed = configuration.urlGroups.remove(site, 'thanks', ORIGIN);
  await expect(removed).rejects.toMatchObject({ code: 'conflict' });
});

test.each([
  ['key', { key: 'Thanks!' }],
  ['name', { name: ' ' }],
  ['rules', { rules: [] }],
  ['rules', { rules: Array.from({ length: 51 }, () => THANKS.rules[0]) }],
  ['rules.0.value', { rules: [{ match: 'simple', value: '' }] }],
  ['rules.0.match', { rules: [{ match: 'group', value: 'other' }] }],
  ['rules.1.value', { rules: [THANKS.rules[0], { match: 'regex', value: '(a+)+$' }] }],
  ['colour', { colour: 'red' }],
])('a group with a wrong %s is refused', async (field, wrong) => {
  const { configuration, site } = await withSite();
  const created = configuration.urlGroups.create(site, { ...THANKS, ...wrong }, ORIGIN);
  await expect(created).rejects.toMatchObject({ code: 'invalid_field', field });
});
