/** Schemas of goals as the native API speaks of them: they validate requests and make the OpenAPI document. */
import { type TProperties, type TSchema, Type } from '@sinclair/typebox';
import { COUNT_RULES, MATCH_OPERATORS, PURPOSES, TEXT_OPERATORS, TRIGGER_TYPES } from '../../core/goal.ts';
import {
  GOAL_DESCRIPTION_CHARACTERS,
  GOAL_NAME_CHARACTERS,
  GOALS_PER_SITE,
  TIME_SPENT_SECONDS,
  WHERE_RULES,
} from '../../core/limits.ts';

const closed = { additionalProperties: false };

/** One of a list of strings. */
export function choice<T extends readonly string[]>(values: T, description?: string) {
  const about = description === undefined ? {} : { description };
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...about });
}

/** One of several objects, told apart by a member, so that a fault is named inside the right one. */
function tagged(tag: string, variants: Record<string, TProperties>): TSchema {
  const oneOf = Object.entries(variants).map(([name, members]) =>
    Type.Object({ [tag]: Type.Literal(name), ...members }, closed),
  );
  return Type.Unsafe({ type: 'object', discriminator: { propertyName: tag }, required: [tag], oneOf });
}

export const UrlRuleSchema = Type.Object(
  {
    match: choice(MATCH_OPERATORS),
    value: Type.String(),
    on: Type.Optional(choice(['url', 'path'] as const, 'Default: path when the value starts with "/", else url.')),
    slow: Type.Optional(Type.Boolean({ description: 'Set by the server for patterns whose input is cut.' })),
  },
  closed,
);

const text = Type.String();
const maybe = <T extends TSchema>(schema: T) => Type.Optional(schema);
const currency = maybe(Type.String({ description: 'ISO 4217.' }));
const named = {
  name: text,
  match: maybe(choice(TEXT_OPERATORS)),
  source: maybe(choice(['any', 'browser', 'server'] as const)),
};

const TriggerSchema = tagged('type', {
  pageview: { url: UrlRuleSchema, view: maybe(choice(['any', 'load', 'virtual'] as const)) },
  link_click: { href: maybe(UrlRuleSchema), selector: maybe(text), outbound: maybe(Type.Boolean()) },
  element_click: { selector: text },
  text_click: {
    text,
    match: maybe(choice(TEXT_OPERATORS)),
    case_sensitive: maybe(Type.Boolean()),
    within: maybe(text),
  },
  form_submit: {
    selector: text,
    confirm: maybe(
      Type.Object(
        { selector: maybe(text), url: maybe(UrlRuleSchema) },
        { ...closed, minProperties: 1, maxProperties: 1 },
      ),
    ),
  },
  time_spent: {
    seconds: Type.Integer({ description: `1-${TIME_SPENT_SECONDS}` }),
    span: maybe(choice(['page', 'session'] as const)),
  },
  scroll_depth: { percent: Type.Number({ description: '1-100' }) },
  element_visible: {
    selector: text,
    ratio: maybe(Type.Number({ description: '0-1; 0 means: appears in the document.' })),
    delay_ms: maybe(Type.Integer()),
  },
  engagement: {},
  event: named,
  revenue: { ...named, currency },
});

const amount = Type.Union([Type.String(), Type.Number()], { description: 'Decimal string, e.g. "49.99".' });
const ValueSchema = tagged('mode', {
  given: { currency },
  none: {},
  fixed: { amount, currency },
  property: { property: text, currency },
  element: { selector: text, attribute: maybe(text), currency },
  data_layer: { path: text, currency_path: maybe(text), currency },
  json_ld: { path: text, type: maybe(text), currency },
});

const rules = Type.Array(UrlRuleSchema, { description: `At most ${WHERE_RULES} in all.` });
const settable = {
  key: Type.String({ description: '[a-z0-9_:-]{1,64}; made from the name when left out.' }),
  name: Type.String({ description: `1-${GOAL_NAME_CHARACTERS} characters.` }),
  active: Type.Boolean(),
  trigger: TriggerSchema,
  value: ValueSchema,
  where: Type.Object({ include: maybe(rules), exclude: maybe(rules) }, closed),
  properties: Type.Record(Type.String(), Type.String(), { description: 'At most 3 exact filters.' }),
  count: choice(COUNT_RULES),
  purpose: choice(PURPOSES),
  description: Type.String({ description: `At most ${GOAL_DESCRIPTION_CHARACTERS} characters.` }),
  foreign: Type.Record(Type.String(), Type.Record(Type.String(), Type.Unknown())),
};

/** What every answer has and no request sets: ignored in requests, so that a goal that was read can be sent back. */
const given = {
  id: Type.String(),
  number: Type.Integer(),
  site_id: Type.String(),
  version: Type.Integer(),
  generation: Type.Integer(),
  created_at: Type.Integer({ description: 'Milliseconds since 1970 UTC.' }),
  updated_at: Type.Integer(),
  deleted_at: Type.Union([Type.Integer(), Type.Null()]),
};

/** Members that a request may leave out. */
export function optionalAll(members: Record<string, TSchema>): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, Type.Optional(schema)]));
}

/** Members of which `null` means the default. */
export function nullableAll(members: Record<string, TSchema>): Record<string, TSchema> {
  return Object.fromEntries(Object.entries(members).map(([name, schema]) => [name, nullable(schema)]));
}

/** `null` beside a schema; tagged ones keep their tag's errors by an `if`. */
function nullable(schema: TSchema): TSchema {
  return Type.Unsafe({ if: { type: 'null' }, else: schema });
}

/** Whether a write is applied to what was recorded before. Pages and events are known of the past, clicks are not. */
const past = {
  apply_to_past: Type.Optional(Type.Boolean({ description: 'Default true: recorded pages and events count too.' })),
};

/** A goal as it is read. */
export const StoredGoalSchema = Type.Object({ ...settable, ...given });
/** A goal as a write answers it, with what its owner should be told. */
export const GoalSchema = Type.Object({ ...settable, ...given, warnings: Type.Array(Type.String()) });

const readOnly = { ...optionalAll(given), warnings: Type.Optional(Type.Unknown()) };
export const NewGoalSchema = Type.Object(
  {
    ...optionalAll(nullableAll(settable)),
    name: settable.name,
    trigger: settable.trigger,
    ...readOnly,
    ...past,
  },
  closed,
);
/** A goal that is only tried: it needs no name. */
export const TriedGoalSchema = Type.Object(
  { ...optionalAll(nullableAll(settable)), trigger: settable.trigger, ...readOnly },
  closed,
);
export const GoalPatchSchema = Type.Object({ ...optionalAll(nullableAll(settable)), ...readOnly, ...past }, closed);

export const GoalListSchema = Type.Object({
  goals: Type.Array(StoredGoalSchema),
  next: Type.Union([Type.String(), Type.Null()], { description: 'The cursor of the next page.' }),
});

export const GoalListQuery = Type.Object(
  {
    cursor: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: GOALS_PER_SITE, default: 100 })),
    trigger: Type.Optional(choice(TRIGGER_TYPES)),
    deleted: Type.Optional(choice(['true', 'false'] as const, 'true lists the deleted ones, which can be restored.')),
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Part of the name or key.' })),
  },
  closed,
);

export const ManyGoalsSchema = Type.Object(
  { goals: Type.Array(NewGoalSchema, { minItems: 1, maxItems: GOALS_PER_SITE }) },
  closed,
);
