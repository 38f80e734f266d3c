/** The form that specs of forms are about, and the goal that it meets. */
import type { ShortGoal } from './short-goal.ts';

/** Met when the form is submitted. */
export const form: ShortGoal = { i: 'goal_form', t: 4, s: '#signup' };
/** Answers go into a frame, so that the page stays. */
export const stay = 'target="frame"';
const frame = '<iframe name="frame" hidden></iframe>';
/** Markup of the form; it leaves the page when it has no attributes. */
export const signup = (attributes = stay, inside = '<input name="city" value="Rome"><button>Send</button>'): string =>
  `${frame}<form id="signup" action="/sent" ${attributes}>${inside}</form>`;
