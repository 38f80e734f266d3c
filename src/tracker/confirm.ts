/** Submits that wait for proof of success: an element that appears, or the next view's URL, on the next page too. */
import { CONFIRM_WAIT_MS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import type { CompiledRule } from '../core/plan.ts';
import type { Seen } from './draft.ts';
import { elements } from './element.ts';
import { newId, timeOfId } from './event-id.ts';
import { partsOf } from './page-subjects.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { safely } from './safely.ts';
import { keysOf, session } from './storage.ts';
import { viewId, viewUrl } from './view.ts';

/**
 * Looks at the page. Elements prove when they are shown, and not merely there. URLs are looked at once a view is
 * settled, and only the first after the submit can prove it.
 */
export const prove = (isSettled?: 1): void =>
  keysOf(session).forEach(
    // What a browser rejects or cannot read stands in the way of no other proof.
    safely((key) => {
      const event = JSON.parse(session[key]!) as Seen;
      const id = key.slice(3);
      const proof = goalsOf(id)[0]?.c ?? 'none';
      // Rules are lists.
      const isRule = !!(proof as CompiledRule).some;
      const isLate = Date.now() - timeOfId(event.i) > CONFIRM_WAIT_MS;
      const isNext = isRule && isSettled && event.pv !== viewId;
      const isProven =
        !isLate &&
        (isRule
          ? isNext && matchesRule(proof as CompiledRule, partsOf(viewUrl))
          : elements(proof as string).some((element) => element.getClientRects()[0]));
      if (isProven || isLate || isNext) delete session[key];
      if (isProven) record({ ...event, i: newId() }, () => 1, [id]);
    }),
  );
