/** Goals applied to the past: which generation is counted, built, read. */
import { expect, test } from 'vitest';
import type { Goal } from '../../../src/core/goal.ts';
import { ORIGIN, SIGNUP, withSite } from './temporary-configuration.ts';

const DAY_MS = 86_400_000;

async function withGoal() {
  const opened = await withSite();
  const { configuration, site } = opened;
  const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
  const address = { site, goal: goal.id };
  const generations = async (): Promise<readonly number[] | undefined> => {
    const current: Goal = await configuration.goals.get(address);
    return configuration.registry.find(site)?.generations(current);
  };
  return { ...opened, goal, address, generations };
}

test('a new goal fills its own generation', async () => {
  const { configuration, address, clock, generations } = await withGoal();
  const past = { from_ms: clock.ms - 3 * DAY_MS, watermark_ms: clock.ms };
  const job = await configuration.backfills.start(address, { generation: 'current', ...past }, ORIGIN);
  expect(job).toMatchObject({ generation: 1, next_day_ms: past.from_ms, until_ms: clock.ms, state: 'running' });
  expect(await generations()).toEqual([1]);
});

test('a changed goal is counted under both generations until the past is filled, then read under the new one', async () => {
  const { configuration, address, goal, clock, generations } = await withGoal();
  const { backfills } = configuration;
  const past = { generation: 'next' as const, from_ms: clock.ms - 3 * DAY_MS, watermark_ms: clock.ms };
  const job = await backfills.start(address, past, ORIGIN);
  expect(await generations()).toEqual([1, 2]);
  expect(await backfills.advance([job], past.from_ms + DAY_MS)).toEqual([job]);
  expect(await backfills.running()).toMatchObject([{ goal_id: goal.id, next_day_ms: past.from_ms + DAY_MS }]);
  expect(await backfills.finish([job], 'done')).toEqual([job]);
  expect(await generations()).toEqual([2]);
  expect(await backfills.running()).toEqual([]);
  expect((await configuration.goals.get(address)).version).toBe(1);
});

test('a second change replaces the job of the first, whose generation is never used', async () => {
  const { configuration, address, clock, generations } = await withGoal();
  const { backfills } = configuration;
  const past = { generation: 'next' as const, from_ms: clock.ms - DAY_MS, watermark_ms: clock.ms };
  const first = await backfills.start(address, past, ORIGIN);
  const second = await backfills.start(address, past, ORIGIN);
  expect(second.generation).toBe(3);
  expect(await backfills.advance([first], clock.ms)).toEqual([]);
  expect(await backfills.finish([first], 'done')).toEqual([]);
  expect(await generations()).toEqual([1, 3]);
  expect(await backfills.finish([first, second], 'failed')).toEqual([second]);
  expect(await generations()).toEqual([1]);
  expect((await backfills.of(address.goal)).map((job) => job.state)).toEqual(['failed', 'replaced']);
});

test('the job of a deleted goal waits', async () => {
  const { configuration, address, clock } = await withGoal();
  const past = { generation: 'current' as const, from_ms: 0, watermark_ms: clock.ms };
  await configuration.backfills.start(address, past, ORIGIN);
  await configuration.goals.remove(address, ORIGIN);
  expect(await configuration.backfills.running()).toEqual([]);
  await expect(configuration.backfills.start(address, past, ORIGIN)).rejects.toMatchObject({ code: 'unknown_goal' });
  await configuration.goals.restore(address, ORIGIN);
  expect(await configuration.backfills.running()).toHaveLength(1);
});

test('a write says whether it can be applied to the past', async () => {
  const { configuration, site, address } = await withGoal();
  const { goals } = configuration;
  const scroll = { name: 'Scroll', trigger: { type: 'scroll_depth', percent: 50 } };
  expect(await goals.create(site, SIGNUP, ORIGIN)).toMatchObject({ retroactive: true });
  expect(await goals.create(site, scroll, ORIGIN)).toMatchObject({ retroactive: false });
  expect(await goals.update(address, { description: 'x' }, ORIGIN)).toMatchObject({ retroactive: false });
  expect(await goals.update(address, { properties: { plan: 'pro' } }, ORIGIN)).toMatchObject({ retroactive: true });
  const [found] = await goals.ensureMany(site, [{ find: (all) => all[0], draft: SIGNUP }], ORIGIN);
  expect(found).toMatchObject({ created: false, retroactive: false });
});

test('a job that must look at more goes on from there, and whoever works on it notices', async () => {
  const { configuration, address, clock, goal, generations } = await withGoal();
  const { backfills } = configuration;
  const past = { generation: 'next' as const, from_ms: clock.ms - 9 * DAY_MS, watermark_ms: clock.ms };
  const job = await backfills.start(address, past, ORIGIN);
  await backfills.advance([job], clock.ms - DAY_MS);
  expect(await backfills.begunAfter(clock.ms)).toEqual([]);
  const [begun] = await backfills.begunAfter(clock.ms - 1);
  expect(begun).toMatchObject({ goal_id: goal.id, generation: 2 });

  await backfills.widen([begun!], { from_ms: clock.ms - 3 * DAY_MS, until_ms: clock.ms + 50 });
  const [wider] = await backfills.running();
  expect(wider).toMatchObject({
    next_day_ms: clock.ms - 3 * DAY_MS,
    until_ms: clock.ms + 50,
    watermark_ms: clock.ms + 50,
  });
  expect(await backfills.advance([job], clock.ms)).toEqual([]);
  expect(await backfills.finish([job], 'done')).toEqual([]);
  expect(await generations()).toEqual([1, 2]);
  expect(await backfills.finish([wider!], 'done')).toEqual([wider]);
  expect(await generations()).toEqual([2]);

  // Done, it is looked at again; to a time that was looked at already, too.
  await backfills.widen([job], { from_ms: clock.ms - 5 * DAY_MS, until_ms: clock.ms });
  const [again] = await backfills.running();
  expect(again).toMatchObject({
    next_day_ms: clock.ms - 5 * DAY_MS,
    until_ms: clock.ms + 50,
    watermark_ms: clock.ms + 51,
  });
  expect(await generations()).toEqual([2]);
});

test('a job whose generation nobody reads any more is not looked at again, and takes no goal back', async () => {
  const { configuration, address, clock, generations } = await withGoal();
  const { backfills } = configuration;
  const past = { generation: 'next' as const, from_ms: clock.ms - DAY_MS, watermark_ms: clock.ms };
  const old = await backfills.start(address, past, ORIGIN);
  await backfills.finish([old], 'done');
  await backfills.widen([old], { from_ms: 0, until_ms: clock.ms + 1 });
  const [wider] = await backfills.running();
  const next = await backfills.start(address, past, ORIGIN);
  expect(await backfills.finish([wider!, next], 'done')).toEqual([next]);
  expect(await generations()).toEqual([3]);
  await backfills.widen([old], { from_ms: 0, until_ms: clock.ms + 9 });
  expect(await backfills.running()).toEqual([]);
});
