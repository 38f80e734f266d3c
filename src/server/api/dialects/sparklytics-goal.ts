/** Sparklytics goals: what its requests say, as our goals, and our goals as its twelve fields. Pure. */

import type { Goal, GoalDefinition, TextOperator, Trigger, UrlRule, Value } from '../../../core/goal.ts';
import { PROPERTY_KEY_CHARACTERS } from '../../../core/limits.ts';
import { literalSource } from '../../../core/match-text.ts';
import { formatMicros, parseAmount } from '../../../core/money.ts';
import { Problem } from '../../../core/problem.ts';

/** Its three limits; they are the product's, not ours. */
const NAME_CHARACTERS = 100;
const MATCH_CHARACTERS = 500;
const CURRENCY_CHARACTERS = 8;
const OPERATORS: readonly TextOperator[] = ['equals', 'contains', 'starts_with', 'ends_with'];
const VALUE_MODES = ['none', 'fixed', 'event_property'] as const;

/** A goal in Sparklytics' words; request bodies are merged into this before they are checked. */
export interface SparklyticsGoal {
  name: unknown;
  goal_type: unknown;
  match_value: unknown;
  match_operator: unknown;
  value_mode: unknown;
  fixed_value: unknown;
  value_property_key: unknown;
  currency: unknown;
}

/** What a checked request asks for, on our model. */
export type SparklyticsDefinition = Pick<GoalDefinition, 'name' | 'trigger' | 'value' | 'foreign'>;

const refuse = (field: string, message: string) => new Problem('invalid_field', message, { field });
const length = (text: string) => [...text].length;

function text(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw refuse(field, `${field} must be a string`);
  return value.trim();
}

function readName(value: unknown): string {
  const name = text(value, 'name');
  if (name === '') throw refuse('name', 'name must not be empty');
  if (length(name) > NAME_CHARACTERS) throw refuse('name', 'name must be 100 characters or fewer');
  return name;
}

function readTrigger(goal: SparklyticsGoal): Trigger {
  const type = goal.goal_type === 'page_view' ? 'pageview' : goal.goal_type;
  if (type !== 'event' && type !== 'pageview') throw refuse('goal_type', 'goal_type must be one of: event, pageview');
  const value = text(goal.match_value, 'match_value');
  if (value === '') throw refuse('match_value', 'match_value must not be empty');
  if (length(value) > MATCH_CHARACTERS) throw refuse('match_value', 'match_value must be 500 characters or fewer');
  const operator = (goal.match_operator ?? 'equals') as TextOperator;
  if (!OPERATORS.includes(operator))
    throw refuse('match_operator', 'match_operator must be one of: equals, contains, starts_with, ends_with');
  if (type === 'event') return { type, name: value, match: operator, source: 'any' };
  const url: UrlRule = operator === 'equals' ? equalPath(value) : { match: operator, value, on: 'path' };
  return { type, url, view: 'any' };
}

/** The path equals the value, whatever the query: `exact` would look at the query, and a star must stay a star. */
function equalPath(value: string): UrlRule {
  return value.includes('*')
    ? { match: 'regex', value: `^${literalSource(value)}$`, on: 'path' }
    : { match: 'wildcard', value, on: 'path' };
}

function readCurrency(value: unknown): string {
  const currency = value === undefined || value === null ? 'USD' : text(value, 'currency');
  if (currency === '' || length(currency) > CURRENCY_CHARACTERS)
    throw refuse('currency', 'currency must be between 1 and 8 characters');
  return currency;
}

function readValue(goal: SparklyticsGoal, currency: string): Value {
  const mode = (goal.value_mode ?? 'none') as (typeof VALUE_MODES)[number];
  if (!VALUE_MODES.includes(mode)) throw refuse('value_mode', 'value_mode must be one of: none, fixed, event_property');
  if (mode === 'none') return { mode };
  if (mode === 'fixed') {
    if (goal.fixed_value === undefined || goal.fixed_value === null)
      throw refuse('fixed_value', 'fixed_value is required when value_mode=fixed');
    const micros = typeof goal.fixed_value === 'number' ? parseAmount(goal.fixed_value) : undefined;
    if (micros === undefined) throw refuse('fixed_value', 'fixed_value must be a number up to 1000000000');
    if (micros < 0n) throw refuse('fixed_value', 'fixed_value must be non-negative');
    return { mode, amount: formatMicros(micros), currency };
  }
  if (goal.value_property_key === undefined || goal.value_property_key === null)
    throw refuse('value_property_key', 'value_property_key is required when value_mode=event_property');
  const property = text(goal.value_property_key, 'value_property_key');
  if (property === '') throw refuse('value_property_key', 'value_property_key must not be empty');
  if (length(property) > PROPERTY_KEY_CHARACTERS) {
    const message = `value_property_key must be ${PROPERTY_KEY_CHARACTERS} characters or fewer`;
    throw refuse('value_property_key', message);
  }
  return { mode: 'property', property, currency };
}

/**
 * Checks a goal in Sparklytics' words and says it in ours. Order of the checks as the product's: name, type and
 * match, value. Throws `invalid_field` with the product's own sentence.
 */
export function readSparklyticsGoal(goal: SparklyticsGoal): SparklyticsDefinition {
  const name = readName(goal.name);
  const trigger = readTrigger(goal);
  const currency = readCurrency(goal.currency);
  return { name, trigger, value: readValue(goal, currency), foreign: { sparklytics: { currency } } };
}

/** `2026-03-01T10:00:00Z`: the product prints no milliseconds. */
const timestamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Operator and value for a page rule, or undefined where it has none that means the same. */
function pageMatch(rule: UrlRule): { match_value: string; match_operator: TextOperator } | undefined {
  if ((rule.on ?? (rule.value.startsWith('/') ? 'path' : 'url')) !== 'path') return undefined;
  if (rule.match === 'wildcard' || rule.match === 'regex') {
    const value = rule.match === 'regex' ? rule.value.slice(1, -1).replace(/\\(.)/gs, '$1') : rule.value;
    const equal = equalPath(value);
    const same = equal.match === rule.match && equal.value === rule.value;
    return same ? { match_value: value, match_operator: 'equals' } : undefined;
  }
  const operator = OPERATORS.find((one) => one === rule.match);
  return operator && { match_value: rule.value, match_operator: operator };
}

function writeTrigger(trigger: Trigger) {
  if (trigger.type === 'event' && trigger.source === 'any')
    return { goal_type: 'event', match_value: trigger.name, match_operator: trigger.match };
  if (trigger.type !== 'pageview' || trigger.view !== 'any') return undefined;
  const match = pageMatch(trigger.url);
  return match && { goal_type: 'pageview', ...match };
}

function writeValue(value: Value) {
  if (value.mode === 'none') return { value_mode: 'none', fixed_value: null, value_property_key: null };
  if (value.mode === 'fixed')
    return { value_mode: 'fixed', fixed_value: Number(value.amount), value_property_key: null };
  if (value.mode === 'property')
    return { value_mode: 'event_property', fixed_value: null, value_property_key: value.property };
  return undefined;
}

/** Whether nothing of the goal would be lost in Sparklytics' twelve fields. */
function fits(goal: Goal): boolean {
  const { include, exclude } = goal.where;
  return (
    goal.active &&
    goal.count === 'every' &&
    !include?.length &&
    !exclude?.length &&
    Object.keys(goal.properties).length === 0 &&
    length(goal.name) <= NAME_CHARACTERS
  );
}

/** A goal as Sparklytics shows it, or undefined when it cannot be said in its words without loss. */
export function writeSparklyticsGoal(goal: Goal, websiteId: string) {
  const trigger = writeTrigger(goal.trigger);
  const value = writeValue(goal.value);
  if (!trigger || !value || !fits(goal) || length(trigger.match_value) > MATCH_CHARACTERS) return undefined;
  const ours = 'currency' in goal.value ? goal.value.currency : undefined;
  const kept = goal.foreign.sparklytics?.currency;
  return {
    id: goal.id,
    website_id: websiteId,
    name: goal.name,
    ...trigger,
    ...value,
    currency: ours ?? (typeof kept === 'string' ? kept : 'USD'),
    created_at: timestamp(goal.created_at),
    updated_at: timestamp(goal.updated_at),
  };
}
