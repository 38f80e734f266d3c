/** Submits that wait for proof of success: an element that appears, or the next view's URL, on the next page too. */
import { CONFIRM_WAIT_MS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS, type PlanGoal } from '../core/plan.ts';
import { elements } from './element.ts';
import { on } from './listeners.ts';
import { options } from './options.ts';
import { subjectsOf } from './page-subjects.ts';
import { goalsOf, plan } from './plan-goals.ts';
import { type Draft, record } from './record.ts';
import { safely } from './safely.ts';
import { viewId, viewUrl } from './view.ts';

const KEY = 'gp_confirm';

/** Submits that wait, the last of each goal: by goal id, the event, and until when, ms since 1970. */
let unproven: Record<string, [event: Draft, until_ms: number]> = {};

const save = safely((): void => {
  if (options.store !== 'none') sessionStorage.setItem(KEY, JSON.stringify(unproven));
});

/** Takes over what the page before was waiting for. */
const loadUnproven = safely((): void => {
  unproven = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
});

/** Whether an element that matches is shown, and not merely there. */
function appears(selector: string): boolean {
  return elements(selector).some((element) => element.getClientRects().length);
}

/**
 * Looks for proof. URLs are looked at when a view is shown, and only the first view after the submit can prove it;
 * elements whenever the page changed.
 */
export function prove(isShown = true): void {
  if (!plan) return;
  for (const [id, [event, until_ms]] of Object.entries(unproven)) {
    const goal = goalsOf(PLAN_TRIGGERS.form_submit).find((candidate) => candidate.i === id);
    const proof = goal?.c;
    const isNext = typeof proof === 'object' && isShown && event.pv !== viewId;
    const isProven = typeof proof === 'string' ? appears(proof) : isNext && matchesRule(proof, subjectsOf(viewUrl));
    if (Date.now() > until_ms || isProven || isNext) {
      delete unproven[id];
      save();
      if (isProven && Date.now() <= until_ms) record(event, () => [goal!]);
    }
  }
}

/** Begins to wait for proofs, those of the page before included. */
export function awaitProofs(): void {
  loadUnproven();
  on('unproven', ([goal, { i: _, ...event }]: [PlanGoal, Draft]) => {
    unproven[goal.i] = [event, Date.now() + CONFIRM_WAIT_MS];
    save();
  });
  on('plan', prove);
  on('shown', prove);
}
