/** Goalpost as it stands in dist, with no goals, with 50 and with 1,000, as the things that are measured. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Selectors as owners write them: half of them ids, then classes, classes of a tag, and links in something. */
const SELECTORS = [
  (at) => `#buy-${at}`,
  (at) => `.cta-${at}`,
  (at) => `#plan-${at}`,
  (at) => `button.choose-${at}`,
  (at) => `#cart .add-${at}`,
  (at) => `.card-${at} a`,
];

/** One of every kind that a browser decides. */
const TRIGGERS = [
  (at) => ({ type: 'element_click', selector: `#buy-${at}` }),
  (at) => ({ type: 'element_click', selector: `.cta-${at}` }),
  (at) => ({ type: 'text_click', text: `Choose plan ${at}`, match: 'equals', case_sensitive: false }),
  (at) => ({ type: 'link_click', href: { match: 'contains', value: `/download/${at}` }, outbound: false }),
  (at) => ({ type: 'form_submit', selector: `#form-${at}` }),
  (at) => ({ type: 'pageview', url: { match: 'contains', value: `/thanks/${at}` }, view: 'any' }),
  (at) => ({ type: 'scroll_depth', percent: 50 + (at % 50) }),
  (at) => ({ type: 'element_visible', selector: `#seen-${at}`, ratio: 0.5, delay_ms: 0 }),
];

const CONVERSION = { type: 'element_click', selector: '.buy' };

/** A stored goal with this trigger and nothing special. */
function goal(trigger, at) {
  return {
    id: `goal_${String(at).padStart(21, '0')}`,
    number: at + 1,
    site_id: 'site_bench',
    version: 1,
    generation: 1,
    created_at: 0,
    updated_at: 0,
    deleted_at: null,
    key: `goal-${at}`,
    name: `Goal ${at}`,
    active: true,
    trigger,
    value: { mode: 'none' },
    where: {},
    properties: {},
    count: 'every',
    purpose: 'sell',
    description: '',
    foreign: {},
  };
}

const clickGoals = (count) =>
  Array.from({ length: count }, (_, at) => {
    const selector = SELECTORS[at % SELECTORS.length](at);
    return goal({ type: 'element_click', selector }, at);
  });

/**
 * One build with several plans.
 * @param {string} dist its folder: `tracker.js` and the `core` that builds its plans.
 * @param {string} name what tables call it.
 */
export async function goalpostSubjects(dist, name) {
  const code = readFileSync(join(dist, 'tracker.js'));
  const { buildPlan } = await import(pathToFileURL(join(dist, 'core/build-plan.js')).href);
  const site = { revision: 1, redact: [] };
  const subject = (suffix, goals, phases) => ({
    name: `${name}${suffix}`,
    code,
    phases,
    site: true,
    plan: JSON.stringify(buildPlan(site, goals, [])),
    conversion: () => 'class="buy"',
    // A visit's site is its mark, so that its conversion is told apart whatever it sends of the page.
    idOf: (body, mark) => (body.s === mark ? body.e.find((event) => event.g?.length)?.i : undefined),
    ready: /\/plan\//,
  });
  const every = Array.from({ length: 50 }, (_, at) => goal(TRIGGERS[at % TRIGGERS.length](at), at));
  return [
    subject('', [], ['load', 'click', 'requests']),
    subject(', 50 goals', clickGoals(50), ['click']),
    subject(', 1,000 goals', clickGoals(1_000), ['load', 'click']),
    subject(', 50 of all kinds', every, ['load', 'click']),
    subject(', one goal', [goal(CONVERSION, 0)], ['delivery']),
  ];
}
