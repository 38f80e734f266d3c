/** What DataFast's events need before they are recorded: a visitor who was seen, and a goal that counts them. */
import type { Goal, Trigger } from '../../../core/goal.ts';
import { matchesText } from '../../../core/match-text.ts';
import { Problem } from '../../../core/problem.ts';
import { identifiedVisitor } from '../../collector/identity.ts';
import { goalsOf } from '../native-stats.ts';
import { ok } from '../route.ts';
import { type Fields, type LooseCall, originOf, siteOfCall } from './dialect-request.ts';

/** `{"status":"success","data":[…]}`. */
export const succeed = (...data: Fields[]) => ok({ status: 'success', data });

/** Throws `not_found` for a visitor nobody has seen; what is acknowledged but not drained counts. */
export async function requireSeen(call: LooseCall, visitor: string): Promise<void> {
  const { collector, store } = call.backend;
  const { number } = siteOfCall(call);
  const id = identifiedVisitor(number, visitor);
  if (collector.knowsVisitor(id) || (await store.knowsVisitor(number, id))) return;
  // The collector's memory ends with the visitor's session; what waits in the journal may be older than that.
  await collector.fresh();
  if (await store.knowsVisitor(number, id)) return;
  throw new Problem('not_found', 'Visitor has no pageviews on this website');
}

/** Whether a goal counts every event of that name from a server already. */
function counts({ trigger, properties }: Goal, name: string): boolean {
  if (trigger.type !== 'event' && trigger.type !== 'revenue') return false;
  if (trigger.source === 'browser' || Object.keys(properties).length > 0) return false;
  return matchesText(trigger.match, trigger.name, name);
}

/** Makes a goal of that event name unless one matches already. At the limit of goals the event is still recorded. */
export async function ensureGoal(call: LooseCall, name: string, type: 'event' | 'revenue'): Promise<void> {
  // Nearly every event finds its goal here, so nothing is read or locked for it.
  if (goalsOf(call).some((goal) => counts(goal, name))) return;
  const trigger: Trigger = { type, name, match: 'equals', source: 'any' };
  const wanted = {
    find: (goals: readonly Goal[]) => goals.find((goal) => counts(goal, name)),
    draft: { name, trigger },
  };
  try {
    await call.backend.goals.ensureMany(siteOfCall(call).id, [wanted], originOf(call));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'limit_reached') throw error;
  }
}
