/** What was pointed at, and the goals that can be made of it. */
import type { Trigger } from '../core/goal.ts';
import { type Proposal, proposeSelectors } from './stable-selector.ts';

/** Ways of meeting a goal that can be pointed at, in the order in which they are offered. */
export const KINDS = ['element_click', 'text_click', 'form_submit', 'element_visible'] as const;
export type Kind = (typeof KINDS)[number];

/** What each is called. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  element_click: 'It is clicked',
  text_click: 'Its text is clicked',
  form_submit: 'Its form is sent',
  element_visible: 'It comes into sight',
};

const TEXT_CHARACTERS = 80;
const VISIBLE = { ratio: 0.5, delay_ms: 1_000 };

/** An element, with all that can be said of it. */
export interface Pointed {
  element: Element;
  /** The form it belongs to. */
  form: Element | null;
  /** What it says, on one line; '' when it says nothing, or too much to be a name. */
  text: string;
}

/** Looks at an element. */
export function pointAt(element: Element): Pointed {
  const said = (element instanceof HTMLInputElement ? element.value : (element.textContent ?? ''))
    .replace(/\s+/g, ' ')
    .trim();
  return { element, form: element.closest('form'), text: said.length > TEXT_CHARACTERS ? '' : said };
}

/** The ways that make sense for it. */
export function kindsOf({ form, text }: Pointed): Kind[] {
  return KINDS.filter((kind) => (kind !== 'text_click' || text !== '') && (kind !== 'form_submit' || form !== null));
}

/** The one that is meant most likely. */
export function likelyKind({ element, form }: Pointed): Kind {
  const type = element.getAttribute('type') ?? (element.localName === 'button' ? 'submit' : '');
  if (form !== null && (type === 'submit' || !/^(a|button|summary)$/.test(element.localName))) return 'form_submit';
  return 'element_click';
}

/** Selectors to choose from; a text needs none. */
export function proposalsFor({ element, form }: Pointed, kind: Kind): Proposal[] {
  return kind === 'text_click' ? [] : proposeSelectors(kind === 'form_submit' && form !== null ? form : element);
}

/** The trigger as the API takes it. */
export function triggerFor(kind: Kind, { selector, text }: { selector: string; text: string }): Trigger {
  switch (kind) {
    case 'text_click':
      return { type: kind, text, match: 'equals', case_sensitive: false };
    case 'element_visible':
      return { type: kind, selector, ...VISIBLE };
    default:
      return { type: kind, selector };
  }
}

const DEEDS: Readonly<Record<Kind, string>> = {
  element_click: 'Clicked',
  text_click: 'Clicked',
  form_submit: 'Sent',
  element_visible: 'Saw',
};

/** A name to begin with. */
export function proposedName({ element, text }: Pointed, kind: Kind): string {
  const said = text || element.getAttribute('aria-label');
  return `${DEEDS[kind]} ${said ? `“${said}”` : element.id || element.localName}`;
}
