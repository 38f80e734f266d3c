/** A goal as it would come from the store. */
import type { Goal, GoalDefinition } from '../../../../src/core/goal.ts';

/** With the defaults of the model where the definition is silent. */
export const stored = (definition: Partial<GoalDefinition> & Pick<GoalDefinition, 'name' | 'trigger'>): Goal => ({
  id: 'goal_000000000000000000001',
  number: 1,
  site_id: 'site_000000000000000000001',
  version: 1,
  generation: 1,
  created_at: Date.UTC(2026, 2, 1, 10),
  updated_at: Date.UTC(2026, 2, 1, 10),
  deleted_at: null,
  key: 'a_key',
  active: true,
  value: { mode: 'given' },
  where: {},
  properties: {},
  count: 'every',
  purpose: 'sell',
  description: '',
  foreign: {},
  ...definition,
});
