/** From signal to event: what an observer saw meets the goals, and what counts is recorded and sent. */
import { PLAN_TRIGGERS, type Plan, type PlanGoal } from '../core/plan.ts';
import { permission } from './consent.ts';
import type { Draft, Signal } from './draft.ts';
import { attributesOf } from './element.ts';
import { newId } from './event-id.ts';
import { sessionId, visitorId } from './identity.ts';
import { emit } from './listeners.ts';
import { keep } from './outbox.ts';
import { listensOn, redacted } from './page-subjects.ts';
import { armPlan, plan } from './plan-goals.ts';
import { safely } from './safely.ts';
import { enqueue, flush, queue } from './send.ts';
import { awaitProof } from './unproven.ts';
import { readValue } from './value-source.ts';
import { isExcludedView, viewId, viewUrl } from './view.ts';

/** Events of these names ($click, $submit, $time, $scroll, $visible) are recorded only when they met a goal. */
const QUIET = /^\$[cstv]/;
/** Signals kept, to wait for a plan and for the debugger; of more, the oldest are given up. */
const RECENT_SIGNALS = 100;

/** Id of the user action that is going on, which is that of its first event; empty when none is. */
export let action = '';
/** The last signals, oldest first. */
export const recent: Signal[] = [];

/** Goals counted, each with the view or action it was counted for, and goals that failed. */
const done = new Set<string>();

/** Where a goal counts once: in a view if its trigger or its owner says so, else in a user action, else in the event. */
const scopeOf = ({ i: id, t: type, q: oncePerPage }: PlanGoal, { pv: view, ac: act, i: own }: Draft): string =>
  (oncePerPage || (type >= PLAN_TRIGGERS.time_spent && type <= PLAN_TRIGGERS.engagement) ? view : act || own) + id;

/** The properties of an event that an element met, those of its `data-prop-` attributes included. */
const propertiesOf = ({ p: own }: Draft, met: unknown): Draft['p'] & object => ({
  ...own,
  ...(met instanceof Element && attributesOf(met, 'data-prop-')),
});

/** What met the goal, an element or true; nothing when the goal is not met. */
function meeting(goal: PlanGoal, [event, , test]: Signal): unknown {
  try {
    const met = test(goal);
    const properties = propertiesOf(event, met);
    return (
      met &&
      !done.has(scopeOf(goal, event)) &&
      listensOn(goal, event.u!) &&
      Object.entries(goal.p ?? {}).every(([key, value]) => `${properties[key]}` === value) &&
      met
    );
  } catch {
    // A selector that this browser rejects concerns this goal alone.
    if (!done.has(goal.i)) record({ n: '$diagnostic', p: { goal: goal.i } });
    done.add(goal.i);
    return undefined;
  }
}

/** JSON that a `toJSON` given to all arrays cannot spoil. */
const jsonOf = (value: unknown): string => (Array.isArray(value) ? `[${value.map(jsonOf)}]` : JSON.stringify(value));

/** Counts the goals that a signal meets; those that want proof of success begin to wait for it. */
function decide(signal: Signal): void {
  const [event, candidates] = signal;
  const goals: NonNullable<Draft['g']> = [];
  for (const goal of candidates()) {
    const met = meeting(goal, signal);
    if (!met) continue;
    event.p = propertiesOf(event, met);
    if (goal.c && met !== true) awaitProof(goal.i, { ...event, i: '' });
    else {
      const value = safely(readValue)(goal) ?? [];
      done.add(scopeOf(goal, event));
      goals.push(value[0] ? [goal.i, ...(value as [string, string?])] : goal.i);
      emit('conversion', { goal: goal.i, value, event });
    }
  }
  event.g = goals;
}

/** Puts an event on its way if it is worth it: into the outbox first if it must not be lost, at once if it converts. */
function deliver({ g: goals = [], ...event }: Draft): void {
  if (QUIET.test(event.n) && !goals[0]) return;
  const json = `{"g":${jsonOf(goals)},${JSON.stringify(event).slice(1)}`;
  if (permission === 1 && (goals[0] || event.n[0] !== '$')) keep(event.i!, json);
  enqueue(event.i!, json);
  emit('event', event);
  if (goals[0]) flush();
}

/** Records what an observer saw, if it is to be recorded, and gives its id. */
export function record(
  draft: Draft,
  candidates: Signal[1] = () => [],
  test: Signal[2] = () => true,
): string | undefined {
  if (permission > 1 || isExcludedView) return undefined;
  const event: Draft = { pv: viewId, u: viewUrl, ...draft };
  const signal: Signal = [event, candidates, test];
  const isIdle = plan && QUIET.test(event.n) && !candidates().some((goal) => meeting(goal, signal));
  // Clocks and scrolling that meet nothing are no news.
  if (!isIdle || event.ac != null) recent.push(signal);
  if (recent.length > RECENT_SIGNALS) recent.shift();
  if (isIdle) return undefined;
  Object.assign(event, { i: draft.i || newId(), u: redacted(event.u!), vi: visitorId(), si: sessionId() });
  if (event.ac != null) {
    event.ac = action = event.ac || event.i!;
    // What a click causes by itself (a label's second click, a submit) follows in the same task.
    setTimeout(() => {
      action = '';
    });
  }
  decide(signal);
  deliver(event);
  return event.i;
}

/** Puts a plan in force and lets what happened before the first meet its goals. What was sent is not sent again. */
export function takePlan(arrived: Plan): void {
  const isFirst = !plan;
  armPlan(arrived);
  for (const signal of isFirst ? recent : []) {
    const [event] = signal;
    decide(signal);
    if (QUIET.test(event.n) || queue.has(event.i!)) deliver(event);
  }
}
