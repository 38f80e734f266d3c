/** Goals and signals in words. */
import { type CompiledRule, PLAN_TRIGGERS, type PlanGoal, URL_SUBJECTS } from '../../core/plan.ts';
import type { Signal } from '../draft.ts';

const PARTS: Record<string, string> = {
  [URL_SUBJECTS.full]: 'the full URL',
  [URL_SUBJECTS.whole]: 'the URL',
  [URL_SUBJECTS.no_fragment]: 'the URL without its fragment',
  [URL_SUBJECTS.no_query]: 'the URL without its query',
  [URL_SUBJECTS.path]: 'the path',
  [URL_SUBJECTS.path_query]: 'the path with its query',
  [URL_SUBJECTS.path_whole]: 'the path with query and fragment',
  [URL_SUBJECTS.host]: 'the host',
};

/** Whether a pattern of ours goes on to the text's end: by a `$` that is no literal. (Older Safari knows no look-behind.) */
const isClosed = (source: string): boolean => /(?:^|[^\\])(?:\\\\)*\$$/.test(source);

/** The parts of a pattern of ours, with `*` between them, as `literalPattern` put them together. */
const wildcardOf = (source: string): string =>
  (isClosed(source) ? source.slice(1, -1) : `${source.slice(1)}[^]*`)
    .replace(/\(\?=\(\[\^\]\*\?/g, '*')
    .replace(/\)\)\\\d+/g, '')
    .replace(/\[\^\]\*/g, '*')
    .replace(/\\(.)/g, '$1');

/** A pattern of a text, as `textPattern` wrote it: `is "Buy now"`. */
function describeText([source]: NonNullable<PlanGoal['x']>): string {
  const isOpenAfter = !isClosed(source);
  const text = source.slice(source[0] === '^' ? 1 : 0, isOpenAfter ? undefined : -1).replace(/\\(.)/g, '$1');
  const openBefore = isOpenAfter ? 'contains' : 'ends with';
  return `${source[0] === '^' ? (isOpenAfter ? 'starts with' : 'is') : openBefore} "${text}"`;
}

/** A compiled rule: `the path is "/shop/*"`. */
export function describeRule(rule: CompiledRule): string {
  const alternatives = rule.map(([subject, source, flags]) => {
    const part = PARTS[subject] ?? 'the URL';
    if (flags !== undefined) return `${part} matches /${source}/${flags}`;
    if (source.endsWith('/?$'))
      return `${part}, a trailing slash aside, is "${wildcardOf(source.replace('/?$', '$'))}"`;
    return `${part} is "${wildcardOf(source)}"`;
  });
  return alternatives.join(', or ');
}

/** What must happen for the goal's trigger to be met. */
export function describeTrigger(goal: PlanGoal): string {
  const says = goal.x ? describeText(goal.x) : '';
  switch (goal.t) {
    case PLAN_TRIGGERS.pageview: {
      const kind = goal.k === 0 ? 'loaded page' : goal.k === 1 ? 'virtual view' : 'page';
      return `a ${kind} is shown where ${describeRule(goal.u ?? [])}`;
    }
    case PLAN_TRIGGERS.link_click: {
      const conditions = [
        goal.w && `matches ${goal.w}`,
        goal.u && `leads where ${describeRule(goal.u)}`,
        goal.o && 'leads to another host',
      ].filter(Boolean);
      return `a link is activated${conditions.length ? ` that ${conditions.join(' and ')}` : ''}`;
    }
    case PLAN_TRIGGERS.element_click:
      return `an element that matches ${goal.s} is clicked`;
    case PLAN_TRIGGERS.text_click:
      return `something whose text ${says} is clicked${goal.w ? ` inside ${goal.w}` : ''}`;
    case PLAN_TRIGGERS.form_submit: {
      const proof =
        typeof goal.c === 'string' ? `${goal.c} appears` : goal.c && `a view follows where ${describeRule(goal.c)}`;
      return `a form that matches ${goal.s} is submitted${proof ? ` and within 30 seconds ${proof}` : ''}`;
    }
    case PLAN_TRIGGERS.time_spent:
      return `the page is looked at for ${goal.n} seconds`;
    case PLAN_TRIGGERS.scroll_depth:
      return `${goal.n} percent of the page have been seen`;
    case PLAN_TRIGGERS.element_visible: {
      const where =
        goal.n === 0 ? 'is in the document' : `is on screen by ${Math.round((goal.n ?? 0) * 100) + 1} percent`;
      return `an element that matches ${goal.s} ${where}${goal.d ? ` for ${goal.d} ms` : ''}`;
    }
    case PLAN_TRIGGERS.engagement:
      return 'an interactive element is used for the first time in the view';
    default:
      return `an event is tracked whose name ${says}`;
  }
}

/** What an observer saw. */
export function describeSignal([event]: Signal): string {
  return `${event.n}${event.m == null ? '' : ` of ${event.m} ${event.c ?? ''}`.trimEnd()} on ${event.u}`;
}
