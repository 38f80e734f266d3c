/** A goal while it is being written: blank ones, stored ones, and what is sent. */
import type { CountRule, Goal, GoalDefinition, Trigger, TriggerType, UrlRule, Value, Where } from '../core/goal.ts';

/** What the editor changes. */
export interface GoalDraft {
  name: string;
  description: string;
  active: boolean;
  trigger: Trigger;
  value: Value;
  count: CountRule;
  where: Where;
}

/** A rule to begin with. */
export const BLANK_RULE: UrlRule = { match: 'path', value: '' };

/** A trigger of that type with nothing filled in. */
export function blankTrigger(type: TriggerType): Trigger {
  switch (type) {
    case 'pageview':
      return { type, url: BLANK_RULE, view: 'any' };
    case 'link_click':
      return { type, href: { match: 'contains', value: '' } };
    case 'element_click':
      return { type, selector: '' };
    case 'text_click':
      return { type, text: '', match: 'equals', case_sensitive: false };
    case 'form_submit':
      return { type, selector: '' };
    case 'time_spent':
      return { type, seconds: 30, span: 'page' };
    case 'scroll_depth':
      return { type, percent: 75 };
    case 'element_visible':
      return { type, selector: '', ratio: 0.5, delay_ms: 1_000 };
    case 'engagement':
      return { type };
    case 'event':
    case 'revenue':
      return { type, name: '', match: 'equals', source: 'any' };
  }
}

/** What one kind of trigger has in common with another, by the same name and meaning. */
const SHARED: readonly (readonly [kinds: readonly TriggerType[], members: readonly string[]])[] = [
  [
    ['event', 'revenue'],
    ['name', 'match', 'source'],
  ],
  [['element_click', 'form_submit', 'element_visible'], ['selector']],
];

/** A trigger of another kind, with what was filled in that it has as well. */
export function triggerInstead(before: Trigger, type: TriggerType): Trigger {
  const blank = blankTrigger(type);
  const shared = SHARED.find(([kinds]) => kinds.includes(before.type) && kinds.includes(type))?.[1] ?? [];
  const kept = Object.entries(before).filter(([member]) => shared.includes(member));
  return { ...blank, ...Object.fromEntries(kept) };
}

/** A value of that mode with nothing filled in. */
export function blankValue(mode: Value['mode']): Value {
  switch (mode) {
    case 'given':
    case 'none':
      return { mode };
    case 'fixed':
      return { mode, amount: '' };
    case 'property':
      return { mode, property: '' };
    case 'element':
      return { mode, selector: '' };
    case 'data_layer':
    case 'json_ld':
      return { mode, path: '' };
  }
}

/** A new goal: a page that is visited, as most first goals are. */
export function blankDraft(): GoalDraft {
  return {
    name: '',
    description: '',
    active: true,
    trigger: blankTrigger('pageview'),
    value: { mode: 'given' },
    count: 'every',
    where: {},
  };
}

/** A stored goal as a draft. */
export function draftOf({ name, description, active, trigger, value, count, where }: Goal): GoalDraft {
  return { name, description, active, trigger, value, count, where };
}

/** What is sent: empty optional members are left out, as the API has it. */
export function definitionOf(draft: GoalDraft): Partial<GoalDefinition> {
  return { ...draft, trigger: filled(draft.trigger), value: filled(draft.value) };
}

/** Members that are optional: an empty text in them means that they are absent. */
const OPTIONAL = ['within', 'currency', 'attribute', 'currency_path'];

function filled<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(
    ([name, member]) => member !== undefined && !(member === '' && OPTIONAL.includes(name)),
  );
  return Object.fromEntries(kept) as T;
}

/** What stands at a problem's field, `trigger.url.value`; undefined when nothing does. */
export function valueAt(draft: GoalDraft, field: string): unknown {
  let at: unknown = draft;
  for (const part of field.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}
