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
export function prove(isSettled?: 1): void {
  for (const goal of goalsOf(PLAN_TRIGGERS.form_submit)) {
    const { i: id, c: proof = '' } = goal;
    const [event, until_ms = 0] = unproven[id] ?? [];
    if (!event) continue;
    const isText = typeof proof === 'string';
    const isNext = !isText && isSettled && event.pv !== viewId;
    const isLate = Date.now() > until_ms;
    const isProven =
      !isLate &&
      (isText
        ? elements(proof).some((element) => element.getClientRects()[0])
        : isNext && matchesRule(proof, subjectsOf(viewUrl)));
    if (isProven || isLate || isNext) awaitProof(id);
    if (isProven) record(event, () => [goal]);
  }
}
