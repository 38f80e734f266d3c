/**
 * Plausible goals, as its plugins API and its sites API write them, as our goals and back. Pure.
 * Refusals are `<field>: <message>`; where the product answers with several, they are joined by a line feed and
 * the dialect splits them again.
 */

import { isCurrency } from '../../../core/currency.ts';
import type { Goal, GoalDefinition, Trigger } from '../../../core/goal.ts';
import { Problem } from '../../../core/problem.ts';

/** What a checked request asks for, on our model. */
export type PlausibleDefinition = Pick<GoalDefinition, 'name' | 'trigger' | 'properties'>;

/** Its limits; they are the product's, not ours. */
const EVENT_NAME_CHARACTERS = 120;
const PATH_CHARACTERS = 2_000;
const PROPERTIES = 3;
const KEY_CHARACTERS = 300;
const VALUE_CHARACTERS = 2_000;

type Body = Record<string, unknown>;
const refuse = (...details: string[]) =>
  new Problem('invalid_field', details.join('\n'), { field: details[0]?.split(':')[0] ?? '' });
const length = (text: string) => [...text].length;
const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A goal of neither event nor page is refused under both fields, as the product does; the name comes first. */
const NO_NAME = 'event_name: this field is required and cannot be blank';
const NO_PATH = 'page_path: this field is required and must start with a /';

function readEventName(goal: Body): string {
  const value = goal.event_name;
  if (value !== undefined && value !== null && typeof value !== 'string')
    throw refuse(`event_name: Invalid string. Got: ${kindOf(value)}`);
  const name = (value ?? '').trim();
  if (name === '') throw refuse(NO_NAME, NO_PATH);
  if (length(name) > EVENT_NAME_CHARACTERS)
    throw refuse(`event_name: should be at most ${EVENT_NAME_CHARACTERS} character(s)`);
  if (name === 'engagement')
    throw refuse("event_name: The event name 'engagement' is reserved and cannot be used as a goal", NO_PATH);
  return name;
}

function readPath(value: unknown): string {
  if (value !== undefined && value !== null && typeof value !== 'string')
    throw refuse(`path: Invalid string. Got: ${kindOf(value)}`);
  const path = (value ?? '').trim();
  if (path === '') throw refuse(NO_NAME, NO_PATH);
  const whole = path.startsWith('/') ? path : `/${path}`;
  if (length(whole) > PATH_CHARACTERS) throw refuse(`page_path: should be at most ${PATH_CHARACTERS} character(s)`);
  return whole;
}

function readProperties(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  const shape = 'custom_props: must be a map with string keys and string values';
  if (!isBody(value)) throw refuse(shape);
  const entries = Object.entries(value);
  if (entries.length > PROPERTIES) throw refuse('custom_props: use at most 3 properties per goal');
  const checked: [string, string][] = [];
  for (const [key, filter] of entries) {
    if (typeof filter !== 'string') throw refuse(shape);
    const name = key.trim();
    if (name === '' || length(name) > KEY_CHARACTERS) throw refuse('custom_props: key length is 1..300 characters');
    if (filter === '' || length(filter) > VALUE_CHARACTERS)
      throw refuse('custom_props: value length is 1..2000 characters');
    checked.push([name, filter]);
  }
  return Object.fromEntries(checked);
}

function readCurrency(value: unknown): string {
  if (value === undefined || value === null || value === '')
    throw refuse('currency: this field is required and cannot be blank');
  const currency = typeof value === 'string' ? value.trim().toUpperCase() : '';
  if (!isCurrency(currency)) throw refuse('currency: is invalid');
  return currency;
}

/** The product's words for JSON kinds in `Invalid …. Got: …`. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

function eventTrigger(name: string): Trigger {
  return { type: 'event', name, match: 'equals', source: 'any' };
}

function pageTrigger(path: string): Trigger {
  return { type: 'pageview', url: { match: 'path', value: path, on: 'path' }, view: 'any' };
}

/** Checks one `{goal_type, goal}` of the plugins API and says it in ours. Throws `invalid_field`. */
export function readPluginsGoal(input: unknown): PlausibleDefinition {
  if (!isBody(input)) throw refuse(`Invalid object. Got: ${kindOf(input)}`);
  const type = input.goal_type;
  const goal = isBody(input.goal) ? input.goal : {};
  const properties = readProperties(goal.custom_props);
  if (type === 'Goal.CustomEvent') {
    const name = readEventName(goal);
    return { name, trigger: eventTrigger(name), properties };
  }
  if (type === 'Goal.Pageview') {
    const path = readPath(goal.path);
    return { name: `Visit ${path}`, trigger: pageTrigger(path), properties };
  }
  if (type === 'Goal.Revenue') {
    const name = readEventName(goal);
    const currency = readCurrency(goal.currency);
    return { name, trigger: { type: 'revenue', name, match: 'equals', source: 'any', currency }, properties };
  }
  throw refuse('goal_type: must be one of Goal.CustomEvent, Goal.Pageview, Goal.Revenue');
}

/** Checks the flat form of the sites API: `{goal_type: event|page, event_name?, page_path?, custom_props?}`. */
export function readSitesGoal(input: Body): PlausibleDefinition & { display_name?: string } {
  const properties = readProperties(input.custom_props);
  const shown = typeof input.display_name === 'string' ? input.display_name.trim() : '';
  const display = shown === '' ? {} : { display_name: shown };
  if (input.goal_type === 'event') {
    const name = readEventName(input);
    return { name: shown || name, trigger: eventTrigger(name), properties, ...display };
  }
  if (input.goal_type === 'page') {
    const path = readPath(input.page_path);
    return { name: shown || `Visit ${path}`, trigger: pageTrigger(path), properties, ...display };
  }
  throw refuse('goal_type: must be one of event, page');
}

/** The name or path that makes two goals the same to Plausible; undefined: the goal cannot be said in its words. */
export function plausibleIdentity(trigger: Trigger): { kind: 'event' | 'page'; value: string } | undefined {
  if (trigger.type === 'event' || trigger.type === 'revenue') {
    const plain =
      trigger.match === 'equals' && trigger.source === 'any' && length(trigger.name) <= EVENT_NAME_CHARACTERS;
    return plain ? { kind: 'event', value: trigger.name } : undefined;
  }
  if (trigger.type !== 'pageview' || trigger.view !== 'any') return undefined;
  const { match, value } = trigger.url;
  return match === 'path' && value.startsWith('/') ? { kind: 'page', value } : undefined;
}

/** Whether nothing of the goal would be lost in Plausible's fields. */
function fits(goal: Goal): boolean {
  const { include, exclude } = goal.where;
  const plainValue = goal.value.mode === 'given' && goal.value.currency === undefined;
  return goal.active && goal.count === 'every' && !include?.length && !exclude?.length && plainValue;
}

/** A goal as the plugins API shows it, or undefined when it cannot be said in its words without loss. */
export function writePluginsGoal(goal: Goal) {
  const identity = plausibleIdentity(goal.trigger);
  if (!identity || !fits(goal)) return undefined;
  const head = { id: goal.number, display_name: goal.name };
  const custom_props = goal.properties;
  if (identity.kind === 'page')
    return { goal_type: 'Goal.Pageview', goal: { ...head, path: identity.value, custom_props } };
  const event_name = identity.value;
  if (goal.trigger.type === 'event')
    return { goal_type: 'Goal.CustomEvent', goal: { ...head, event_name, custom_props } };
  const currency = goal.trigger.type === 'revenue' ? goal.trigger.currency : undefined;
  if (currency === undefined) return undefined;
  return { goal_type: 'Goal.Revenue', goal: { ...head, event_name, currency, custom_props } };
}

/** A goal as the sites API shows it, or undefined as above; its ids are strings. */
export function writeSitesGoal(goal: Goal) {
  const identity = plausibleIdentity(goal.trigger);
  if (!identity || !fits(goal)) return undefined;
  const page = identity.kind === 'page';
  return {
    id: String(goal.number),
    goal_type: page ? 'page' : 'event',
    display_name: goal.name,
    event_name: page ? null : identity.value,
    page_path: page ? identity.value : null,
    custom_props: goal.properties,
  };
}
