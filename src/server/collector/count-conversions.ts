/** Which goals an event converts, and under which keys: the collector's own decision. */
import { hash } from 'node:crypto';
import type { DropReason } from '../../core/beacon.ts';
import { conversionKey, conversionScope } from '../../core/conversion-key.ts';
import { COLLECTOR_TRIGGERS, type CountRule, type Goal } from '../../core/goal.ts';
import { conversionValue } from '../../core/goal-value.ts';
import { type CompiledGoal, type Decision, decideGoal, listensOn } from '../../core/match-goal.ts';
import type { RegexEngine } from '../../core/match-url.ts';
import type { RowConversion } from '../store/event-row.ts';
import type { Belonging } from './find-session.ts';
import type { RecentMemory } from './recent-memory.ts';
import type { Sighting } from './sighting.ts';

/** What is known of an event when its session was found. */
interface Found {
  belonging: Belonging;
  /** Goals over a session whose visible time this event brought about. */
  reached: readonly CompiledGoal[];
}

/** What an event counts as. */
export interface Counted {
  conversions: RowConversion[];
  /** What to say about goals that did not count: each reason once, however many goals it is of. */
  drops: readonly DropReason[];
  /** Numbers of the goals it counts for, as far as recent memory knows: not those it would count for again. */
  goals: readonly number[];
}

/** What an event counts as, so far. */
type Counting = { [Part in keyof Counted]: Counted[Part][number][] };

const NOTHING: Counted = { conversions: [], drops: [], goals: [] };

/** MD5 in hex, because engines compute it too when they fill the past; nothing here relies on its strength. */
export function md5(text: string): string {
  return hash('md5', text, 'hex');
}

/** Decides goals, with a regex engine that cannot backtrack. */
export class ConversionCounter {
  readonly #regex: RegexEngine;
  readonly #recent: RecentMemory;

  constructor(options: { regex: RegexEngine; recent: RecentMemory }) {
    this.#regex = options.regex;
    this.#recent = options.recent;
  }

  count(sighting: Sighting, { belonging, reached }: Found): Counted {
    const { event, traffic, page } = sighting;
    const here = traffic.goals.decidedHere(event, page);
    if (here.length === 0 && event.goals.length === 0 && reached.length === 0) return NOTHING;
    const counted: Counting = { conversions: [], drops: [], goals: [] };
    const seen = new Set<string>();
    for (const compiled of here) {
      const decision = this.#decide(compiled, sighting);
      if (!decision.met) continue;
      seen.add(compiled.goal.id);
      this.#add(counted, compiled, { sighting, belonging, decision });
    }
    for (const compiled of reached) {
      seen.add(compiled.goal.id);
      if (!page || listensOn(compiled, { subjects: page.subjects, regex: this.#regex })) {
        this.#add(counted, compiled, { sighting, belonging, decision: { met: true, found: undefined } });
      }
    }
    for (const { goal_id } of event.goals) {
      if (seen.has(goal_id)) continue;
      seen.add(goal_id);
      const compiled = traffic.goals.get(goal_id);
      const decision = compiled ? this.#decideTold(compiled, sighting) : UNKNOWN;
      if (decision.met) this.#add(counted, compiled!, { sighting, belonging, decision });
      else counted.drops.push(decision.reason);
    }
    return counted.drops.length < 2 ? counted : { ...counted, drops: [...new Set(counted.drops)] };
  }

  /** A goal that the browser says is met. What is decided here was looked at already, and was not. */
  #decideTold(compiled: CompiledGoal, sighting: Sighting): Decision {
    if (COLLECTOR_TRIGGERS.includes(compiled.goal.trigger.type)) return NOT_MET;
    return this.#decide(compiled, sighting);
  }

  #decide(compiled: CompiledGoal, { event, page }: Sighting): Decision {
    return decideGoal(compiled, event, { subjects: page?.subjects, regex: this.#regex });
  }

  #add(
    counted: Counting,
    compiled: CompiledGoal,
    met: { sighting: Sighting; belonging: Belonging; decision: Met },
  ): void {
    const { goal } = compiled;
    const { sighting, belonging, decision } = met;
    const { event, traffic } = sighting;
    const scope = conversionScope(countRule(goal), {
      order_id: event.order_id,
      event_id: sighting.id,
      action_id: sighting.action,
      view_id: sighting.view,
      session: belonging.session?.id,
      visitor: belonging.visitor,
    });
    const { site } = traffic;
    const money = conversionValue(goal, event, { found: decision.found, siteCurrency: site.currency });
    if (money.diagnostic && money.diagnostic !== 'missing_amount') counted.drops.push('bad_amount');
    // While a changed goal is applied to the past, what happens now is counted under the old and the new generation.
    for (const generation of traffic.entry.generations(goal)) {
      const key = conversionKey({ site: site.number, goal: goal.number, generation, scope }, md5);
      const known = this.#recent.noteConversion(key, { id: sighting.id, now_ms: sighting.requester.received_ms });
      if (generation === goal.generation) {
        if (known) counted.drops.push(scope.startsWith('o:') ? 'duplicate_order' : 'already_counted');
        else counted.goals.push(goal.number);
      }
      counted.conversions.push({
        goal: goal.number,
        generation,
        version: traffic.entry.goalVersionAt(goal.id, sighting.revision),
        key,
        lasting: scope.startsWith('o:') || (scope.startsWith('v:') && belonging.identified),
        amount: money.micros,
        currency: money.currency,
      });
    }
  }
}

/** Visible time over a session reaches a threshold once, also if a crash loses what the sum stood at. */
function countRule({ trigger, count }: Goal): CountRule {
  const overSession = trigger.type === 'time_spent' && trigger.span === 'session';
  return overSession && count !== 'once_per_visitor' ? 'once_per_session' : count;
}

type Met = Extract<Decision, { met: true }>;
const UNKNOWN: Decision = { met: false, reason: 'unknown_goal', why: 'The goal does not exist or is not active.' };
const NOT_MET: Decision = { met: false, reason: 'goal_not_met', why: 'The collector decides this goal by itself.' };
