/** What a goal makes of a stored event, by the same core functions that decide live: for goals applied to the past. */
import type { GoalpostEvent, Properties } from '../../core/event.ts';
import { COLLECTOR_TRIGGERS, type Goal } from '../../core/goal.ts';
import { conversionValue } from '../../core/goal-value.ts';
import { type CompiledGoal, decideGoal } from '../../core/match-goal.ts';
import { normalizeUrl, urlSubjects } from '../../core/page-url.ts';
import type { Site } from '../../core/site.ts';
import { re2Regex } from '../goals/re2-regex.ts';
import type { BackfillGoal, PastTuple } from '../store/event-store.ts';

/** Whether the past can be known: clicks, forms and what is read from pages were never stored. */
export function knowsPast(goal: Pick<Goal, 'trigger'>): boolean {
  return COLLECTOR_TRIGGERS.includes(goal.trigger.type);
}

/** What looks at the past by the goal's definition. */
export function pastRules(compiled: CompiledGoal, site: Site): Pick<BackfillGoal, 'name' | 'sees' | 'judge' | 'count'> {
  const { goal } = compiled;
  const { trigger, value } = goal;
  const name =
    trigger.type === 'pageview'
      ? '$pageview'
      : (trigger.type === 'event' || trigger.type === 'revenue') && trigger.match === 'equals'
        ? trigger.name
        : undefined;
  return {
    ...(name === undefined ? {} : { name }),
    sees: {
      properties: compiled.properties.length > 0 || value.mode === 'property',
      amount: value.mode === 'given' || value.mode === 'property',
    },
    judge: (tuple) => judge(compiled, site, tuple),
    count: goal.count,
  };
}

/** Stored JSON was written by this program; anything else counts as no properties. */
function propertiesOf(text: string): Properties {
  if (text === '') return {};
  try {
    return JSON.parse(text) as Properties;
  } catch {
    return {};
  }
}

/** A combination as goals see it. */
interface Seen {
  event: GoalpostEvent;
  subjects: string[] | undefined;
}

/** Every goal of a chunk is shown the same combinations. */
const seenBefore = new WeakMap<PastTuple, Seen>();

function seenOf(tuple: PastTuple): Seen {
  const known = seenBefore.get(tuple);
  if (known) return known;
  const event: GoalpostEvent = {
    id: '',
    name: tuple.name,
    time_ms: 0,
    source: tuple.origin,
    goals: [],
    properties: propertiesOf(tuple.props),
    ...(tuple.view_kind === '' ? {} : { view_kind: tuple.view_kind }),
    ...(tuple.url === '' ? {} : { url: tuple.url }),
    ...(tuple.amount === '' ? {} : { amount_micros: BigInt(tuple.amount) }),
    ...(tuple.currency === '' ? {} : { currency: tuple.currency }),
  };
  const page = tuple.url === '' ? undefined : normalizeUrl(tuple.url);
  const seen = { event, subjects: page && urlSubjects(page) };
  seenBefore.set(tuple, seen);
  return seen;
}

function judge(compiled: CompiledGoal, site: Site, tuple: PastTuple): ReturnType<BackfillGoal['judge']> {
  const { event, subjects } = seenOf(tuple);
  const decision = decideGoal(compiled, event, { subjects, regex: re2Regex });
  if (!decision.met) return undefined;
  const money = conversionValue(compiled.goal, event, { siteCurrency: site.currency });
  return { amount: money.micros, currency: money.currency };
}
