/** PageSense goals: ten types, nine ways to match a URL, as our triggers and back. Pure. */
import type { Goal, GoalDefinition, MatchOperator, Trigger, UrlRule, Where } from '../../../core/goal.ts';
import { Problem } from '../../../core/problem.ts';

/** What a checked request asks for, on our model. */
export type PagesenseDefinition = Pick<GoalDefinition, 'name' | 'trigger' | 'where' | 'foreign'>;

/** `url[0].match_type` → operator; 9 does not exist. */
export const PAGESENSE_MATCHES: Readonly<Record<number, MatchOperator>> = {
  1: 'simple',
  2: 'exact',
  3: 'wildcard',
  4: 'regex',
  5: 'contains',
  6: 'starts_with',
  7: 'ends_with',
  8: 'domain',
  10: 'group',
};

type Body = Record<string, unknown>;
const refuse = (field: string, message: string) => new Problem('invalid_body', message, { field });

function text(body: Body, field: string): string | undefined {
  const value = body[field];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw refuse(field, `${field} must be a string`);
  return value.trim() || undefined;
}

function needed(body: Body, ...fields: string[]): string {
  for (const field of fields) {
    const value = text(body, field);
    if (value !== undefined) return value;
  }
  throw refuse(fields[0] ?? '', `${fields.join(' or ')} is missing`);
}

function texts(body: Body, field: string): string[] {
  const value = body[field];
  if (value === undefined || value === null || value === '') return [];
  const list = Array.isArray(value) ? value : [value];
  if (!list.every((item) => typeof item === 'string')) throw refuse(field, `${field} must be an array of strings`);
  return list.map((item) => item.trim()).filter((item) => item !== '');
}

/** A number or its decimal text; the product's clients send both. */
function integer(value: unknown, field: string): number {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof parsed !== 'number' || !Number.isInteger(parsed)) throw refuse(field, `${field} must be an integer`);
  return parsed;
}

function readMatch(body: Body): MatchOperator {
  const url = body.url;
  if (url === undefined || url === null) return 'simple';
  const first: unknown = Array.isArray(url) ? url[0] : url;
  if (first === undefined) return 'simple';
  if (typeof first !== 'object' || first === null)
    throw refuse('url', 'url must be an array of objects with match_type');
  const type = integer((first as Body).match_type ?? 1, 'match_type');
  const match = PAGESENSE_MATCHES[type];
  if (!match) throw refuse('match_type', `match_type ${type} is not one of 1-8 and 10`);
  return match;
}

/** `*` alone is any page, whatever the match type. */
const rule = (value: string, match: MatchOperator): UrlRule =>
  value === '*' ? { match: 'wildcard', value, on: 'url' } : { match, value };

function readTimeThreshold(body: Body): number {
  const given = body.time_threshold ?? body.time_spent_seconds;
  if (given === undefined || given === null || given === '')
    throw refuse('time_threshold', 'time_threshold is missing');
  const seconds = integer(given, 'time_threshold');
  if (seconds < 1 || seconds > 86_400) throw refuse('time_threshold', 'time_threshold must be 1 to 86400 seconds');
  return seconds;
}

function readCurrency(body: Body) {
  const currency = text(body, 'currency');
  return currency === undefined ? {} : { currency: currency.toUpperCase() };
}

/** Reads the trigger of a type; `match` applies to the URL when the URL is the trigger. */
function readTrigger(type: number, body: Body, match: MatchOperator): Trigger {
  switch (type) {
    case 1:
      return { type: 'pageview', url: rule(needed(body, 'goal_url'), match), view: 'any' };
    case 2:
      return { type: 'link_click', href: rule(needed(body, 'link_url', 'goal_url'), match) };
    case 3:
      return { type: 'form_submit', selector: text(body, 'selector') ?? 'form' };
    case 4:
      return { type: 'element_click', selector: needed(body, 'selector') };
    case 5:
      return { type: 'engagement' };
    case 6:
      return { type: 'event', name: needed(body, 'event_name'), match: 'equals', source: 'any' };
    case 7:
      return {
        type: 'revenue',
        name: needed(body, 'event_name'),
        match: 'equals',
        source: 'any',
        ...readCurrency(body),
      };
    case 8:
      return { type: 'time_spent', seconds: readTimeThreshold(body), span: 'page' };
    case 9:
      return { type: 'pageview', url: rule(needed(body, 'goal_url'), match), view: 'virtual' };
    case 10:
      return { type: 'event', name: needed(body, 'event_name'), match: 'equals', source: 'server' };
    default:
      throw refuse('goal_type', `goal_type ${type} is not one of 1-10`);
  }
}

/** Whether `goal_url` is used up by the trigger itself; answers repeat a link that was written there. */
function urlIsTrigger(type: number, body: Body): boolean {
  const link = text(body, 'link_url');
  return type === 1 || type === 9 || (type === 2 && (link === undefined || link === text(body, 'goal_url')));
}

/** Checks a goal in PageSense's words and says it in ours. Throws `invalid_body` with the sentence for `message`. */
export function readPagesenseGoal(body: Body): PagesenseDefinition {
  const name = needed(body, 'display_name');
  if (body.goal_type === undefined || body.goal_type === null) throw refuse('goal_type', 'goal_type is missing');
  const type = integer(body.goal_type, 'goal_type');
  const match = readMatch(body);
  const trigger = readTrigger(type, body, match);
  const own = urlIsTrigger(type, body) ? undefined : text(body, 'goal_url');
  const include = [...(own === undefined ? [] : [own]), ...texts(body, 'include_urls')];
  const exclude = texts(body, 'exclude_urls');
  const where: Where = {
    ...(include.length > 0 ? { include: include.map((value) => rule(value, match)) } : {}),
    ...(exclude.length > 0 ? { exclude: exclude.map((value) => rule(value, match)) } : {}),
  };
  const kept = { match_type: matchType(match), goal_url: text(body, 'goal_url') ?? null };
  return { name, trigger, where, foreign: { pagesense: kept } };
}

function matchType(match: MatchOperator): number | undefined {
  const found = Object.entries(PAGESENSE_MATCHES).find(([, operator]) => operator === match);
  return found && Number(found[0]);
}

/** Its number for a trigger, or undefined where it has none that means the same. */
function writeType(trigger: Trigger): number | undefined {
  switch (trigger.type) {
    case 'pageview':
      return { any: 1, load: undefined, virtual: 9 }[trigger.view];
    case 'link_click':
      return trigger.href && trigger.selector === undefined && !trigger.outbound ? 2 : undefined;
    case 'form_submit':
      return trigger.confirm ? undefined : 3;
    case 'element_click':
      return 4;
    case 'engagement':
      return 5;
    case 'event':
      if (trigger.match !== 'equals') return undefined;
      return { any: 6, browser: undefined, server: 10 }[trigger.source];
    case 'revenue':
      return trigger.match === 'equals' && trigger.source === 'any' ? 7 : undefined;
    case 'time_spent':
      return trigger.span === 'page' ? 8 : undefined;
    default:
      return undefined;
  }
}

function triggerRule(trigger: Trigger): UrlRule | undefined {
  if (trigger.type === 'pageview') return trigger.url;
  return trigger.type === 'link_click' ? trigger.href : undefined;
}

const anyPage = (one: UrlRule) => one.match === 'wildcard' && one.value === '*';
const natural = (one: UrlRule) => one.on === undefined || one.on === (one.value.startsWith('/') ? 'path' : 'url');

/** The one match type all rules share, or undefined when they differ or have none. */
function sharedMatch(rules: UrlRule[]): MatchOperator | undefined {
  const told = rules.filter((one) => !anyPage(one));
  const [first] = told;
  if (!first) return 'simple';
  const same = told.every((one) => one.match === first.match && natural(one));
  return same && matchType(first.match) !== undefined ? first.match : undefined;
}

function writeUrls(goal: Goal, rules: { own: UrlRule | undefined; match: MatchOperator }) {
  const include = (goal.where.include ?? []).map((one) => one.value);
  const { trigger } = goal;
  const kept = goal.foreign.pagesense?.goal_url;
  const isPage = trigger.type === 'pageview';
  const keptInWhere = !isPage && typeof kept === 'string' && include[0] === kept;
  // A link is told as `link_url`, and as `goal_url` too where it was written there.
  const asWritten = keptInWhere || kept === rules.own?.value ? kept : '';
  return {
    goal_url: isPage ? trigger.url.value : (asWritten ?? ''),
    url: [{ match_type: matchType(rules.match) }],
    include_urls: keptInWhere ? include.slice(1) : include,
    exclude_urls: (goal.where.exclude ?? []).map((one) => one.value),
  };
}

function writeDetails(trigger: Trigger) {
  if (trigger.type === 'form_submit' || trigger.type === 'element_click') return { selector: trigger.selector };
  if (trigger.type === 'link_click') return { link_url: trigger.href?.value ?? '' };
  if (trigger.type === 'event') return { event_name: trigger.name };
  if (trigger.type === 'revenue')
    return { event_name: trigger.name, ...(trigger.currency ? { currency: trigger.currency } : {}) };
  return {};
}

/** What every answer says of a goal besides its link names. */
export function writePagesenseGoal(goal: Goal) {
  const type = writeType(goal.trigger);
  const own = triggerRule(goal.trigger);
  const rules = [...(own ? [own] : []), ...(goal.where.include ?? []), ...(goal.where.exclude ?? [])];
  const match = sharedMatch(rules);
  if (type === undefined || match === undefined || !goal.active || goal.count !== 'every') return undefined;
  if (goal.value.mode !== 'given' || goal.value.currency !== undefined) return undefined;
  if (Object.keys(goal.properties).length > 0) return undefined;
  const seconds = goal.trigger.type === 'time_spent' ? goal.trigger.seconds : 0;
  return {
    goal_id: goal.number,
    display_name: goal.name,
    goal_type: type,
    ...writeUrls(goal, { own, match }),
    time_threshold: seconds,
    time_spent_seconds: seconds,
    ...writeDetails(goal.trigger),
    created_time: goal.created_at,
    goal_status: goal.deleted_at === null ? 1 : 2,
    success: true,
  };
}
