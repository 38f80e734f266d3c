/** Sees clicks before the page does: in the capture phase, on the window, whatever the page stops or prevents. */
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { type ClickTarget, clickedElement, INTERACTIVE } from './click-target.ts';
import { is } from './element.ts';
import { readTexts } from './element-text.ts';
import { forgetSubmit } from './form-observer.ts';
import { goalsNear, goalsOf, plan } from './plan-goals.ts';
import { action, record } from './record.ts';
import { listen } from './safely.ts';

/** The elements an event passes, from its target outwards, through open shadow roots. */
function pathOf(domEvent: Event): Element[] {
  return domEvent.composedPath().filter((target) => target instanceof Element);
}

function clicked(domEvent: MouseEvent): void {
  const path = pathOf(domEvent);
  // `auxclick` is any other button: the middle one opens links and does nothing else, the right one never counts.
  if (domEvent.button && (domEvent.button > 1 || !path.some((element) => is(element, 'a[*|href],area[href]')))) return;
  if (path.some((element) => is(element, ':disabled:not(fieldset)'))) return;
  if (domEvent.isTrusted) forgetSubmit();
  const texts = plan && !goalsOf(PLAN_TRIGGERS.text_click).length ? [] : readTexts(path);
  const target: ClickTarget = { path, texts };
  record({ n: '$click', ac: action }, () => goalsNear(path), (goal) => clickedElement(goal, target));
}

/** A key press on an interactive element is engagement, and sent as the click it would be. */
function pressed(domEvent: KeyboardEvent): void {
  forgetSubmit();
  const path = pathOf(domEvent);
  record({ n: '$click' }, () => goalsOf(PLAN_TRIGGERS.engagement), () => path.find((element) => is(element, INTERACTIVE)));
}

export function observeClicks(): void {
  listen('click', clicked);
  listen('auxclick', clicked);
  listen('keydown', pressed);
}
