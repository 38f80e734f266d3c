/** Mida goals: fourteen types and one value each, as our triggers and back. Pure. */

import type { Goal, GoalDefinition, MatchOperator, Purpose, Trigger, UrlRule, Where } from '../../../core/goal.ts';
import { MATCH_OPERATORS, PURPOSES } from '../../../core/goal.ts';
import { Problem } from '../../../core/problem.ts';

/** What a checked request asks for, on our model; `key` only when the request names one. */
export type MidaDefinition = Pick<GoalDefinition, 'name' | 'trigger' | 'where' | 'purpose' | 'foreign'> & {
  key?: string;
};

const refuse = (field: string, message: string) => new Problem('invalid_body', message, { field });

const PAGE_TYPES: Record<string, MatchOperator> = {
  pageview: 'contains',
  pageviewExact: 'exact',
  pageviewWildcard: 'wildcard',
  pageviewRegex: 'regex',
};

function number(value: string, type: string): number {
  const parsed = Number(value.replace(/\s*[%s]$/, ''));
  if (!Number.isFinite(parsed)) throw refuse('goal_value', `goal_value must be a number for goal_type ${type}`);
  return parsed;
}

/** Its types besides the four page types; `script` and `event` are both a named event. */
const READERS: Record<string, (value: string) => Trigger> = {
  clickOnElement: (selector) => ({ type: 'element_click', selector }),
  clickOnText: (text) => ({ type: 'text_click', text, match: 'equals', case_sensitive: false }),
  formSubmit: (selector) => ({ type: 'form_submit', selector }),
  externalLink: (value) => ({ type: 'link_click', href: { match: 'contains', value, on: 'url' } }),
  elementAppears: (selector) => ({ type: 'element_visible', selector, ratio: 0, delay_ms: 0 }),
  scrolling: (value) => ({ type: 'scroll_depth', percent: number(value, 'scrolling') }),
  duration: (value) => ({ type: 'time_spent', seconds: number(value, 'duration'), span: 'page' }),
  script: (name) => ({ type: 'event', name, match: 'equals', source: 'any' }),
  event: (name) => ({ type: 'event', name, match: 'equals', source: 'any' }),
  revenue: (name) => ({ type: 'revenue', name, match: 'equals', source: 'any' }),
};

/** Click and form goals listen only on the page that `element_url` names. */
const ELEMENT_TYPES = ['clickOnElement', 'clickOnText', 'formSubmit'];

/** The names `goal_type` may have. */
export const MIDA_TYPES = [...Object.keys(PAGE_TYPES), ...Object.keys(READERS)];

function required(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (value === undefined || value === null || value === '') throw refuse(field, `Missing required field: ${field}`);
  if (typeof value === 'number' && field === 'goal_value') return String(value);
  if (typeof value !== 'string') throw refuse(field, `${field} must be a string`);
  if (value.trim() === '') throw refuse(field, `Missing required field: ${field}`);
  return value.trim();
}

function optional(body: Record<string, unknown>, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refuse(field, `${field} must be a string`);
  return value.trim();
}

function readPurpose(body: Record<string, unknown>): Purpose {
  const purpose = optional(body, 'goal_purpose') ?? 'sell';
  if (!PURPOSES.includes(purpose as Purpose)) throw refuse('goal_purpose', `Invalid goal_purpose: ${purpose}`);
  return purpose as Purpose;
}

function readTrigger(type: string, value: string): Trigger {
  const page = Object.hasOwn(PAGE_TYPES, type) ? PAGE_TYPES[type] : undefined;
  if (page) return { type: 'pageview', url: { match: page, value }, view: 'any' };
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined;
  if (!read) throw refuse('goal_type', `Invalid goal_type: ${type}`);
  return read(value);
}

const pageRule = (url: string): UrlRule => ({ match: url.includes('*') ? 'wildcard' : 'simple', value: url });

/** Checks a whole goal in Mida's words and says it in ours. Throws `invalid_body` with the sentence for `error`. */
export function readMidaGoal(body: Record<string, unknown>): MidaDefinition {
  const name = required(body, 'goal_name');
  const type = required(body, 'goal_type');
  const trigger = readTrigger(type, required(body, 'goal_value'));
  const key = optional(body, 'goal_key');
  const elementUrl = optional(body, 'element_url');
  const where: Where = elementUrl && ELEMENT_TYPES.includes(type) ? { include: [pageRule(elementUrl)] } : {};
  return {
    name,
    trigger,
    where,
    purpose: readPurpose(body),
    foreign: { mida: { goal_type: type, element_url: elementUrl ?? null } },
    ...(key === undefined ? {} : { key }),
  };
}

/** `[type, value]` of a trigger, or undefined where Mida has no type that means the same. */
function writeTrigger(trigger: Trigger, kept: unknown): [type: string, value: string] | undefined {
  switch (trigger.type) {
    case 'pageview':
      return writePageview(trigger.url, trigger.view);
    case 'element_click':
      return ['clickOnElement', trigger.selector];
    case 'text_click':
      if (trigger.match !== 'equals' || trigger.case_sensitive || trigger.within !== undefined) return undefined;
      return ['clickOnText', trigger.text];
    case 'form_submit':
      return trigger.confirm ? undefined : ['formSubmit', trigger.selector];
    case 'link_click':
      if (trigger.selector !== undefined || trigger.outbound || trigger.href?.match !== 'contains') return undefined;
      return trigger.href.on === 'url' ? ['externalLink', trigger.href.value] : undefined;
    case 'element_visible':
      return trigger.ratio === 0 && trigger.delay_ms === 0 ? ['elementAppears', trigger.selector] : undefined;
    case 'scroll_depth':
      return ['scrolling', String(trigger.percent)];
    case 'time_spent':
      return trigger.span === 'page' ? ['duration', String(trigger.seconds)] : undefined;
    case 'event':
      if (trigger.match !== 'equals' || trigger.source !== 'any') return undefined;
      return [kept === 'event' ? 'event' : 'script', trigger.name];
    case 'revenue':
      if (trigger.match !== 'equals' || trigger.source !== 'any' || trigger.currency !== undefined) return undefined;
      return ['revenue', trigger.name];
    case 'engagement':
      return undefined;
  }
}

function writePageview(rule: UrlRule, view: string): [string, string] | undefined {
  const type =
    MATCH_OPERATORS.includes(rule.match) && Object.keys(PAGE_TYPES).find((key) => PAGE_TYPES[key] === rule.match);
  const natural = rule.value.startsWith('/') ? 'path' : 'url';
  return type && view === 'any' && (rule.on ?? natural) === natural ? [type, rule.value] : undefined;
}

/** The page an element goal listens on, as `element_url`; undefined: it cannot be said. */
function writeElementUrl(goal: Goal, type: string): string | null | undefined {
  const { include = [], exclude = [] } = goal.where;
  const kept = goal.foreign.mida?.element_url;
  if (exclude.length > 0 || include.length > 1) return undefined;
  const [rule] = include;
  if (!rule) return typeof kept === 'string' && !ELEMENT_TYPES.includes(type) ? kept : null;
  const sayable = ELEMENT_TYPES.includes(type) && pageRule(rule.value).match === rule.match && rule.on === undefined;
  return sayable ? rule.value : undefined;
}

/** The row of Mida's list, or undefined when the goal cannot be said in its words without loss. */
export function writeMidaGoal(goal: Goal) {
  const said = writeTrigger(goal.trigger, goal.foreign.mida?.goal_type);
  if (!said || !goal.active || goal.count !== 'every' || Object.keys(goal.properties).length > 0) return undefined;
  if (goal.value.mode !== 'given' || goal.value.currency !== undefined) return undefined;
  const [type, value] = said;
  const elementUrl = writeElementUrl(goal, type);
  if (elementUrl === undefined) return undefined;
  return {
    goal_profile_id: goal.number,
    goal_key: goal.key,
    goal_name: goal.name,
    goal_type: type,
    goal_value: value,
    goal_purpose: goal.purpose,
    element_url: elementUrl,
  };
}
