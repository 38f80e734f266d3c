/** Goals of tests in few words, which the server's own function turns into what browsers get. */
import { planGoal } from '../src/core/build-plan.ts';
import type { GoalDefinition, Trigger, UrlRule, Value } from '../src/core/goal.ts';
import type { PlanGoal } from '../src/core/plan.ts';

/** A goal, by the letters of a plan's. */
export interface ShortGoal {
  i: string;
  /** Trigger: 0 pageview, 1 link, 2 element, 3 text, 4 form, 5 time, 6 scroll, 7 visible, 8 engagement, 9 event. */
  t: number;
  /** Selector; of a text what it is within. */
  s?: string;
  u?: UrlRule;
  k?: 1 | 2;
  o?: 1;
  /** Text or name, and whether it is 0 equal, 1 contained, 2 at the start, 3 at the end. */
  x?: string;
  m?: 0 | 1 | 2 | 3;
  cs?: 1;
  n?: number;
  d?: number;
  c?: string | UrlRule;
  wi?: UrlRule[];
  we?: UrlRule[];
  p?: Record<string, string>;
  v?: [mode: 1 | 2 | 3, place: string, detail?: string];
  q?: 1;
}

const OPERATORS = ['equals', 'contains', 'starts_with', 'ends_with'] as const;

function triggerOf({ t, s = '', u, k, o, x = '', m = 0, cs, n, d = 0, c }: ShortGoal): Trigger {
  const confirm = c === undefined ? {} : { confirm: typeof c === 'string' ? { selector: c } : { url: c } };
  const text = { match: OPERATORS[m], case_sensitive: cs === 1 };
  const triggers = [
    { type: 'pageview', url: u, view: k === undefined ? 'any' : k === 1 ? 'load' : 'virtual' },
    { type: 'link_click', ...(u && { href: u }), ...(s && { selector: s }), outbound: o === 1 },
    { type: 'element_click', selector: s },
    { type: 'text_click', text: x, ...text, ...(s && { within: s }) },
    { type: 'form_submit', selector: s || 'form', ...confirm },
    { type: 'time_spent', seconds: n, span: 'page' },
    { type: 'scroll_depth', percent: n },
    { type: 'element_visible', selector: s, ratio: n ?? 0.5, delay_ms: d },
    { type: 'engagement' },
    { type: 'event', name: x, ...text, source: 'any' },
  ];
  return triggers[t] as Trigger;
}

function readOf(v: ShortGoal['v']): Value {
  if (!v) return { mode: 'given' };
  const [mode, place, detail] = v;
  if (mode === 1) return { mode: 'element', selector: place, ...(detail ? { attribute: detail } : {}) };
  if (mode === 2) return { mode: 'data_layer', path: place, ...(detail ? { currency_path: detail } : {}) };
  return { mode: 'json_ld', path: place, ...(detail ? { type: detail } : {}) };
}

/** The goal as a plan has it. */
export function planned(goal: ShortGoal): PlanGoal {
  const { i: id, wi: include, we: exclude, p: properties = {}, v, q } = goal;
  const where = { ...(include && { include }), ...(exclude && { exclude }) };
  const definition = {
    ...{ trigger: triggerOf(goal), where, properties, value: readOf(v) },
    count: q ? 'once_per_page' : 'every',
  };
  return planGoal({ id, ...(definition as GoalDefinition) }, () => undefined)!;
}
