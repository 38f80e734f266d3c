/** Sees forms submitted; browsers tell of valid ones only, and of `form.submit()` never. */
import { PLAN_SIGNALS } from '../core/plan.ts';
import { is } from './element.ts';
import { beginAction, record } from './record.ts';
import { listen, safely } from './safely.ts';

/** How long a form that was submitted is not submitted again without the visitor doing anything. */
const AGAIN_MS = 10_000;

/** The form submitted last, as long as the visitor did nothing since. */
let submitted: EventTarget | null | undefined;

/** The next submit is a new one. */
const forgetSubmit = (): void => {
  submitted = null;
  beginAction();
};

const onSubmit = safely((domEvent: Event): void => {
  const [form] = domEvent.composedPath();
  // A page that prevents a submit, checks, and submits again by script has still submitted once.
  if (form === submitted) return;
  submitted = form;
  setTimeout(forgetSubmit, AGAIN_MS);
  record(
    { n: PLAN_SIGNALS.submit, ac: PLAN_SIGNALS.submit },
    // To submit any form is engagement.
    ({ s: selector, w: own = selector }) => is(form as Element, own!) && form,
  );
});

/** Begins to see submits. */
export const observeForms = (): void => {
  listen('pointerdown keydown', (domEvent) => {
    // Browsers handle the next click before a timer that is due, so the last action may not have ended by itself.
    forgetSubmit();
    // No submit leaves its shadow root, so one is listened to once the visitor does something in it.
    domEvent
      .composedPath()
      .map((target) => target instanceof ShadowRoot && target.addEventListener('submit', onSubmit, true));
  });
  listen('submit', onSubmit);
};
