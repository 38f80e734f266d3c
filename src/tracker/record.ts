/** From signal to event: what an observer saw meets the goals, and what counts is recorded and sent. */
import type { BeaconEvent } from '../core/beacon.ts';
import { PLAN_TRIGGERS, type Plan, type PlanGoal } from '../core/plan.ts';
import { permission } from './consent.ts';
import { attributesOf } from './element.ts';
import { newId } from './event-id.ts';
import { sessionId, visitorId } from './identity.ts';
import { emit } from './listeners.ts';
import { keep } from './outbox.ts';
import { listensOn, redacted } from './page-subjects.ts';
import { armPlan, plan } from './plan-goals.ts';
import { safely } from './safely.ts';
import { enqueue, flush, isQueued } from './send.ts';
import { readValue } from './value-source.ts';
import { isExcludedView, viewId, viewUrl } from './view.ts';

/** What an observer knows of an event; the rest is added when it is recorded. */
export type Draft = Partial<BeaconEvent> & { n: string };

/** Something an observer saw, kept until it has met the goals. */
export interface Signal {
  event: Draft;
  /** The goals it may concern, of the plan in force. */
  candidates: () => PlanGoal[];
  /** Whether the goal's trigger is met, or by which element. Throws when the browser rejects a selector. */
  test: (goal: PlanGoal) => Element | boolean | undefined;
}

/** Events of these names ($click, $submit, $time, $scroll, $visible) are recorded only when they met a goal. */
const QUIET = /^\$[cstv]/;
/** Signals that wait for a plan; of more, the oldest are given up. */
const WAITING_SIGNALS = 200;

/** Id of the user action that is going on, which is that of its first event; empty when none is. */
export let action = '';

/** The last signals, for the debugger. */
export let recent: Signal[] = [];
/** How many of them. */
const RECENT_SIGNALS = 20;

let waiting: Signal[] = [];
/** Goals counted, each with the view or action it was counted for. */
const counted = new Set<string>();
/** Goals that failed, each reported once. */
const failed = new Set<string>();

/** Where a goal counts once: in a view if its trigger or its owner says so, else in a user action. */
function scopeOf({ i: id, t: type, q: oncePerPage }: PlanGoal, { pv: view, ac: act }: Draft): string {
  const perView = oncePerPage || (type >= PLAN_TRIGGERS.time_spent && type <= PLAN_TRIGGERS.engagement);
  return (perView ? view : act) + id;
}

/** The element that meets the goal, true when none is involved, undefined when the goal is not met. */
function meeting(goal: PlanGoal, { event, test }: Signal): Element | true | undefined {
  try {
    const met = test(goal);
    if (!met || counted.has(scopeOf(goal, event)) || !listensOn(goal, event.u!)) return undefined;
    const properties = { ...event.p, ...propertiesOf(met) };
    return Object.entries(goal.p ?? {}).every(([key, value]) => `${properties[key]}` === value) ? met : undefined;
  } catch {
    // A selector this browser rejects concerns this goal alone.
    if (!failed.has(goal.i)) {
      failed.add(goal.i);
      record({ n: '$diagnostic', p: { goal: goal.i } });
    }
    return undefined;
  }
}

/** Properties that an element carries in its `data-prop-` attributes. */
function propertiesOf(met: Element | true): Record<string, string> {
  return met === true ? {} : attributesOf(met, 'data-prop-');
}

/** Counts the goals that a signal meets. Those that want proof of success are handed on. */
function decide(signal: Signal): void {
  const { event, candidates } = signal;
  for (const goal of candidates()) {
    const met = meeting(goal, signal);
    if (!met) continue;
    event.p = { ...event.p, ...propertiesOf(met) };
    if (goal.c && met !== true) {
      emit('unproven', [goal, event]);
      continue;
    }
    counted.add(scopeOf(goal, event));
    const value = safely(readValue)(goal) ?? [];
    (event.g ??= []).push(value[0] ? ([goal.i, ...value] as [string, string]) : goal.i);
    emit('conversion', { goal: goal.i, value, event });
  }
}

/** JSON that a `toJSON` given to all arrays cannot spoil. */
function jsonOf(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(jsonOf)}]` : JSON.stringify(value);
}

/** Puts an event on its way if it is worth it: in the outbox first if it must not be lost, at once if it converts. */
function deliver({ g: goals = [], ...event }: Draft): void {
  if (QUIET.test(event.n) && !goals.length) return;
  const json = `{"g":${jsonOf(goals)},${JSON.stringify(event).slice(1)}`;
  if (permission === 1 && (goals.length || event.n[0] !== '$')) keep(event.i!, json);
  enqueue(event.i!, json);
  emit('event', event);
  if (goals.length) flush();
}

/** Records what an observer saw, if it is to be recorded, and gives its id. */
export function record(draft: Draft, candidates: Signal['candidates'] = () => [], test: Signal['test'] = () => true): string | undefined {
  if (permission === 2 || isExcludedView) return undefined;
  const event: Draft = { pv: viewId, u: viewUrl, ...draft };
  const signal = { event, candidates, test };
  recent = [signal, ...recent].slice(0, RECENT_SIGNALS);
  emit('signal', signal);
  if (plan && QUIET.test(event.n) && !candidates().some((goal) => meeting(goal, signal))) return undefined;
  Object.assign(event, { i: draft.i ?? newId(), u: redacted(event.u!), vi: visitorId(), si: sessionId() });
  if (event.ac != null) {
    event.ac ||= event.i!;
    action = event.ac;
    // What a click causes by itself (a label's second click, a submit) follows in the same task.
    setTimeout(() => {
      action = '';
    });
  }
  if (plan) decide(signal);
  else waiting = [...waiting, signal].slice(-WAITING_SIGNALS);
  deliver(event);
  return event.i;
}

/** Puts a plan in force and lets what happened before meet its goals. Events already sent are not sent again. */
export function takePlan(arrived: Plan): void {
  armPlan(arrived);
  for (const signal of waiting) {
    const { i: id, n: name } = signal.event;
    const isSent = !QUIET.test(name) && !isQueued(id!);
    decide(signal);
    if (!isSent) deliver(signal.event);
  }
  waiting = [];
  emit('plan');
}
