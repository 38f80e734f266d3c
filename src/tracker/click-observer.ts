/** Sees clicks before the page does: in the capture phase, on the window, whatever the page stops or prevents. */
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { clickedElement, INTERACTIVE, LINK, readTexts } from './click-target.ts';
import { is, isDisabled } from './element.ts';
import { forgetSubmit } from './form-observer.ts';
import { goalsNear, goalsOf, plan } from './plan-goals.ts';
import { action, record } from './record.ts';
import { listen } from './safely.ts';

/** The elements an event passes, from its target outwards, through open shadow roots. */
const pathOf = (domEvent: Event): Element[] => domEvent.composedPath().filter((target) => target instanceof Element);

function clicked(domEvent: MouseEvent): void {
  const { button, isTrusted } = domEvent;
  const path = pathOf(domEvent);
  // The middle button opens links and does nothing else; the right one never counts.
  if (button && (button > 1 || !path.some((element) => is(element, LINK)))) return;
  if (!path[0] || isDisabled(path[0])) return;
  if (isTrusted) forgetSubmit();
  const texts = plan && !goalsOf(PLAN_TRIGGERS.text_click)[0] ? [] : readTexts(path);
  record(
    { n: '$click', ac: action },
    () => goalsNear(path),
    (goal) => clickedElement(goal, path, texts),
  );
}

/** A key press on an interactive element is engagement, and sent as the click it would be. */
function pressed(domEvent: Event): void {
  const path = pathOf(domEvent);
  forgetSubmit();
  record(
    { n: '$click' },
    () => goalsOf(PLAN_TRIGGERS.engagement),
    () => path.find((element) => is(element, INTERACTIVE)),
  );
}

/** Begins to see clicks and keys. */
export function observeClicks(): void {
  listen('click auxclick', clicked);
  listen('keydown', pressed);
}
