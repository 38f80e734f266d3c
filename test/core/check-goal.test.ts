/** Goals as requests describe them: completed, or refused with the field and a way out. */
import { describe, expect, it } from 'vitest';
import { checkGoal, checkGoalPatch, checkGoalReplacement, type GoalContext } from '../../src/core/check-goal.ts';
import { Problem } from '../../src/core/problem.ts';
import { readCases } from './read-cases.ts';

const cases = readCases<{
  accepted: { why: string; input: unknown; expect: Record<string, unknown> }[];
  refused: { why: string; input: unknown; field: string; says: string }[];
}>('goals');

const context: GoalContext = { siteCurrency: 'USD', makeKey: (name) => `made:${name}` };

/** The Problem the function throws. */
function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('checkGoal', () => {
  it.each(cases.accepted)('accepts: $why', ({ input, expect: expected }) => {
    const { key, ...goal } = checkGoal(input, context);
    expect({ key, ...goal }).toMatchObject(expected);
    for (const [member, value] of Object.entries(expected)) expect({ key, ...goal }[member as 'name']).toEqual(value);
  });

  it.each(cases.refused)('refuses $field: $why', ({ input, field, says }) => {
    const problem = problemOf(() => checkGoal(input, context));
    expect(problem.code).toBe('invalid_field');
    expect(problem.field).toBe(field);
    expect(problem.message).toContain(says);
    expect(problem.message).toMatch(/[.?:}…]$/);
  });

  it.each([undefined, null, 5, 'goal', [], true])('refuses a body that is %s', (body) => {
    expect(problemOf(() => checkGoal(body, context)).code).toBe('invalid_body');
  });

  it('accepts every goal it made', () => {
    for (const { input } of cases.accepted) {
      const goal = checkGoal(input, context);
      if (!goal.key.startsWith('made:')) expect(checkGoal(goal, context)).toEqual(goal);
    }
  });

  it('leaves Object.prototype alone', () => {
    const body = JSON.parse(
      '{"name":"x","trigger":{"type":"engagement"},"foreign":{"mida":{"__proto__":{"polluted":1}}}}',
    );
    checkGoal(body, context);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const own = JSON.parse('{"name":"x","trigger":{"type":"engagement"},"__proto__":{"active":false}}');
    expect(problemOf(() => checkGoal(own, context)).field).toBe('__proto__');
  });

  it('keeps free currency codes where a dialect has them', () => {
    const free = { ...context, freeCurrency: true };
    const fixed = (currency: string) => ({
      name: 'x',
      trigger: { type: 'engagement' },
      value: { mode: 'fixed', amount: 5, currency },
    });
    for (const code of ['POINTS', 'p', '12345678', 'usd', '💎💎💎💎💎💎💎💎']) {
      expect(checkGoal(fixed(code), free).value).toEqual({ mode: 'fixed', amount: '5.00', currency: code });
    }
    for (const code of ['', '123456789', ' ']) {
      expect(problemOf(() => checkGoal(fixed(code), free)).message).toContain('1 to 8');
    }
  });
});

describe('checkGoalPatch', () => {
  const existing = checkGoal(
    {
      key: 'buy',
      name: 'Buy',
      trigger: { type: 'revenue', name: 'buy', currency: 'EUR' },
      where: { include: [{ match: 'path', value: '/shop/**' }] },
      properties: { plan: 'pro' },
      count: 'once_per_session',
    },
    context,
  );

  it('keeps what the patch does not name', () => {
    expect(checkGoalPatch(existing, {}, context)).toEqual(existing);
    expect(checkGoalPatch(existing, { active: false }, context)).toEqual({ ...existing, active: false });
  });

  it('replaces what the patch names, whole', () => {
    expect(checkGoalPatch(existing, { properties: { size: 'XL' } }, context).properties).toEqual({ size: 'XL' });
    expect(checkGoalPatch(existing, { where: {} }, context).where).toEqual({});
    const trigger = { type: 'revenue', name: 'other', source: 'server' };
    expect(checkGoalPatch(existing, { trigger }, context).trigger).toMatchObject(trigger);
  });

  it('restores defaults for null', () => {
    const patched = checkGoalPatch(existing, { count: null, where: null, properties: null, key: null }, context);
    expect(patched).toMatchObject({ count: 'every', where: {}, properties: {}, key: 'made:Buy' });
    expect(problemOf(() => checkGoalPatch(existing, { name: null }, context)).field).toBe('name');
    expect(problemOf(() => checkGoalPatch(existing, { trigger: null }, context)).field).toBe('trigger');
  });

  it('never changes the currency of a revenue trigger', () => {
    const trigger = { type: 'revenue', name: 'buy' };
    const patch = (currency?: string) =>
      checkGoalPatch(existing, { trigger: currency === undefined ? trigger : { ...trigger, currency } }, context);
    expect(patch().trigger).toMatchObject({ currency: 'EUR' });
    expect(patch('eur').trigger).toMatchObject({ currency: 'EUR' });
    const problem = problemOf(() => patch('USD'));
    expect(problem.field).toBe('trigger.currency');
    expect(problem.message).toContain('stays EUR');
  });

  it('refuses to lose the currency with the kind of trigger', () => {
    const trigger = { type: 'event', name: 'buy' };
    const problem = problemOf(() => checkGoalPatch(existing, { trigger }, context));
    expect([problem.code, problem.field]).toEqual(['invalid_field', 'trigger.type']);
    expect(problem.message).toContain('EUR');
    expect(problemOf(() => checkGoalReplacement(existing, { name: 'x', trigger }, context)).field).toBe('trigger.type');
    const bare = checkGoal({ name: 'x', trigger: { type: 'revenue', name: 'buy' } }, context);
    expect(checkGoalPatch(bare, { trigger }, context).trigger).toMatchObject(trigger);
  });

  it('sets the currency of a revenue trigger that had none', () => {
    const bare = checkGoal({ name: 'x', trigger: { type: 'revenue', name: 'buy' } }, context);
    const trigger = { type: 'revenue', name: 'buy', currency: 'CHF' };
    expect(checkGoalPatch(bare, { trigger }, context).trigger).toMatchObject({ currency: 'CHF' });
  });

  it('refuses unknown fields and bodies that are no objects', () => {
    expect(problemOf(() => checkGoalPatch(existing, { activ: true }, context)).message).toContain('"active"');
    for (const body of [null, [], 'x']) {
      expect(problemOf(() => checkGoalPatch(existing, body, context)).code).toBe('invalid_body');
    }
  });

  it('refuses a bad field wherever a new goal would be refused for it', () => {
    for (const { input, field } of cases.refused) {
      if (typeof input !== 'object' || input === null || (input as { name?: unknown }).name === undefined) continue;
      if ((input as { name?: unknown }).name === null || field === 'trigger') continue;
      if (!('trigger' in input)) continue;
      expect(problemOf(() => checkGoalPatch(existing, input, context)).field).toBe(field);
    }
  });
});

describe('checkGoalReplacement', () => {
  const existing = checkGoal(
    { key: 'buy', name: 'Buy', count: 'once_per_page', trigger: { type: 'revenue', name: 'buy', currency: 'EUR' } },
    context,
  );

  it('gives defaults to what is left out, and keeps key and currency', () => {
    const replaced = checkGoalReplacement(existing, { name: 'New', trigger: { type: 'revenue', name: 'b' } }, context);
    expect(replaced).toMatchObject({ key: 'buy', name: 'New', count: 'every', trigger: { currency: 'EUR' } });
    const other = { name: 'New', trigger: { type: 'revenue', name: 'b', currency: 'USD' } };
    expect(problemOf(() => checkGoalReplacement(existing, other, context)).field).toBe('trigger.currency');
  });
});
