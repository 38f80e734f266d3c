/** What pages may call. */
import type { Properties } from '../core/event.ts';
import type { TrackProperties } from './track.ts';

/** What a listener to events gets: one that is on its way. */
export interface RecordedEvent {
  /** The id it keeps through every retry. */
  id: string;
  /** The page's own name, or `$pageview`, `$click` and the like. */
  name: string;
  /** Address of the view, redacted. */
  url: string;
  /** Money as the page gave it. */
  amount?: string | number;
  currency?: string;
  order_id?: string;
  properties?: Properties;
}

/** What a listener to conversions gets: the event that met a goal, with the amount that the goal reads from the page, if it does. */
export interface Conversion extends RecordedEvent {
  /** Goal id. */
  goal: string;
}

/** What a listener gets, by kind. */
export interface Notices {
  conversion: Conversion;
  event: RecordedEvent;
  /** What `track` or `page` was given and could not be taken: `bad_name`, `bad_amount` or `bad_property`. */
  drop: { reason: string; name?: unknown; key?: string };
}

/** Event names and their properties; extend it by declaration merging to have `track` checked. */
export interface TrackedEvents {
  [name: string]: TrackProperties;
}

/** The tracker as pages see it. Nothing here ever throws. */
export interface Tracker {
  /** Records a custom event; gives its id, or undefined when it was not taken. */
  track<N extends keyof TrackedEvents & string>(name: N, properties?: TrackedEvents[N]): string | undefined;
  track<N extends keyof TrackedEvents & string>(
    name: N,
    amount?: number | string | null,
    properties?: TrackedEvents[N],
  ): string | undefined;
  /** Records a virtual view. */
  page(url?: string | null, properties?: Properties | null): void;
  /** Names the visitor, with `store: 'local'` only; null forgets. */
  identify(id: string | null): void;
  /** The visitor's id, with `store: 'local'` only. */
  visitorId(): string | undefined;
  /** Grants or denies; denying forgets what was not delivered. */
  consent(isGranted: boolean): void;
  /** The visitor does not want to be counted in this browser, now and later. */
  optOut(): void;
  optIn(): void;
  /** Calls the listener until the function returned is called. */
  on<K extends keyof Notices>(kind: K, listener: (notice: Notices[K]) => void): () => void;
  /** Loads the debugger and tells, per goal, whether it is armed and met, and why. */
  explain(): Promise<unknown>;
  /** Sends what waits; settles when it was answered or failed. */
  flush(): Promise<unknown>;
  /** Ends everything until `optIn()` or `consent(true)`. */
  stop(): void;
}
