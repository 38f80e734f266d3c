/** Sees clicks before the page does: in the capture phase, on the window, whatever the page stops or prevents. */

import { matchesRule } from '../core/match-url.ts';
import { PLAN_SIGNALS } from '../core/plan.ts';
import { attribute, is } from './element.ts';
import { readTexts } from './element-text.ts';
import { partsOf } from './page-subjects.ts';
import { keysOfElements, plan } from './plan-goals.ts';
import { record } from './record.ts';
import { listen } from './safely.ts';
import { viewUrl } from './view.ts';

/** Begins to see clicks and keys. A key press on an interactive element is engagement, and sent as the click it would be. */
export const observeClicks = (): void =>
  listen('click auxclick keydown', (domEvent: MouseEvent) => {
    const { button } = domEvent;
    // The elements it passes, from its target outwards, through open shadow roots.
    const path = domEvent.composedPath().filter((target): target is Element => target instanceof Element);
    // The middle button opens links and does nothing else; the right one never counts. Nor does what is disabled.
    if (
      button > 1 ||
      (button && !path.some((element) => is(element, 'a[*|href],area[href]'))) ||
      path.some((element) => is(element, ':disabled:not(fieldset)'))
    )
      return;
    // Before there is a plan at once, because the page may change them while it handles the click.
    let texts = (!plan && readTexts(path)) as string[];
    record(
      // Of a key no number: what is typed is no action of its own, and does not wait with clicks for consent or a plan.
      { n: PLAN_SIGNALS.click, ac: (button + 1) as never },
      /** The element that meets the goal, the innermost if there are several; throws when the browser rejects a selector. */
      (goal) => {
        const { s: selector, w: outer = '*', x: pattern, u: rule, o: outbound } = goal;
        if (!pattern)
          return path.find((element) => {
            const href = attribute(element, 'href') ?? attribute(element, 'xlink:href')!;
            return (
              is(element, selector!) &&
              is(element, outer) &&
              (!rule || matchesRule(rule, partsOf(href))) &&
              (!outbound || (partsOf(href)[1] && partsOf(href)[1] !== partsOf(viewUrl)[1]))
            );
          });
        texts ||= readTexts(path);
        const nearest = selector && (path.find((element) => is(element, selector)) ?? path[0]);
        return path.find(
          (element, n) =>
            (selector ? element === nearest : texts[n] !== texts[n - 1]) &&
            new RegExp(...pattern).test(texts[n] || '') &&
            path.slice(n).some((outside) => is(outside, outer)),
        );
      },
      // A key has no button.
      button >= 0 ? keysOfElements(path) : [PLAN_SIGNALS.key],
    );
  });
