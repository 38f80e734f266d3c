/** Sees forms submitted; browsers tell of valid ones only, and of `form.submit()` never. */
import { PLAN_SIGNALS, PLAN_TRIGGERS } from '../core/plan.ts';
import { is } from './element.ts';
import { actionIds, record } from './record.ts';
import { listen } from './safely.ts';

/** How long a form that was submitted is not submitted again without the visitor doing anything. */
const AGAIN_MS = 1_000;

/** The form submitted last, as long as the visitor did nothing since. */
let submitted: EventTarget | undefined;

/** The next submit is a new one. */
export const forgetSubmit = (): void => {
  submitted = undefined;
};

/** Begins to see submits. */
export const observeForms = (): void =>
  listen('submit', (domEvent: Event) => {
    const [form] = domEvent.composedPath();
    // A page that prevents a submit, checks, and submits again by script has still submitted once.
    if (form === submitted) return;
    submitted = form;
    setTimeout(forgetSubmit, AGAIN_MS);
    record(
      { n: PLAN_SIGNALS.submit, ...actionIds() },
      // To submit any form is engagement.
      ({ t: type, s: selector }) => (type !== PLAN_TRIGGERS.form_submit || is(form as Element, selector!)) && form,
    );
  });
