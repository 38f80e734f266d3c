/**
 * The decision whether an event meets a goal, for the collector, for dry runs and for the past. The tracker makes the
 * same decisions from its plan, with the same functions for URLs and texts.
 */
import type { DropReason } from './beacon.ts';
import { compileRule, type GroupLookup } from './compile-url.ts';
import type { GoalpostEvent, MetGoal, Properties } from './event.ts';
import type { EventTrigger, Goal, PageviewTrigger, RevenueTrigger, UrlRule } from './goal.ts';
import { matchesText } from './match-text.ts';
import { matchesIfAble, type RegexEngine } from './match-url.ts';
import type { CompiledRule } from './plan.ts';

/** A goal made ready to be decided many times. */
export interface CompiledGoal {
  goal: Goal;
  /** The rule of a `pageview` trigger. */
  url: CompiledRule | undefined;
  /** undefined: every page. */
  include: readonly CompiledRule[] | undefined;
  exclude: readonly CompiledRule[];
  /** Property filters as pairs. */
  properties: readonly (readonly [key: string, value: string])[];
}

/** What an event's page looks like to rules. */
export interface PageContext {
  /** `urlSubjects` of the event's URL; undefined when it has none. */
  subjects: string[] | undefined;
  /** An engine that cannot backtrack; by default the language's own. */
  regex?: RegexEngine;
}

/** The answer for one goal and one event. */
export type Decision =
  | {
      met: true;
      /** What the browser said of it, where it found the goal met too: raw value and currency. */
      found: MetGoal | undefined;
    }
  | { met: false; reason: DropReason; why: string };

/** Compiles a goal's rules. Never throws: a rule that cannot be compiled matches nothing. */
export function compileGoal(goal: Goal, groups: GroupLookup): CompiledGoal {
  const compile = (rule: UrlRule): CompiledRule => compileRule(rule, groups);
  const include = goal.where.include?.map(compile);
  return {
    goal,
    url: goal.trigger.type === 'pageview' ? compile(goal.trigger.url) : undefined,
    include: include === undefined || include.length === 0 ? undefined : include,
    exclude: goal.where.exclude?.map(compile) ?? [],
    properties: Object.entries(goal.properties),
  };
}

const INACTIVE: Decision = refusal('unknown_goal', 'The goal is not active.');
const OTHER_EVENT: Decision = refusal('goal_not_met', 'The goal waits for another kind of event.');
const OTHER_VIEW: Decision = refusal('goal_not_met', 'The page was shown in another way (load or virtual).');
const OTHER_URL: Decision = refusal('goal_not_met', "The URL does not match the goal's rule.");
const OTHER_NAME: Decision = refusal('goal_not_met', "The name does not match the goal's.");
const OTHER_SOURCE: Decision = refusal('goal_not_met', 'The goal counts events from another source.');
const NOT_FOUND: Decision = refusal('goal_not_met', 'The browser did not find the trigger met.');
const BY_SESSION: Decision = refusal('goal_not_met', 'The time of whole sessions is added up by the collector.');
const OTHER_PAGE: Decision = refusal('goal_not_met', 'The goal does not listen on this page.');
const OTHER_PROPERTIES: Decision = refusal('goal_not_met', 'The properties are not those the goal asks for.');

function refusal(reason: DropReason, why: string): Decision {
  return Object.freeze({ met: false, reason, why });
}

/**
 * Whether the event meets the goal. `pageview`, `event` and `revenue` are decided here, whatever the browser said;
 * other triggers only a browser can see, and its word is taken if the goal listens on the event's page.
 * `time_spent` over sessions is never met by a single event.
 */
export function decideGoal(compiled: CompiledGoal, event: GoalpostEvent, page: PageContext): Decision {
  const { goal } = compiled;
  if (!isCounted(goal)) return INACTIVE;
  const found = event.goals.length === 0 ? undefined : event.goals.find((met) => met.goal_id === goal.id);
  const { trigger } = goal;
  switch (trigger.type) {
    case 'pageview':
      if (event.name !== '$pageview') return OTHER_EVENT;
      if (!meetsView(trigger, event)) return OTHER_VIEW;
      if (!meetsUrl(compiled, page)) return OTHER_URL;
      break;
    case 'event':
    case 'revenue':
      if (event.name.startsWith('$')) return OTHER_EVENT;
      if (!meetsName(trigger, event)) return OTHER_NAME;
      if (!meetsSource(trigger, event)) return OTHER_SOURCE;
      break;
    default:
      if (trigger.type === 'time_spent' && trigger.span === 'session') return BY_SESSION;
      if (found === undefined) return NOT_FOUND;
      return listensOn(compiled, page) ? { met: true, found } : OTHER_PAGE;
  }
  if (!listensOn(compiled, page)) return OTHER_PAGE;
  if (!meetsProperties(compiled, event.properties)) return OTHER_PROPERTIES;
  return { met: true, found };
}

/** Active and not deleted. */
export function isCounted(goal: Goal): boolean {
  return goal.active && goal.deleted_at === null;
}

/** Whether the page came to be shown in a way the goal counts. */
export function meetsView(trigger: PageviewTrigger, event: Pick<GoalpostEvent, 'view_kind'>): boolean {
  return trigger.view === 'any' || trigger.view === (event.view_kind ?? 'load');
}

/** Whether the page's URL matches the rule of a `pageview` trigger; without a URL it does not. */
export function meetsUrl({ url }: CompiledGoal, { subjects, regex }: PageContext): boolean {
  return url !== undefined && subjects !== undefined && matchesIfAble(url, subjects, regex);
}

/** Names are compared as they are: case matters. */
export function meetsName({ name, match }: EventTrigger | RevenueTrigger, event: Pick<GoalpostEvent, 'name'>): boolean {
  return matchesText(match, name, event.name);
}

/** Whether the event comes from where the goal counts. */
export function meetsSource({ source }: EventTrigger | RevenueTrigger, event: Pick<GoalpostEvent, 'source'>): boolean {
  return source === 'any' || source === event.source;
}

/** Whether the goal listens on a page. An event without a URL happened on no page: no list of pages includes it. */
export function listensOn({ include, exclude }: CompiledGoal, { subjects, regex }: PageContext): boolean {
  if (subjects === undefined) return include === undefined;
  if (include !== undefined && !include.some((rule) => matchesIfAble(rule, subjects, regex))) return false;
  return !exclude.some((rule) => matchesIfAble(rule, subjects, regex));
}

/** Whether every filter equals the property's text. */
export function meetsProperties({ properties }: CompiledGoal, actual: Properties): boolean {
  return properties.every(([key, value]) => Object.hasOwn(actual, key) && String(actual[key]) === value);
}
