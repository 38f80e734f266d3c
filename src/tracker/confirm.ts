/** Looks for the proof of success that submits wait for: an element that appears, or the next view's URL. */
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { elements } from './element.ts';
import { subjectsOf } from './page-subjects.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { awaitProof, unproven } from './unproven.ts';
import { viewId, viewUrl } from './view.ts';

/**
 * Looks at the page. Elements prove when they are shown, and not merely there. URLs are looked at once a view is
 * settled, and only the first after the submit can prove it.
 */
export function prove(moment?: 'settled'): void {
  for (const goal of goalsOf(PLAN_TRIGGERS.form_submit)) {
    const { i: id, c: proof } = goal;
    const [event, until_ms] = unproven[id] ?? [];
    if (!event || !proof) continue;
    const isLate = Date.now() > until_ms!;
    const isNext = typeof proof === 'object' && moment && event.pv !== viewId;
    const isProven =
      !isLate &&
      (typeof proof === 'object'
        ? isNext && matchesRule(proof, subjectsOf(viewUrl))
        : elements(proof).some((element) => element.getClientRects().length));
    if (isProven || isLate || isNext) awaitProof(id);
    if (isProven) record(event, () => [goal]);
  }
}
