/** The goal model: what an owner wants visitors to do. JSON names as the native API has them. */

export const MATCH_OPERATORS = [
  'simple',
  'exact',
  'wildcard',
  'path',
  'regex',
  'contains',
  'starts_with',
  'ends_with',
  'domain',
  'group',
] as const;
export type MatchOperator = (typeof MATCH_OPERATORS)[number];

/** One condition on a URL. */
export interface UrlRule {
  match: MatchOperator;
  value: string;
  /** What is compared; by default `path` when the value starts with `/`, else `url`. */
  on?: 'url' | 'path';
  /** Set by the server when a `regex` was judged to be of the second degree: it sees SLOW_PATTERN_INPUT_CHARACTERS. */
  slow?: true;
}

export const TEXT_OPERATORS = ['equals', 'contains', 'starts_with', 'ends_with'] as const;
export type TextOperator = (typeof TEXT_OPERATORS)[number];

/** A page (load) or a route of a single-page application (virtual) is shown whose URL matches. */
export interface PageviewTrigger {
  type: 'pageview';
  url: UrlRule;
  view: 'any' | 'load' | 'virtual';
}
/** A link is activated; every condition given must hold. */
export interface LinkClickTrigger {
  type: 'link_click';
  href?: UrlRule;
  selector?: string;
  /** true: only links to other hosts; false or absent: any link. */
  outbound?: boolean;
}
/** An element matching the selector, or anything inside it, is clicked. */
export interface ElementClickTrigger {
  type: 'element_click';
  selector: string;
}
/** Something with this text is clicked. */
export interface TextClickTrigger {
  type: 'text_click';
  text: string;
  match: TextOperator;
  case_sensitive: boolean;
  /** A selector the clicked element must be inside of. */
  within?: string;
}
/** Proof that a submitted form succeeded, within CONFIRM_WAIT_MS of the submit. */
export type Confirm = { selector: string } | { url: UrlRule };
/** A form is submitted. */
export interface FormSubmitTrigger {
  type: 'form_submit';
  selector: string;
  confirm?: Confirm;
}
/** Visible and focused time reaches the threshold. */
export interface TimeSpentTrigger {
  type: 'time_spent';
  seconds: number;
  span: 'page' | 'session';
}
/** The furthest visible edge of the page passes the percentage. */
export interface ScrollDepthTrigger {
  type: 'scroll_depth';
  percent: number;
}
/** The element has been on screen to that ratio for that long. */
export interface ElementVisibleTrigger {
  type: 'element_visible';
  selector: string;
  /** 0-1; 0 means: appears in the document. */
  ratio: number;
  delay_ms: number;
}
/** The first click on, key press on or submit of an interactive element, per view. */
export interface EngagementTrigger {
  type: 'engagement';
}
/** A custom event of that name arrives. */
export interface EventTrigger {
  type: 'event';
  name: string;
  match: TextOperator;
  source: 'any' | 'browser' | 'server';
}
/** As `event`, expected to carry money. */
export interface RevenueTrigger {
  type: 'revenue';
  name: string;
  match: TextOperator;
  source: 'any' | 'browser' | 'server';
  /** ISO 4217; never changes once set. */
  currency?: string;
}

export type Trigger =
  | PageviewTrigger
  | LinkClickTrigger
  | ElementClickTrigger
  | TextClickTrigger
  | FormSubmitTrigger
  | TimeSpentTrigger
  | ScrollDepthTrigger
  | ElementVisibleTrigger
  | EngagementTrigger
  | EventTrigger
  | RevenueTrigger;
export type TriggerType = Trigger['type'];

export const TRIGGER_TYPES = [
  'pageview',
  'link_click',
  'element_click',
  'text_click',
  'form_submit',
  'time_spent',
  'scroll_depth',
  'element_visible',
  'engagement',
  'event',
  'revenue',
] as const satisfies readonly TriggerType[];

/** Triggers the collector decides by itself, whatever the browser says: a stale plan never loses such a conversion. */
export const COLLECTOR_TRIGGERS: readonly TriggerType[] = ['pageview', 'event', 'revenue'];

/** Where the money of a conversion comes from. `amount` is a decimal string. */
export type Value =
  | { mode: 'given'; currency?: string }
  | { mode: 'none' }
  | { mode: 'fixed'; amount: string; currency?: string }
  | { mode: 'property'; property: string; currency?: string }
  | { mode: 'element'; selector: string; attribute?: string; currency?: string }
  | { mode: 'data_layer'; path: string; currency_path?: string; currency?: string }
  | { mode: 'json_ld'; path: string; type?: string; currency?: string };
export const VALUE_MODES = [
  'given',
  'none',
  'fixed',
  'property',
  'element',
  'data_layer',
  'json_ld',
] as const satisfies readonly Value['mode'][];

/** How often one visitor, session or view may count. */
export const COUNT_RULES = ['every', 'once_per_page', 'once_per_session', 'once_per_visitor'] as const;
export type CountRule = (typeof COUNT_RULES)[number];

export const PURPOSES = ['sell', 'engage', 'generate'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Pages on which a trigger listens; no list means: everywhere. */
export interface Where {
  include?: UrlRule[];
  exclude?: UrlRule[];
}

/** What a request may say of a goal; checked and completed by `checkGoal`. */
export interface GoalDefinition {
  /** `[a-z0-9_:-]{1,64}`, unique among the site's undeleted goals. */
  key: string;
  name: string;
  /** Inactive goals are kept and not counted. */
  active: boolean;
  trigger: Trigger;
  value: Value;
  where: Where;
  /** Exact filters, compared with `String(property)`. */
  properties: Record<string, string>;
  count: CountRule;
  purpose: Purpose;
  description: string;
  /** What only one dialect has, by the dialect's name. */
  foreign: Record<string, Record<string, unknown>>;
}

/** A stored goal. */
export interface Goal extends GoalDefinition {
  /** `goal_` + 21 of `[0-9a-z]`. */
  id: string;
  /** Unique in the installation; dialects with integer ids use it, and so does the event store. */
  number: number;
  site_id: string;
  /** Grows by one with every change; every conversion records the version that counted it. */
  version: number;
  /** The set of conversion rows statistics read; grows when a changed definition was applied to the past. */
  generation: number;
  /** Milliseconds since 1970 UTC. */
  created_at: number;
  updated_at: number;
  /** null while the goal exists. */
  deleted_at: number | null;
}
