/** Random lives of a site's goals: what reading, the registry and the versions say stays one story. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { Problem } from '../../../src/core/problem.ts';
import type { Configuration } from '../../../src/server/goals/configuration.ts';
import { ORIGIN, withSite } from './temporary-configuration.ts';

const RUNS = process.env.GOALPOST_LONG === '1' ? 300 : 15;

const step = fc.record({
  action: fc.constantFrom('create', 'update', 'put', 'remove', 'restore', 'ensure'),
  name: fc.constantFrom('Signup', 'sign up', 'SIGNUP', 'Ünïcode', '登録'),
  key: fc.constantFrom(undefined, 'a', 'b'),
  active: fc.boolean(),
  /** Which of the goals made so far. */
  which: fc.nat(5),
  unique_name: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does one step; a Problem is an answer, anything else a fault. */
async function take(
  { goals }: Configuration,
  site: string,
  { step: s, made }: { step: Step; made: string[] },
): Promise<void> {
  const draft = {
    name: s.name,
    active: s.active,
    trigger: { type: 'event', name: s.name },
    ...(s.key && { key: s.key }),
  };
  const options = { ...ORIGIN, unique_name: s.unique_name };
  const address = { site, goal: made[s.which % Math.max(made.length, 1)] ?? 'goal_none' };
  const note = ({ goal }: { goal: Goal }): void => void (made.includes(goal.id) || made.push(goal.id));
  try {
    if (s.action === 'create') note(await goals.create(site, draft, options));
    if (s.action === 'update') await goals.update(address, { name: s.name, active: s.active }, options);
    if (s.action === 'put') note(await goals.upsertByKey(site, { key: s.key ?? 'c', input: draft }, options));
    if (s.action === 'remove') await goals.remove(address, ORIGIN);
    if (s.action === 'restore') await goals.restore(address, options);
    if (s.action === 'ensure') {
      const find = (all: readonly Goal[]) => all.find((goal) => goal.name === s.name);
      for (const ensured of await goals.ensureMany(site, [{ find, draft }], options)) note(ensured);
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(['duplicate_key', 'duplicate_name', 'unknown_goal']).toContain(error.code);
  }
}

/** What must hold after any life. */
async function checkStory({ goals, registry, sites }: Configuration, site: string, made: string[]): Promise<void> {
  const all = await goals.all(site);
  const entry = registry.find(site);
  const { revision } = await sites.get(site);
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
  expect(entry?.goals.map(({ goal }) => goal)).toEqual(all);
  expect(entry?.plan.g.map(({ i }) => i)).toEqual(all.filter(({ active }) => active).map(({ id }) => id));
  expect(entry?.revision).toBe(revision);
  for (const id of made) {
    const goal = await goals.get({ site, goal: id }, 'too');
    const versions = await goals.versions({ site, goal: id });
    expect(versions.map(({ version }) => version)).toEqual(versions.map((_, index) => versions.length - index));
    expect(versions[0]).toMatchObject({ version: goal.version, deleted: goal.deleted_at !== null });
    expect(goal).toMatchObject(versions[0]?.goal ?? {});
    const starts = versions.map((version) => version.revision);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => b - a));
    for (const version of versions) expect(entry?.goalVersionAt(id, version.revision)).toBe(version.version);
  }
}

test('whatever happens to goals, keys stay unique and every change is a version that plans know', async () => {
  const lives = fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
    const { configuration, site } = await withSite();
    const made: string[] = [];
    for (const taken of steps) await take(configuration, site, { step: taken, made });
    await checkStory(configuration, site, made);
  });
  await fc.assert(lives, { numRuns: RUNS });
});
