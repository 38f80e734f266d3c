/** Goals and events for the tests of core: complete, with only what a test is about written out. */
import { checkGoal } from '../../src/core/check-goal.ts';
import type { GoalpostEvent } from '../../src/core/event.ts';
import type { Goal } from '../../src/core/goal.ts';

/** A stored goal as a request with these members would make it. */
export function makeGoal(members: Record<string, unknown>, stored: Partial<Goal> = {}): Goal {
  const definition = checkGoal(
    { key: 'goal', name: 'Goal', ...members },
    { siteCurrency: 'USD', makeKey: () => 'goal' },
  );
  const times = { created_at: 1, updated_at: 1, deleted_at: null };
  return { id: 'goal_a', number: 1, site_id: 'site_a', version: 1, generation: 1, ...times, ...definition, ...stored };
}

/** A checked event. */
export function makeEvent(members: Partial<GoalpostEvent> = {}): GoalpostEvent {
  return {
    id: 'e1',
    name: 'buy',
    time_ms: 0,
    source: 'browser',
    url: 'https://shop.example/cart?step=2',
    goals: [],
    properties: {},
    ...members,
  };
}
