/** Sees clicks before the page does: in the capture phase, on the window, whatever the page stops or prevents. */
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { clickedElement, LINK, readTexts } from './click-target.ts';
import { is } from './element.ts';
import { forgetSubmit } from './form-observer.ts';
import { goalsNear, goalsOf, plan } from './plan-goals.ts';
import { actionId, record } from './record.ts';
import { listen } from './safely.ts';

/** Begins to see clicks and keys. A key press on an interactive element is engagement, and sent as the click it would be. */
export const observeClicks = (): void =>
  listen('click auxclick keydown', (domEvent: MouseEvent) => {
    const { button, isTrusted, type } = domEvent;
    // The elements it passes, from its target outwards, through open shadow roots.
    const path = domEvent.composedPath().filter((target): target is Element => target instanceof Element);
    const isLink = path.some((element) => is(element, LINK));
    // The middle button opens links and does nothing else; the right one never counts. Nor does what is disabled.
    if (button > 1 || (button && !isLink) || path.some((element) => is(element, ':disabled:not(fieldset)'))) return;
    if (isTrusted) forgetSubmit();
    const isKey = type[0] === 'k';
    const texts = isKey || (plan && !goalsOf(PLAN_TRIGGERS.text_click)[0]) ? [] : readTexts(path);
    record(
      { n: '$click', ac: actionId() },
      () => [
        ...goalsOf(PLAN_TRIGGERS.engagement),
        ...(isKey
          ? []
          : [
              ...goalsOf(PLAN_TRIGGERS.element_click),
              ...goalsOf(PLAN_TRIGGERS.text_click),
              ...(isLink ? goalsOf(PLAN_TRIGGERS.link_click) : []),
              ...goalsNear(path),
            ]),
      ],
      (goal) => clickedElement(goal, path, texts),
    );
  });
