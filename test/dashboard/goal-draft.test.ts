/** Goals as the editor writes them: what it sends is what the API takes, and reads as a sentence. */
import { describe, expect, test } from 'vitest';
import { checkGoal } from '../../src/core/check-goal.ts';
import { TRIGGER_TYPES, type Trigger, VALUE_MODES } from '../../src/core/goal.ts';
import {
  blankDraft,
  blankTrigger,
  blankValue,
  definitionOf,
  triggerInstead,
  valueAt,
} from '../../src/dashboard/goal-draft.ts';
import { triggerWords } from '../../src/dashboard/trigger-words.ts';

const context = { siteCurrency: 'EUR', makeKey: () => 'key' };

/** Whatever text is missing, filled in. */
function completed<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replaceAll(':""', ':"a"')) as T;
}

describe('a draft', () => {
  test.each(TRIGGER_TYPES)(
    'of the trigger %s is taken once its texts are filled in, and reads as a sentence',
    (type) => {
      const trigger = completed(blankTrigger(type));
      const goal = checkGoal(definitionOf({ ...blankDraft(), name: 'Goal', trigger }), context);
      expect(goal.trigger).toMatchObject(trigger);
      expect(triggerWords(goal.trigger)).toMatch(/^\S.{3,}/);
    },
  );

  test.each(VALUE_MODES)('of the value %s is taken once its texts are filled in', (mode) => {
    const value = mode === 'fixed' ? { mode, amount: '49.99' } : completed(blankValue(mode));
    const goal = checkGoal(definitionOf({ ...completed(blankDraft()), name: 'Goal', value }), context);
    expect(goal.value.mode).toBe(mode);
  });

  test('keeps what another kind of trigger has as well', () => {
    const event: Trigger = { type: 'event', name: 'buy', match: 'starts_with', source: 'server' };
    expect(triggerInstead(event, 'revenue')).toEqual({ ...event, type: 'revenue' });
    expect(triggerInstead({ ...event, type: 'revenue', currency: 'EUR' }, 'event')).toEqual(event);
    const click: Trigger = { type: 'element_click', selector: '#buy' };
    expect(triggerInstead(click, 'form_submit')).toEqual({ type: 'form_submit', selector: '#buy' });
    expect(triggerInstead(click, 'event')).toEqual(blankTrigger('event'));
    expect(triggerInstead(event, 'text_click')).toEqual(blankTrigger('text_click'));
  });

  test('leaves out optional texts that are empty', () => {
    const trigger: Trigger = { type: 'text_click', text: 'Buy', match: 'equals', case_sensitive: false, within: '' };
    expect(definitionOf({ ...blankDraft(), trigger }).trigger).not.toHaveProperty('within');
  });

  test('knows what stands in the field of a problem', () => {
    expect(valueAt(blankDraft(), 'trigger.url.value')).toBe('');
    expect(valueAt(blankDraft(), 'where.include.0.value')).toBeUndefined();
  });
});
