/** Many goals at once, and many who want the same one. */
import { expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { ORIGIN, SIGNUP, temporaryConfiguration, withSite } from './temporary-configuration.ts';

test('two hundred who create the same key at once leave one goal', async () => {
  const { configuration, site } = await withSite();
  const draft = { ...SIGNUP, key: 'only' };
  const asked = Array.from({ length: 200 }, () => configuration.goals.create(site, draft, ORIGIN));
  const outcomes = await Promise.allSettled(asked);
  const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
  expect(new Set(refused)).toEqual(new Set(['duplicate_key']));
  expect(refused).toHaveLength(199);
  expect(await configuration.goals.all(site)).toHaveLength(1);
});

test('two hundred who want the same goal at once get the same one', async () => {
  const { configuration, site } = await withSite();
  const wanted = { find: (goals: readonly Goal[]) => goals.find((goal) => goal.name === 'Signup'), draft: SIGNUP };
  const asked = Array.from({ length: 200 }, () => configuration.goals.ensureMany(site, [wanted], ORIGIN));
  const answers = (await Promise.all(asked)).flat();
  expect(new Set(answers.map(({ goal }) => goal.id)).size).toBe(1);
  expect(answers.filter(({ created }) => created)).toHaveLength(1);
});

test('two processes that create the same key at once leave one goal', async () => {
  const { configuration, site, path } = await withSite();
  const { configuration: other } = await temporaryConfiguration(path);
  const draft = { ...SIGNUP, key: 'only' };
  const asked = [configuration, other].flatMap(({ goals }) => [1, 2, 3].map(() => goals.create(site, draft, ORIGIN)));
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
});

test('of many goals all are made or none, and the faulty one is named', async () => {
  const { configuration, site } = await withSite();
  const drafts = [
    SIGNUP,
    { ...SIGNUP, name: 'Other' },
    { name: 'Bad', trigger: { type: 'scroll_depth', percent: 101 } },
  ];
  const refused = { code: 'invalid_field', field: 'goals.2.trigger.percent' };
  await expect(configuration.goals.createMany(site, drafts, ORIGIN)).rejects.toMatchObject(refused);
  const twice = [SIGNUP, { ...SIGNUP, key: 'a' }, { ...SIGNUP, key: 'a' }];
  const repeated = { code: 'duplicate_key', field: 'goals.2.key' };
  await expect(configuration.goals.createMany(site, twice, ORIGIN)).rejects.toMatchObject(repeated);
  expect(await configuration.goals.all(site)).toEqual([]);
  expect((await configuration.sites.get(site)).revision).toBe(1);
});

test('a draft can be made from the goals that are there', async () => {
  const { configuration, site } = await withSite();
  const draft = (goals: readonly Goal[]) => ({
    ...SIGNUP,
    foreign: { pagesense: { linkname: `signup${goals.length}` } },
  });
  const made = await Promise.all([1, 2, 3].map(() => configuration.goals.create(site, draft, ORIGIN)));
  expect(made.map(({ goal }) => goal.foreign.pagesense?.linkname).sort()).toEqual(['signup0', 'signup1', 'signup2']);
});

test('a dialect can have a limit of its own on the goals that it lists', async () => {
  const { configuration, site } = await withSite();
  const isEvent = (goal: Goal) => goal.trigger.type === 'event';
  const options = { ...ORIGIN, limit: { goals: 2, counts: isEvent } };
  await configuration.goals.create(site, { name: 'Scroll', trigger: { type: 'scroll_depth', percent: 50 } }, options);
  const asked = [1, 2, 3].map(() => configuration.goals.create(site, SIGNUP, options));
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject({ code: 'limit_reached' });
});
