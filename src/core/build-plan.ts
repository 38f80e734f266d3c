/** Builds the plan a site's pages fetch: what a browser needs of every goal it can help with, and nothing else. */
import { compileRule, type GroupLookup } from './compile-url.ts';
import type { Confirm, Goal, GoalDefinition, UrlRule, Value } from './goal.ts';
import { normalizeText, textPattern } from './match-text.ts';
import { neededName } from './needed-name.ts';
import { type CompiledRule, PLAN_SIGNALS, PLAN_TRIGGERS, type Plan, type PlanGoal } from './plan.ts';
import type { Site, UrlGroup } from './site.ts';

/** Links; in SVG the attribute may have a namespace. */
const LINK = 'a[*|href],area[href]';

const CONTROL_ROLES = ['button', 'link', 'menuitem', 'option', 'tab', 'switch', 'checkbox', 'radio'];
/** Elements made to be used, besides links. */
export const CONTROLS = [
  'button,input,select,textarea,summary,label',
  ...CONTROL_ROLES.map((role) => `[role=${role}]`),
  '[onclick],[contenteditable]',
].join();
const INTERACTIVE = `${LINK},${CONTROLS}`;

/** Rounding keeps some elements a hair below the whole. */
const HAIR = 0.01;

/** Triggers that are met once in a view, whatever the goal counts by. */
const ONCE_IN_A_VIEW: readonly string[] = ['time_spent', 'scroll_depth', 'element_visible', 'engagement'];

/** Finds groups in a list by their key. */
export function groupLookup(groups: readonly UrlGroup[]): GroupLookup {
  const byKey = new Map(groups.map((group) => [group.key, group]));
  return (key) => byKey.get(key);
}

/** The plan of a site. Left out: goals that are inactive or deleted, that the server alone decides, or that cannot be met. */
export function buildPlan(
  site: Pick<Site, 'revision' | 'redact'>,
  goals: readonly Goal[],
  groups: readonly UrlGroup[],
): Plan {
  const lookup = groupLookup(groups);
  const listed = goals.flatMap((goal) => {
    if (!goal.active || goal.deleted_at !== null) return [];
    return planGoal(goal, lookup) ?? [];
  });
  return { v: 1, r: site.revision, ...(site.redact.length > 0 ? { x: site.redact } : {}), g: listed };
}

/** One goal as browsers get it; undefined when no browser can help with it. Members that are absent mean the default. */
export function planGoal(goal: Pick<Goal, 'id'> & GoalDefinition, groups: GroupLookup): PlanGoal | undefined {
  const trigger = planTrigger(goal, groups);
  const pages = planPages(goal, groups);
  if (trigger === undefined || pages === undefined) return undefined;
  const value = planValue(goal.value);
  return {
    i: goal.id,
    t: PLAN_TRIGGERS[goal.trigger.type],
    ...trigger,
    ...pages,
    ...(Object.keys(goal.properties).length > 0 ? { p: goal.properties } : {}),
    ...(value === undefined ? {} : { v: value }),
    ...(goal.count === 'once_per_page' || ONCE_IN_A_VIEW.includes(goal.trigger.type) ? { q: 1 } : {}),
  };
}

type TriggerMembers = Omit<PlanGoal, 'i' | 't'>;

/** The rule, unless nothing can match it (a group that is gone). */
function compiled(rule: UrlRule, groups: GroupLookup): CompiledRule | undefined {
  const alternatives = compileRule(rule, groups);
  return alternatives.length > 0 ? alternatives : undefined;
}

function planTrigger({ trigger }: GoalDefinition, groups: GroupLookup): TriggerMembers | undefined {
  switch (trigger.type) {
    case 'pageview': {
      const u = compiled(trigger.url, groups);
      return (
        u && { h: [PLAN_SIGNALS.view], u, ...(trigger.view === 'any' ? {} : { k: trigger.view === 'load' ? 0 : 1 }) }
      );
    }
    case 'link_click': {
      const u = trigger.href && compiled(trigger.href, groups);
      if (trigger.href !== undefined && u === undefined) return undefined;
      const { selector, outbound } = trigger;
      return {
        h: ['a', 'area'],
        ...(u ? { u } : {}),
        s: LINK,
        ...(selector === undefined ? {} : { w: selector }),
        ...(outbound ? { o: 1 } : {}),
      };
    }
    case 'element_click':
      return { h: [neededName(trigger.selector) ?? PLAN_SIGNALS.click], s: trigger.selector };
    case 'text_click': {
      const { text, match, case_sensitive, within } = trigger;
      const source = textPattern(match, normalizeText(text));
      return {
        h: [PLAN_SIGNALS.click],
        x: case_sensitive ? [source] : [source, 'iu'],
        ...(match === 'equals' ? {} : { s: INTERACTIVE }),
        ...(within === undefined ? {} : { w: within }),
      };
    }
    case 'form_submit': {
      const confirm = trigger.confirm && planConfirm(trigger.confirm, groups);
      if (trigger.confirm !== undefined && confirm === undefined) return undefined;
      return { h: [PLAN_SIGNALS.submit], s: trigger.selector, ...(confirm === undefined ? {} : { c: confirm }) };
    }
    case 'time_spent':
      // The collector adds up sessions from the engagement of their views.
      return trigger.span === 'page' ? { h: [PLAN_SIGNALS.time], n: trigger.seconds } : undefined;
    case 'scroll_depth':
      return { h: [PLAN_SIGNALS.scroll], n: trigger.percent };
    case 'element_visible':
      return {
        h: [PLAN_SIGNALS.visible],
        s: trigger.selector,
        n: Math.max(0, trigger.ratio - HAIR),
        d: trigger.delay_ms,
      };
    case 'engagement':
      return { h: [PLAN_SIGNALS.click, PLAN_SIGNALS.key, PLAN_SIGNALS.submit], s: INTERACTIVE, w: '*' };
    case 'event':
    case 'revenue':
      if (trigger.source === 'server') return undefined;
      return { h: [PLAN_SIGNALS.event], x: [textPattern(trigger.match, trigger.name)] };
  }
}

function planConfirm(confirm: Confirm, groups: GroupLookup): string | CompiledRule | undefined {
  return 'selector' in confirm ? confirm.selector : compiled(confirm.url, groups);
}

/** Rules that match nothing are dropped; a goal whose every page is gone listens nowhere: undefined. */
function planPages({ where }: GoalDefinition, groups: GroupLookup): Pick<PlanGoal, 'wi' | 'we'> | undefined {
  const include = (where.include ?? []).flatMap((rule) => compileRule(rule, groups));
  const exclude = (where.exclude ?? []).flatMap((rule) => compileRule(rule, groups));
  if (include.length === 0 && (where.include?.length ?? 0) > 0) return undefined;
  return { ...(include.length > 0 ? { wi: include } : {}), ...(exclude.length > 0 ? { we: exclude } : {}) };
}

function planValue(value: Value): PlanGoal['v'] {
  switch (value.mode) {
    case 'element':
      return value.attribute === undefined ? [1, value.selector] : [1, value.selector, value.attribute];
    case 'data_layer':
      return value.currency_path === undefined ? [2, value.path] : [2, value.path, value.currency_path];
    case 'json_ld':
      return planLinkedData(value.path, value.type);
    default:
      return undefined;
  }
}

/** An offer names its currency beside its price. */
function planLinkedData(path: string, type: string | undefined): PlanGoal['v'] {
  const currency_path = path.replace(/[^.]*$/, 'priceCurrency');
  return type === undefined ? [3, path, currency_path] : [3, path, currency_path, type];
}
