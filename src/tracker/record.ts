/** From signal to event: what an observer saw meets the goals, and what counts is recorded and sent. */
import { OUTBOX_EVENTS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { permission } from './consent.ts';
import type { Draft, Seen, Signal } from './draft.ts';
import { attributesOf } from './element.ts';
import { newId } from './event-id.ts';
import { sessionId, visitorId } from './identity.ts';
import { emit } from './listeners.ts';
import { site } from './options.ts';
import { partsOf, redacted } from './page-subjects.ts';
import { goalsOf, plan } from './plan-goals.ts';
import { safely } from './safely.ts';
import { enqueue, flush, queue } from './send.ts';
import { keepIn, keysOf, local, session } from './storage.ts';
import { readValue } from './value-source.ts';
import { isExcludedView, viewId, viewUrl } from './view.ts';

/** Events of these names ($click, $submit, $time, $scroll, $visible) are recorded only when they met a goal. */
const QUIET = /^\$[cstv]/;
/** Signals kept, to wait for consent, for a plan and for the debugger; of more, the oldest are given up. */
const RECENT_SIGNALS = 200;

/** The last signals, oldest first. */
export const recent: Signal[] = [];

/** Goals counted, each with the view or action it was counted for, and goals that failed. */
const done = new Set<string>();

/** The id of the first event of the user action that is going on. */
let action: string | undefined;

/** What happens from now on is another action. */
export const beginAction = (): unknown => (action = '');

/**
 * Gives an event its id and, if a user's action made it, that of the first event of the action. What a click causes by
 * itself (a label's second click, a submit) follows in the same task.
 */
const nameEvent = (event: Draft): void => {
  if (event.i) return;
  event.i = newId();
  if (!event.ac) return;
  setTimeout(beginAction);
  event.ac = action ||= event.i;
};

/**
 * Counts the goals that a signal meets; those that want proof of success begin to wait for it. The event is put on its
 * way if it is worth it: into the outbox first if it must not be lost, at once if it converts. Tells whether it was.
 */
const decide = ([event, test, keys]: Signal): unknown => {
  const met: NonNullable<Draft['g']> = [];
  // What cannot be decided yet, or is sent anyway. Most clicks and all ticks meet nothing and need no id.
  if (!QUIET.test(event.n) || !plan || !permission) nameEvent(event);
  for (const goal of new Set(keys.flatMap(goalsOf))) {
    const { i, p: filters = {}, wi: include, we: exclude } = goal;
    try {
      const by = test(goal);
      if (!by) continue;
      nameEvent(event);
      // In a view if its trigger or its owner says so, else in a user action, else in the event.
      const scope = i + (goal.q ? event.pv : (event.ac ?? event.i));
      // Of what is no element, none.
      const properties: Draft['p'] & object = { ...event.p, ...safely(attributesOf)(by as Element, 'data-prop-') };
      if (
        !done.has(scope) &&
        (!include || matchesRule(include, partsOf(event.u!))) &&
        !(exclude && matchesRule(exclude, partsOf(event.u!))) &&
        Object.keys(filters).every((key) => `${properties[key]}` === filters[key])
      ) {
        event.p = properties;
        // Where there is no room for it the proof is lost, and the goal is not at fault.
        if (goal.c && by !== 1) keepIn(session, i, event);
        else {
          done.add(scope);
          met.push([i, ...(safely(readValue)(goal) ?? [])] as [string]);
        }
      }
    } catch {
      // A selector or pattern that this browser rejects concerns this goal alone.
      if (!done.has(i)) record({ n: '$diagnostic', p: { goal: i } });
      done.add(i);
    }
  }
  if (QUIET.test(event.n) && !met[0]) return event.ac;
  event.g = met;
  if (permission) {
    const sent = {
      ...(event as Seen),
      u: redacted(event.u!),
      f: event.f && redacted(event.f),
      vi: visitorId(),
      si: sessionId(),
    };
    if (met[0] || event.n[0] !== '$') {
      keepIn(local, sent.i, [site, sent]);
      for (const key of keysOf(local).slice(0, -OUTBOX_EVENTS)) delete local[key];
    }
    // Told once, though it may meet goals of a plan that came later.
    const told = queue.has(sent.i) ? met : [...met, []];
    enqueue(sent);
    for (const [goal, amount = sent.m, currency = sent.c] of told)
      emit(goal ? 'conversion' : 'event', {
        goal,
        id: sent.i,
        name: sent.n,
        url: sent.u,
        amount,
        currency,
        order_id: sent.o,
        properties: sent.p,
      });
    // After the page's own listeners: to send takes longer than all else. A page that goes sooner sends as it goes.
    if (met[0]) setTimeout(flush);
  }
  return event.i;
};

/** Records what an observer saw, if it is to be recorded, and gives its id. */
export const record = (draft: Draft, test: Signal[1] = () => 1, keys: Signal[2] = [draft.n]): string | undefined => {
  if (permission < 0 || isExcludedView) return undefined;
  const event: Draft = { pv: viewId, u: viewUrl, ...draft };
  const signal: Signal = [event, test, keys];
  // Clocks and scrolling that meet nothing are no news.
  if (decide(signal) && recent.push(signal) > RECENT_SIGNALS) recent.shift();
  return event.i;
};

/** Sends what waited for consent. */
export const recordWaiting = (): void => recent.forEach(decide);

/** Lets what happened before there was a plan meet its goals. What was sent is not sent again. */
export const decideAgain = (): unknown =>
  recent.map((signal) => (QUIET.test(signal[0].n) || queue.has(signal[0].i!)) && decide(signal));
