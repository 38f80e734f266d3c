/** Looks for the proof of success that submits wait for: an element that appears, or the next view's URL. */
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { elements } from './element.ts';
import { newId } from './event-id.ts';
import { partsOf } from './page-subjects.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { awaitProof, unproven } from './unproven.ts';
import { viewId, viewUrl } from './view.ts';

/**
 * Looks at the page. Elements prove when they are shown, and not merely there. URLs are looked at once a view is
 * settled, and only the first after the submit can prove it.
 */
export function prove(isSettled?: 1): void {
  for (const goal of goalsOf(PLAN_TRIGGERS.form_submit)) {
    const { i: id, c: proof } = goal;
    const [event, until_ms] = unproven[id] ?? [];
    if (!event) continue;
    const isRule = Array.isArray(proof);
    const isNext = isRule && isSettled && event.pv !== viewId;
    const isLate = Date.now() > until_ms!;
    const isProven =
      !isLate &&
      (isRule
        ? isNext && matchesRule(proof, partsOf(viewUrl))
        : elements(proof!).some((element) => element.getClientRects()[0]));
    if (isProven || isLate || isNext) awaitProof(id);
    if (isProven) record({ ...event, i: newId() }, () => [goal]);
  }
}
