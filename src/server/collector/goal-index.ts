/** A site's goals arranged by what can meet them, so that an event is shown only to goals that may care. */

import type { GoalpostEvent } from '../../core/event.ts';
import { type CompiledGoal, listensOn, meetsUrl } from '../../core/match-goal.ts';
import type { RegexEngine } from '../../core/match-url.ts';
import type { Page } from './page-memory.ts';

const NONE: readonly CompiledGoal[] = [];

/** Active goals of one site; made once per change of the site. */
export class GoalIndex {
  readonly #regex: RegexEngine;
  readonly #byPage = new WeakMap<Page, readonly CompiledGoal[]>();
  readonly #byId = new Map<string, CompiledGoal>();
  readonly #pageview: CompiledGoal[] = [];
  readonly #byName = new Map<string, CompiledGoal[]>();
  /** Event goals that look at more than one name. */
  readonly #otherNames: CompiledGoal[] = [];
  /** `time_spent` over a session, added up here. */
  readonly #sessionTime: CompiledGoal[] = [];

  constructor(goals: Iterable<CompiledGoal>, regex: RegexEngine) {
    this.#regex = regex;
    for (const compiled of goals) this.#add(compiled);
  }

  #add(compiled: CompiledGoal): void {
    const { goal } = compiled;
    if (!goal.active || goal.deleted_at !== null) return;
    this.#byId.set(goal.id, compiled);
    const { trigger } = goal;
    if (trigger.type === 'pageview') this.#pageview.push(compiled);
    else if (trigger.type === 'time_spent' && trigger.span === 'session') this.#sessionTime.push(compiled);
    else if (trigger.type !== 'event' && trigger.type !== 'revenue') return;
    else if (trigger.match !== 'equals') this.#otherNames.push(compiled);
    else {
      const named = this.#byName.get(trigger.name);
      if (named) named.push(compiled);
      else this.#byName.set(trigger.name, [compiled]);
    }
  }

  get(goal_id: string): CompiledGoal | undefined {
    return this.#byId.get(goal_id);
  }

  /** Goals that are decided here and can be met by such an event, whatever the browser says. */
  decidedHere(event: GoalpostEvent, page: Page | undefined): readonly CompiledGoal[] {
    if (event.name === '$pageview') return page === undefined ? NONE : this.#metByPage(page);
    if (event.name.startsWith('$')) return NONE;
    const named = this.#byName.get(event.name) ?? NONE;
    return this.#otherNames.length === 0 ? named : [...named, ...this.#otherNames];
  }

  /** A rule's answer for a page never changes, so it is asked once for each page. */
  #metByPage(page: Page): readonly CompiledGoal[] {
    if (this.#pageview.length === 0) return NONE;
    const known = this.#byPage.get(page);
    if (known) return known;
    const context = { subjects: page.subjects, regex: this.#regex };
    const met = this.#pageview.filter((goal) => meetsUrl(goal, context) && listensOn(goal, context));
    this.#byPage.set(page, met);
    return met;
  }

  /** Session goals whose threshold lies between two sums of visible time, ms. */
  reachedBetween(before_ms: number, after_ms: number): CompiledGoal[] {
    return this.#sessionTime.filter(({ goal: { trigger } }) => {
      const threshold_ms = trigger.type === 'time_spent' ? trigger.seconds * 1_000 : Number.POSITIVE_INFINITY;
      return before_ms < threshold_ms && after_ms >= threshold_ms;
    });
  }
}
