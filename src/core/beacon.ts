/** The wire, version 1, accepted for ever: the shapes that travel. `check-event.ts` decodes them. */

export const WIRE_VERSION = 1;

/** One event on the wire. */
export interface BeaconEvent {
  /** Event id, UUIDv7. */
  i: string;
  /** Name: one of EVENT_NAMES or the page's own. */
  n: string;
  /** Age in ms at sending time, ≤ 0. */
  a: number;
  /** Id of the view's `$pageview` event (its own id on that event). */
  pv?: string;
  /** Id of the user action. */
  ac?: string;
  /** URL, redacted. */
  u?: string;
  /** Referrer, redacted. */
  f?: string;
  /** Document title. */
  d?: string;
  /** 1: a virtual view; absent on `$pageview`: a load. */
  vk?: 1;
  /** Goals the browser found met: id, or id with raw value and raw currency. */
  g?: (string | [string, string?, string?])[];
  /** Money as the page gave it: decimal string or number. */
  m?: string | number;
  /** Currency as the page gave it. */
  c?: string;
  /** Order id. */
  o?: string;
  p?: Record<string, string | number | boolean>;
  /** Visible milliseconds, on `$engagement`. */
  en?: number;
  /** Furthest scroll percentage, on `$engagement`. */
  sc?: number;
  /** An event from the outbox carries its own of these when the batch's differ. */
  vi?: string;
  si?: string;
  l?: string;
  w?: number;
  z?: string;
}

/** One batch. */
export interface Beacon {
  v: typeof WIRE_VERSION;
  /** Public key, id or domain of the site; when absent, the host of the first event's URL. */
  s: string;
  /** Sending time by the sender's clock, ms since 1970. */
  t: number;
  /** Plan revision the browser decided with; 0 when it had none. */
  r: number;
  e: BeaconEvent[];
  /** Visitor and session, only when the browser keeps them. */
  vi?: string;
  si?: string;
  /** Language, viewport width in CSS px, IANA zone. */
  l?: string;
  w?: number;
  z?: string;
}

/** Why an event was not taken, or not counted. */
export const DROP_REASONS = [
  'bot',
  'excluded_ip',
  'excluded_path',
  'foreign_host',
  /** No object, or no usable id. */
  'bad_event',
  'bad_url',
  'bad_name',
  'bad_amount',
  'duplicate',
  'duplicate_order',
  'already_counted',
  'unknown_goal',
  'goal_not_met',
  'too_old',
  'from_future',
  /** Engagement of a view that the collector does not remember. */
  'unknown_view',
  'internal',
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** One line of `dropped` in the answer. */
export interface Dropped {
  i: string;
  reason: DropReason;
}

/** The answer to a batch: every accepted event is on disk. */
export interface BeaconAnswer {
  ok: true;
  /** The site's current plan revision. */
  r: number;
  accepted: number;
  dropped: Dropped[];
}
