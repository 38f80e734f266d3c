/** Checks what a request says of a goal and completes it; dialects translate into this form first. */
import { utf8Bytes } from './characters.ts';
import {
  type Fields,
  readChoice,
  readFlag,
  readList,
  readObject,
  readText,
  refuse,
  stated,
  within,
} from './check-field.ts';
import { checkTrigger } from './check-trigger.ts';
import { checkValue } from './check-value.ts';
import { checkUrlRule } from './compile-url.ts';
import { COUNT_RULES, type GoalDefinition, PURPOSES, type Trigger, type UrlRule, type Where } from './goal.ts';
import { isGoalKey } from './goal-key.ts';
import {
  GOAL_DESCRIPTION_CHARACTERS,
  GOAL_FOREIGN_BYTES,
  GOAL_KEY_CHARACTERS,
  GOAL_NAME_CHARACTERS,
  GOAL_PROPERTIES,
  PROPERTY_KEY_CHARACTERS,
  PROPERTY_VALUE_CHARACTERS,
  WHERE_RULES,
} from './limits.ts';

/** What a goal depends on besides the request. */
export interface GoalContext {
  siteCurrency: string;
  /** Makes the key of a goal that gave none, from its checked name; may throw. */
  makeKey: (name: string) => string;
  /** Currencies may be any 1-8 characters, as one dialect has them. Default false. */
  freeCurrency?: boolean;
}

/** What a request may set. */
const SETTABLE = [
  'key',
  'name',
  'active',
  'trigger',
  'value',
  'where',
  'properties',
  'count',
  'purpose',
  'description',
  'foreign',
] as const;
/** What every answer has and no request sets; ignored, so that a goal that was read can be sent back. */
export const GIVEN_BY_SERVER = [
  'id',
  'number',
  'site_id',
  'version',
  'generation',
  'created_at',
  'updated_at',
  'deleted_at',
] as const;

const SHAPE = {
  what: 'A goal',
  members: [...SETTABLE, ...GIVEN_BY_SERVER],
  example: '{"name": "Signup", "trigger": {"type": "event", "name": "signup"}}',
};

/**
 * The goal a request to create one describes. Only the shape of regular expressions is checked here; the server
 * judges whether they are safe. Throws `invalid_field`, or `invalid_body` for what is no object.
 */
export function checkGoal(input: unknown, context: GoalContext): GoalDefinition {
  return readGoal(readObject(input, '', SHAPE), context);
}

/**
 * The goal after a change. A member that the patch names replaces the stored one whole (`trigger`, `where`,
 * `properties` and `foreign` too) and `null` restores its default; others stay. The currency of a revenue trigger
 * never changes once set: left out it stays, another one is refused, and so is a trigger that has no room for it.
 */
export function checkGoalPatch(existing: GoalDefinition, patch: unknown, context: GoalContext): GoalDefinition {
  readObject(patch, '', SHAPE);
  const merged: Record<string, unknown> = { ...existing };
  for (const member of SETTABLE) {
    const value = (patch as Fields)[member];
    if (value !== undefined) merged[member] = value;
  }
  const goal = readGoal(readObject(merged, '', SHAPE), context);
  return { ...goal, trigger: keepCurrency(existing.trigger, goal.trigger) };
}

/** The goal that takes the place of a stored one, as `PUT` has it: what is left out gets its default, but the key stays. */
export function checkGoalReplacement(existing: GoalDefinition, input: unknown, context: GoalContext): GoalDefinition {
  const goal = checkGoal(input, { ...context, makeKey: () => existing.key });
  return { ...goal, trigger: keepCurrency(existing.trigger, goal.trigger) };
}

function keepCurrency(before: Trigger, after: Trigger): Trigger {
  if (before.type !== 'revenue' || before.currency === undefined) return after;
  if (after.type !== 'revenue') {
    refuse(
      'trigger.type',
      `A revenue goal in ${before.currency} stays one, since its currency never changes: make another goal.`,
    );
  }
  if (after.currency !== undefined && after.currency !== before.currency) {
    refuse('trigger.currency', `The currency stays ${before.currency}: make another goal for ${after.currency}.`);
  }
  return { ...after, currency: before.currency };
}

function readGoal(fields: Fields, context: GoalContext): GoalDefinition {
  const { siteCurrency, freeCurrency = false } = context;
  const name = readText(fields.name, 'name', { most: GOAL_NAME_CHARACTERS });
  const goal = {
    name,
    active: readFlag(fields.active ?? true, 'active'),
    trigger: checkTrigger(fields.trigger, { freeCurrency }),
    value: checkValue(fields.value, { siteCurrency, freeCurrency }),
    where: checkWhere(fields.where ?? {}),
    properties: checkPropertyFilters(fields.properties ?? {}),
    count: readChoice(fields.count ?? 'every', 'count', COUNT_RULES),
    purpose: readChoice(fields.purpose ?? 'sell', 'purpose', PURPOSES),
    description: readText(fields.description ?? '', 'description', { most: GOAL_DESCRIPTION_CHARACTERS, empty: true }),
    foreign: checkForeign(fields.foreign ?? {}),
  };
  return { key: fields.key === undefined ? context.makeKey(name) : checkKey(fields.key), ...goal };
}

function checkKey(value: unknown): string {
  const key = typeof value === 'string' ? value.trim() : '';
  return isGoalKey(key)
    ? key
    : refuse(
        'key',
        `Write 1 to ${GOAL_KEY_CHARACTERS} of a-z, 0-9, "_", ":" and "-", or leave the key out to have one made.`,
      );
}

function checkWhere(input: unknown): Where {
  const fields = readObject(input, 'where', {
    what: 'The pages ("where")',
    members: ['include', 'exclude'],
    example: '{"include": [{"match": "path", "value": "/shop/**"}]}',
  });
  const read = (member: 'include' | 'exclude', most: number): UrlRule[] | undefined =>
    fields[member] === undefined
      ? undefined
      : readList(fields[member], `where.${member}`, { most }).map((rule, index) =>
          checkUrlRule(rule, `where.${member}.${index}`),
        );
  const include = read('include', WHERE_RULES);
  const exclude = read('exclude', WHERE_RULES);
  if ((include?.length ?? 0) + (exclude?.length ?? 0) > WHERE_RULES) {
    refuse('where', `Write at most ${WHERE_RULES} rules, included and excluded ones together; a URL group holds more.`);
  }
  return stated({ include, exclude });
}

function checkPropertyFilters(input: unknown): Record<string, string> {
  const field = 'properties';
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    refuse(field, 'Write an object such as {"plan": "pro"}.');
  }
  const entries = Object.entries(input).map(([name, value]): [string, string] => {
    const key = readText(name, field, { most: PROPERTY_KEY_CHARACTERS });
    if (key === '__proto__') refuse(field, 'A property cannot be named "__proto__".');
    // Events carry numbers and truth values too, and are compared as text.
    const text =
      (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean' ? String(value) : value;
    return [key, readText(text, within(field, key), { most: PROPERTY_VALUE_CHARACTERS })];
  });
  if (entries.length > GOAL_PROPERTIES) refuse(field, `Use at most ${GOAL_PROPERTIES} properties for one goal.`);
  if (new Set(entries.map(([key]) => key)).size < entries.length) refuse(field, 'Name each property once.');
  return Object.fromEntries(entries);
}

function checkForeign(input: unknown): GoalDefinition['foreign'] {
  const isMap = (value: unknown): value is object =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap(input) || !Object.values(input).every(isMap)) {
    refuse('foreign', 'Write an object with one object for each dialect, such as {"mida": {"element_url": "…"}}.');
  }
  const json = JSON.stringify(input);
  if (utf8Bytes(json) > GOAL_FOREIGN_BYTES) refuse('foreign', `Keep this within ${GOAL_FOREIGN_BYTES} bytes of JSON.`);
  return JSON.parse(json);
}
