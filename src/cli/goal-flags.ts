/** A goal by flags: one flag per common trigger. */
import type { Command } from 'commander';

/** What the flags of `goals add` and `goals check` say. */
export interface GoalFlags {
  name?: string;
  key?: string;
  page?: string;
  event?: string;
  revenue?: string;
  element?: string;
  text?: string;
  link?: string;
  form?: string;
  time?: string;
  scroll?: string;
  visible?: string;
  match?: string;
  amount?: string;
  currency?: string;
  count?: string;
}

/** Adds the flags; `check` has a `--click` of its own, so its element is `--element`. */
export function withGoalFlags(command: Command): Command {
  return command
    .option('--name <name>', 'name of the goal')
    .option('--key <key>', 'key; made from the name when left out')
    .option('--page <url>', 'trigger: a page whose URL matches')
    .option('--event <name>', 'trigger: a custom event')
    .option('--revenue <name>', 'trigger: a custom event that carries money')
    .option('--element <selector>', 'trigger: a click on an element')
    .option('--text <text>', 'trigger: a click on a text')
    .option('--link <url>', 'trigger: a click on a link whose target matches')
    .option('--form <selector>', 'trigger: a form that is submitted')
    .option('--time <seconds>', 'trigger: time spent on a page')
    .option('--scroll <percent>', 'trigger: scroll depth')
    .option('--visible <selector>', 'trigger: an element on screen')
    .option('--match <operator>', 'how --page, --link, --text or an event name is compared')
    .option('--amount <amount>', 'fixed value of a conversion')
    .option('--currency <code>', 'currency of the value')
    .option('--count <rule>', 'every, once_per_page, once_per_session or once_per_visitor');
}

type Triggers = { [Flag in string]?: (value: string, flags: GoalFlags) => Record<string, unknown> };

const compared = ({ match }: GoalFlags) => (match === undefined ? {} : { match });
const rule = (value: string, { match }: GoalFlags) => ({
  match: match ?? (value.includes('*') ? 'wildcard' : 'simple'),
  value,
});

const TRIGGERS = {
  page: (value, flags) => ({ type: 'pageview', url: rule(value, flags) }),
  event: (name, flags) => ({ type: 'event', name, ...compared(flags) }),
  revenue: (name, flags) => ({
    type: 'revenue',
    name,
    ...compared(flags),
    ...(flags.currency === undefined ? {} : { currency: flags.currency }),
  }),
  element: (selector) => ({ type: 'element_click', selector }),
  text: (text, flags) => ({ type: 'text_click', text, ...compared(flags) }),
  link: (value, flags) => ({ type: 'link_click', href: rule(value, flags) }),
  form: (selector) => ({ type: 'form_submit', selector }),
  time: (seconds) => ({ type: 'time_spent', seconds: Number(seconds) }),
  scroll: (percent) => ({ type: 'scroll_depth', percent: Number(percent) }),
  visible: (selector) => ({ type: 'element_visible', selector }),
} satisfies Triggers;

/** The body of a request to create the goal. Throws an Error in words unless exactly one trigger is given. */
export function goalFromFlags(flags: GoalFlags): Record<string, unknown> {
  const given = Object.entries(TRIGGERS).flatMap(([flag, make]) => {
    const value = (flags as Record<string, string | undefined>)[flag];
    return value === undefined ? [] : [{ value, make, flag }];
  });
  const [first] = given;
  if (first === undefined || given.length > 1) {
    const names = Object.keys(TRIGGERS).map((flag) => `--${flag}`);
    throw new Error(`Give exactly one trigger: ${names.join(', ')}, or the whole goal with --json-file.`);
  }
  const { name, key, amount, currency, count } = flags;
  const fixed = { mode: 'fixed', amount, ...(currency === undefined ? {} : { currency }) };
  return {
    name: name ?? first.value,
    ...(key === undefined ? {} : { key }),
    trigger: first.make(first.value, flags),
    ...(amount === undefined ? {} : { value: fixed }),
    ...(count === undefined ? {} : { count }),
  };
}
