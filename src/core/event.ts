/** Facts: what an event is once it has been checked, before anything is known of who sent it. */

/** Names the tracker itself gives; the page's own never begin with `$`. */
export const EVENT_NAMES = [
  '$pageview',
  '$click',
  '$submit',
  '$time',
  '$scroll',
  '$visible',
  '$engagement',
  '$diagnostic',
] as const;

export type PropertyValue = string | number | boolean;
export type Properties = Record<string, PropertyValue>;

/** A goal the browser found met, with what it read as the value, unparsed. */
export interface MetGoal {
  goal_id: string;
  raw_amount?: string;
  raw_currency?: string;
}

/** A checked event, from a browser, a server or a dialect. */
export interface GoalpostEvent {
  /** Made once and kept through every retry: a UUIDv7 from the tracker, any string ≤ 128 characters from servers. */
  id: string;
  name: string;
  /** Event time, ms since 1970 UTC, corrected for the sender's clock. */
  time_ms: number;
  source: 'browser' | 'server';
  /** How the page came to be shown; on `$pageview` events only. */
  view_kind?: 'load' | 'virtual';
  /** Id of the view's `$pageview` event. */
  view_id?: string;
  /** Id of the user action that caused it. */
  action_id?: string;
  /** Redacted, absolute; absent on server events that gave none. */
  url?: string;
  referrer?: string;
  title?: string;
  goals: MetGoal[];
  /** Signed micro-units of `currency`. */
  amount_micros?: bigint;
  currency?: string;
  order_id?: string;
  properties: Properties;
  /** Visible milliseconds and furthest scroll percentage, on `$engagement` only. */
  engaged_ms?: number;
  scroll_percent?: number;
  /** Kept by the browser or named by the server; absent with the default identity. */
  visitor_id?: string;
  session_id?: string;
  language?: string;
  viewport_px?: number;
  timezone?: string;
}
