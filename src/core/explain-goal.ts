/** Says step by step why an event meets a goal or does not, for dry runs; decides with the functions of `match-goal`. */
import type { GoalpostEvent } from './event.ts';
import type { TextOperator, UrlRule } from './goal.ts';
import { type ConversionValue, conversionValue, type ValueSources } from './goal-value.ts';
import {
  type CompiledGoal,
  isCounted,
  listensOn,
  meetsName,
  meetsProperties,
  meetsSource,
  meetsUrl,
  meetsView,
  type PageContext,
} from './match-goal.ts';
import { formatMicros } from './money.ts';

/** One step of the decision. All steps being `ok` is the goal being met. */
export interface GoalStep {
  step: 'active' | 'event' | 'view' | 'url' | 'name' | 'source' | 'browser' | 'where' | 'properties' | 'value';
  ok: boolean;
  /** One sentence for the owner. */
  text: string;
}

/** Every step in order, those after a failed one too; `value` stands last and is always `ok`, as it decides nothing. */
export function explainGoal(
  compiled: CompiledGoal,
  event: GoalpostEvent,
  context: PageContext & ValueSources,
): GoalStep[] {
  const { goal } = compiled;
  const active = isCounted(goal);
  const decidedHere =
    goal.trigger.type === 'pageview' || goal.trigger.type === 'event' || goal.trigger.type === 'revenue';
  return [
    { step: 'active', ok: active, text: active ? 'The goal is active.' : 'The goal is switched off or deleted.' },
    ...explainTrigger(compiled, event, context),
    explainWhere(compiled, event, context),
    ...(decidedHere ? explainProperties(compiled, event) : []),
    { step: 'value', ok: true, text: valueSentence(conversionValue(goal, event, context)) },
  ];
}

function explainTrigger(compiled: CompiledGoal, event: GoalpostEvent, context: PageContext): GoalStep[] {
  const { trigger, id } = compiled.goal;
  switch (trigger.type) {
    case 'pageview': {
      const isView = event.name === '$pageview';
      const url = meetsUrl(compiled, context);
      return [
        { step: 'event', ok: isView, text: isView ? 'A page was shown.' : `"${event.name}" shows no page.` },
        {
          step: 'view',
          ok: meetsView(trigger, event),
          text: `The goal counts ${trigger.view === 'any' ? 'loads and virtual views' : `${trigger.view} views only`}; this was ${event.view_kind ?? 'load'}.`,
        },
        {
          step: 'url',
          ok: url,
          text: event.url
            ? `${event.url} ${url ? 'matches' : 'does not match'} ${ruleText(trigger.url)}.`
            : `No URL was given, and the goal wants one that matches ${ruleText(trigger.url)}.`,
        },
      ];
    }
    case 'event':
    case 'revenue': {
      const custom = !event.name.startsWith('$');
      const named = meetsName(trigger, event);
      return [
        {
          step: 'event',
          ok: custom,
          text: custom ? 'A custom event arrived.' : `"${event.name}" is the tracker's own event.`,
        },
        {
          step: 'name',
          ok: named,
          text: `The name "${event.name}" ${NAME_WORDS[trigger.match][named ? 0 : 1]} "${trigger.name}".`,
        },
        {
          step: 'source',
          ok: meetsSource(trigger, event),
          text: `The goal counts events from ${trigger.source === 'any' ? 'anywhere' : `a ${trigger.source}`}; this came from a ${event.source}.`,
        },
      ];
    }
    default: {
      if (trigger.type === 'time_spent' && trigger.span === 'session') {
        return [
          {
            step: 'browser',
            ok: false,
            text: 'The time of a whole session is added up by the collector from its views.',
          },
        ];
      }
      const found = event.goals.some((met) => met.goal_id === id);
      return [
        {
          step: 'browser',
          ok: found,
          text: `The trigger "${trigger.type}" ${found ? 'was' : 'was not'} found met on the page.`,
        },
      ];
    }
  }
}

function explainWhere(compiled: CompiledGoal, event: GoalpostEvent, context: PageContext): GoalStep {
  const ok = listensOn(compiled, context);
  const { include = [], exclude = [] } = compiled.goal.where;
  if (include.length + exclude.length === 0) return { step: 'where', ok, text: 'The goal listens on every page.' };
  const pages = [
    ...(include.length > 0 ? [`on ${include.map(ruleText).join(' or ')}`] : []),
    ...(exclude.length > 0 ? [`not on ${exclude.map(ruleText).join(' or ')}`] : []),
  ];
  return {
    step: 'where',
    ok,
    text: `The goal listens ${pages.join(', ')}; ${ok ? 'so it does' : 'it does not'} on ${event.url ?? 'no page'}.`,
  };
}

function explainProperties(compiled: CompiledGoal, event: GoalpostEvent): GoalStep[] {
  return compiled.properties.map(([key, value]) => {
    const actual = Object.hasOwn(event.properties, key) ? `"${event.properties[key]}"` : 'missing';
    const ok = meetsProperties({ ...compiled, properties: [[key, value]] }, event.properties);
    return { step: 'properties', ok, text: `The property "${key}" must be "${value}" and is ${actual}.` };
  });
}

function ruleText({ match, value, on }: UrlRule): string {
  return `${match} "${value}"${on === undefined ? '' : ` (${on})`}`;
}

/** What is said of a name that meets the operator, and of one that does not. */
const NAME_WORDS: Record<TextOperator, [met: string, unmet: string]> = {
  equals: ['is', 'is not'],
  contains: ['contains', 'does not contain'],
  starts_with: ['starts with', 'does not start with'],
  ends_with: ['ends with', 'does not end with'],
};

const DIAGNOSTICS: Record<NonNullable<ConversionValue['diagnostic']>, string> = {
  missing_amount: 'No amount was found: it would count without money.',
  unreadable_amount: 'The amount cannot be read: it would count without money.',
  unknown_currency: 'The currency is unknown: it would count without money.',
};

function valueSentence({ micros, currency, diagnostic }: ConversionValue): string {
  if (diagnostic !== undefined) return DIAGNOSTICS[diagnostic];
  return micros === undefined
    ? 'It would count without money.'
    : `It would count ${formatMicros(micros, currency)} ${currency}.`;
}
