/** Checks the trigger of a goal: every type has its own members, and no others. */
import {
  type Fields,
  readChoice,
  readCurrencyCode,
  readFlag,
  readNumber,
  readObject,
  readText,
  refuse,
  stated,
} from './check-field.ts';
import { checkUrlRule } from './compile-url.ts';
import { type Confirm, TEXT_OPERATORS, TRIGGER_TYPES, type Trigger, type TriggerType, type UrlRule } from './goal.ts';
import { EVENT_NAME_CHARACTERS, TEXT_CHARACTERS, TIME_SPENT_SECONDS, VISIBLE_DELAY_MS } from './limits.ts';
import { checkSelector } from './selector.ts';

const FIELD = 'trigger';
const VIEWS = ['any', 'load', 'virtual'] as const;
const SPANS = ['page', 'session'] as const;
const SOURCES = ['any', 'browser', 'server'] as const;
const DEFAULT_RATIO = 0.5;

/** How one type of trigger is read. */
interface TriggerReader<T extends TriggerType> {
  /** Members besides `type`. */
  members: readonly string[];
  /** A complete one, shown when the trigger is none at all. */
  example: string;
  read: (fields: Fields, free: boolean) => Extract<Trigger, { type: T }>;
}

const EVENT_MEMBERS = ['name', 'match', 'source'] as const;

/** What `event` and `revenue` share. */
function readEventFields(fields: Fields): {
  name: string;
  match: (typeof TEXT_OPERATORS)[number];
  source: (typeof SOURCES)[number];
} {
  const name = readText(fields.name, 'trigger.name', { most: EVENT_NAME_CHARACTERS });
  if (name.startsWith('$')) {
    refuse(
      'trigger.name',
      'Names that begin with "$" are the tracker\'s own: use the trigger for what you mean, such as "pageview".',
    );
  }
  return {
    name,
    match: readChoice(fields.match ?? 'equals', 'trigger.match', TEXT_OPERATORS),
    source: readChoice(fields.source ?? 'any', 'trigger.source', SOURCES),
  };
}

/** A rule, or a sentence for those who write the bare address. */
function readRule(value: unknown, field: string): UrlRule {
  if (typeof value === 'string') {
    const shown = JSON.stringify(value.trim().slice(0, 100));
    refuse(field, `Say how to compare: {"match": "simple", "value": ${shown}}, or "exact", "wildcard", "contains" …`);
  }
  return checkUrlRule(value, field);
}

/** Reads the member if it is given. */
function optional<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}

function readConfirm(value: unknown): Confirm {
  const field = 'trigger.confirm';
  const fields = readObject(value, field, {
    what: 'A confirm',
    members: ['selector', 'url'],
    example: '{"selector": ".thank-you"}',
  });
  if ((fields.selector === undefined) === (fields.url === undefined)) {
    refuse(field, 'Give either "selector" or "url": what appears, or where the visitor arrives, after success.');
  }
  return fields.url === undefined
    ? { selector: checkSelector(fields.selector, `${field}.selector`) }
    : { url: readRule(fields.url, `${field}.url`) };
}

const READERS: { [T in TriggerType]: TriggerReader<T> } = {
  pageview: {
    members: ['url', 'view'],
    example: '{"type": "pageview", "url": {"match": "simple", "value": "/thanks"}}',
    read: (fields) => ({
      type: 'pageview',
      url: readRule(fields.url, 'trigger.url'),
      view: readChoice(fields.view ?? 'any', 'trigger.view', VIEWS),
    }),
  },
  link_click: {
    members: ['href', 'selector', 'outbound'],
    example: '{"type": "link_click", "href": {"match": "ends_with", "value": ".pdf"}}',
    read: (fields) => ({
      type: 'link_click',
      ...stated({
        href: optional(fields.href, (value) => readRule(value, 'trigger.href')),
        selector: optional(fields.selector, (value) => checkSelector(value, 'trigger.selector')),
        outbound: optional(fields.outbound, (value) => readFlag(value, 'trigger.outbound')),
      }),
    }),
  },
  element_click: {
    members: ['selector'],
    example: '{"type": "element_click", "selector": "#buy"}',
    read: (fields) => ({ type: 'element_click', selector: checkSelector(fields.selector, 'trigger.selector') }),
  },
  text_click: {
    members: ['text', 'match', 'case_sensitive', 'within'],
    example: '{"type": "text_click", "text": "Buy now"}',
    read: (fields) => ({
      type: 'text_click',
      text: readText(fields.text, 'trigger.text', { most: TEXT_CHARACTERS }),
      match: readChoice(fields.match ?? 'equals', 'trigger.match', TEXT_OPERATORS),
      case_sensitive: readFlag(fields.case_sensitive ?? false, 'trigger.case_sensitive'),
      ...stated({ within: optional(fields.within, (value) => checkSelector(value, 'trigger.within')) }),
    }),
  },
  form_submit: {
    members: ['selector', 'confirm'],
    example: '{"type": "form_submit", "selector": "form#signup"}',
    read: (fields) => ({
      type: 'form_submit',
      selector: checkSelector(fields.selector, 'trigger.selector'),
      ...stated({ confirm: optional(fields.confirm, readConfirm) }),
    }),
  },
  time_spent: {
    members: ['seconds', 'span'],
    example: '{"type": "time_spent", "seconds": 60}',
    read: (fields) => ({
      type: 'time_spent',
      seconds: readNumber(fields.seconds, 'trigger.seconds', { least: 1, most: TIME_SPENT_SECONDS, whole: true }),
      span: readChoice(fields.span ?? 'page', 'trigger.span', SPANS),
    }),
  },
  scroll_depth: {
    members: ['percent'],
    example: '{"type": "scroll_depth", "percent": 75}',
    read: (fields) => ({
      type: 'scroll_depth',
      percent: readNumber(fields.percent, 'trigger.percent', { least: 1, most: 100, whole: true }),
    }),
  },
  element_visible: {
    members: ['selector', 'ratio', 'delay_ms'],
    example: '{"type": "element_visible", "selector": "#prices"}',
    read: (fields) => ({
      type: 'element_visible',
      selector: checkSelector(fields.selector, 'trigger.selector'),
      ratio: readNumber(fields.ratio ?? DEFAULT_RATIO, 'trigger.ratio', { least: 0, most: 1, whole: false }),
      delay_ms: readNumber(fields.delay_ms ?? 0, 'trigger.delay_ms', { least: 0, most: VISIBLE_DELAY_MS, whole: true }),
    }),
  },
  engagement: { members: [], example: '{"type": "engagement"}', read: () => ({ type: 'engagement' }) },
  event: {
    members: EVENT_MEMBERS,
    example: '{"type": "event", "name": "signup"}',
    read: (fields) => ({ type: 'event', ...readEventFields(fields) }),
  },
  revenue: {
    members: [...EVENT_MEMBERS, 'currency'],
    example: '{"type": "revenue", "name": "purchase", "currency": "EUR"}',
    read: (fields, free) => ({
      type: 'revenue',
      ...readEventFields(fields),
      ...stated({
        currency: optional(fields.currency, (value) => readCurrencyCode(value, 'trigger.currency', { free })),
      }),
    }),
  },
};

/** The trigger, complete with defaults. Throws `invalid_field` below `trigger`. */
export function checkTrigger(input: unknown, { freeCurrency }: { freeCurrency: boolean }): Trigger {
  if (input === undefined) refuse(FIELD, `A goal needs a trigger, such as ${READERS.pageview.example}.`);
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    refuse(FIELD, `A trigger is an object such as ${READERS.pageview.example}.`);
  }
  const type = readChoice((input as { type?: unknown }).type, 'trigger.type', TRIGGER_TYPES);
  const { members, example, read } = READERS[type];
  return read(
    readObject(input, FIELD, { what: `The trigger "${type}"`, members: ['type', ...members], example }),
    freeCurrency,
  );
}
