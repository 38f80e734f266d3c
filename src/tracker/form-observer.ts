/** Sees forms submitted; browsers tell of valid ones only, and of `form.submit()` never. */
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { is } from './element.ts';
import { goalsOf } from './plan-goals.ts';
import { action, record } from './record.ts';
import { listen } from './safely.ts';

/** The form submitted last, as long as the visitor did nothing since. */
let submitted: EventTarget | undefined;

/** The visitor did something: the next submit is a new one. */
export function forgetSubmit(): void {
  submitted = undefined;
}

function submits(domEvent: SubmitEvent): void {
  const [form] = domEvent.composedPath();
  // A page that prevents a submit, checks, and submits again by script has still submitted once.
  if (form === submitted || !(form instanceof Element)) return;
  submitted = form;
  setTimeout(forgetSubmit, 1_000);
  record(
    { n: '$submit', ac: action },
    () => [...goalsOf(PLAN_TRIGGERS.form_submit), ...goalsOf(PLAN_TRIGGERS.engagement)],
    (goal) => (!goal.s || is(form, goal.s)) && form,
  );
}

export function observeForms(): void {
  listen('submit', submits);
}
