/** A goal's trigger in plain words, for tables and for people who have never seen a selector. */
import type { Trigger, TriggerType, UrlRule } from '../core/goal.ts';

/** What the editor calls each trigger, and what it is for. */
export const TRIGGER_NAMES: Readonly<Record<TriggerType, { name: string; hint: string }>> = {
  pageview: { name: 'Visits a page', hint: 'A thank-you page, a price list, any address.' },
  event: { name: 'Custom event', hint: 'Your page or server says that it happened.' },
  revenue: { name: 'Purchase or payment', hint: 'A custom event that carries money.' },
  form_submit: { name: 'Sends a form', hint: 'Sign-up, contact, checkout.' },
  link_click: { name: 'Clicks a link', hint: 'A download, a phone number, a partner’s site.' },
  element_click: { name: 'Clicks an element', hint: 'Anything a CSS selector finds.' },
  text_click: { name: 'Clicks a text', hint: 'Whatever says “Add to cart”.' },
  scroll_depth: { name: 'Scrolls down', hint: 'Has seen so much of a page.' },
  time_spent: { name: 'Stays a while', hint: 'Time in view, not in a forgotten tab.' },
  element_visible: { name: 'Sees an element', hint: 'It was on the screen long enough.' },
  engagement: { name: 'Does anything at all', hint: 'First click, key or submit of a view.' },
};

const MATCH_WORDS: Readonly<Record<UrlRule['match'], string>> = {
  simple: 'is',
  exact: 'is exactly',
  wildcard: 'looks like',
  path: 'has the path',
  regex: 'matches',
  contains: 'contains',
  starts_with: 'starts with',
  ends_with: 'ends with',
  domain: 'is on the domain',
  group: 'is in the group',
};

const TEXT_WORDS = { equals: '', contains: 'containing ', starts_with: 'starting with ', ends_with: 'ending with ' };
const VIEW_WORDS = { any: '', load: ' (page loads)', virtual: ' (in-page routes)' };
const SOURCE_WORDS = { any: '', browser: ' from a browser', server: ' from a server' };

/** A rule as the end of a sentence: `is /thanks`. */
export function ruleWords({ match, value }: UrlRule): string {
  return `${MATCH_WORDS[match]} ${value}`;
}

/** One line that says when the goal counts. */
export function triggerWords(trigger: Trigger): string {
  switch (trigger.type) {
    case 'pageview':
      return `Page ${ruleWords(trigger.url)}${VIEW_WORDS[trigger.view]}`;
    case 'link_click':
      return linkWords(trigger);
    case 'element_click':
      return `Click on ${trigger.selector}`;
    case 'text_click':
      return `Click on text ${TEXT_WORDS[trigger.match]}“${trigger.text}”${trigger.within ? ` in ${trigger.within}` : ''}`;
    case 'form_submit':
      return `Form ${trigger.selector} sent${confirmWords(trigger.confirm)}`;
    case 'time_spent':
      return `${duration(trigger.seconds)} on a ${trigger.span === 'page' ? 'page' : 'visit'}`;
    case 'scroll_depth':
      return `Scrolled ${trigger.percent}% of a page`;
    case 'element_visible':
      return `Saw ${trigger.selector}${trigger.delay_ms > 0 ? ` for ${duration(trigger.delay_ms / 1_000)}` : ''}`;
    case 'engagement':
      return 'First interaction with a page';
    case 'event':
      return `Event ${TEXT_WORDS[trigger.match]}“${trigger.name}”${SOURCE_WORDS[trigger.source]}`;
    case 'revenue':
      return `Payment ${TEXT_WORDS[trigger.match]}“${trigger.name}”${SOURCE_WORDS[trigger.source]}`;
  }
}

function linkWords(trigger: Extract<Trigger, { type: 'link_click' }>): string {
  const parts = [
    trigger.outbound ? 'Click on a link to another site' : 'Click on a link',
    ...(trigger.selector ? [`in ${trigger.selector}`] : []),
    ...(trigger.href ? [`whose target ${ruleWords(trigger.href)}`] : []),
  ];
  return parts.join(' ');
}

function confirmWords(confirm: Extract<Trigger, { type: 'form_submit' }>['confirm']): string {
  if (confirm === undefined) return '';
  return 'selector' in confirm ? `, then ${confirm.selector} appears` : `, then the page ${ruleWords(confirm.url)}`;
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest > 0 ? ` ${rest} s` : ''}`;
}
