/** What every engine for events must do. One contract suite (`test/contract`) runs against each of them. */
import type { DropReason } from '../../core/beacon.ts';
import type { CountRule } from '../../core/goal.ts';
import type { SqlWords } from './sql-words.ts';

/** A sealed journal segment: a file of `encodeRow` lines. */
export interface Segment {
  /** `<collector>-<n>`; a segment is applied once for ever. */
  id: string;
  path: string;
  /** Files of later segments that are applied with it. */
  others?: readonly string[];
}

/** What the drain decided not to take or not to count. */
export interface LoadDrop {
  /** The site's number. */
  site: number;
  /** Id of the event. */
  id: string;
  reason: Extract<DropReason, 'duplicate' | 'duplicate_order' | 'already_counted'>;
  /** The goal's number; absent when the whole event was a duplicate. */
  goal?: number;
}

/** What one segment did. */
export interface LoadReport {
  /** false: this segment had been applied before, nothing was done. */
  applied: boolean;
  /** Events inserted. */
  events: number;
  /** Conversion rows gained (replacements excepted). */
  conversions: number;
  /** Counts by reason and site. */
  dropped: { site: number; reason: LoadDrop['reason']; count: number }[];
  /** At most 1,000 of them, for the live view. */
  drops: LoadDrop[];
}

/** A session as the session memory needs it after a restart. */
export interface StoredSession {
  site: number;
  session: string;
  visitor: string;
  start_ms: number;
  end_ms: number;
  /** What the rows of this session carry; '' means unknown. */
  dimensions: SessionDimensions;
  identified: boolean;
  bot: boolean;
  /** Events of one session are all tests or none. */
  test: boolean;
  /** Visible time that its engagement events told of, ms. */
  engaged_ms: number;
}

/** The columns that belong to a session and are repeated on its events and conversions. */
export const SESSION_DIMENSIONS = [
  'referrer',
  'source',
  'referrer_host',
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_term',
  'utm_content',
  'country',
  'region',
  'city',
  'language',
  'browser',
  'os',
  'device',
] as const;
export type SessionDimension = (typeof SESSION_DIMENSIONS)[number];
export type SessionDimensions = Record<SessionDimension, string>;

/** Whose sessions, and when; the interval is closed. */
export interface VisitorSessionsQuery {
  site: number;
  visitors: readonly string[];
  from_ms: number;
  to_ms: number;
}

/** A view and the session it belongs to. */
export interface StoredView {
  site: number;
  view: string;
  session: string;
  visitor: string;
  ts: number;
}

/** A value in a parameter or an answer. 64-bit integers beyond 2^53 travel as decimal strings. */
export type StoreValue = string | number | boolean | null;

/** Money going back for an order. */
export interface RefundCommand {
  site: number;
  order_id: string;
  refund_id: string;
  /** Positive micro-units, at most what is left of a goal; absent: all that is left. */
  amount?: bigint;
  /** Goals by number with the generation statistics read; only those are touched. */
  goals: { goal: number; generation: number }[];
  now_ms: number;
  /** The conversion key of a refund for one goal (core `conversionKey` with scope `r:<order>:<refund_id>`). */
  keyOf: (goal: number, generation: number) => string;
}

/** One refund row that was made, or had been made by the same refund id before. */
export interface RefundRow {
  goal: number;
  generation: number;
  /** Negative micro-units. */
  amount: string;
  currency: string;
  ts: number;
}

/** What an erasure or retention job removed. */
export interface EraseReport {
  events: number;
  conversions: number;
  sessions: number;
}

/** Whose data an erasure or an export is about. */
export type Subject = { site: number; visitor: string } | { site: number; order_id: string };

/** A distinct combination of what a goal's rules can see of events. */
export interface PastTuple {
  name: string;
  url: string;
  view_kind: 'load' | 'virtual' | '';
  origin: 'browser' | 'server';
  /** Micro-units as a decimal string; '' when there is none, or it does not matter. */
  amount: string;
  currency: string;
  /** JSON object; '' when there is none, or it does not matter. */
  props: string;
}

/** A goal that a stretch of the past is searched for. */
export interface BackfillGoal {
  goal: number;
  generation: number;
  version: number;
  /** Only events of this name can match; absent: any. */
  name?: string;
  /** What the goal's rules and value look at besides; what they do not look at is not told apart. */
  sees: { properties: boolean; amount: boolean };
  /** Judges a combination (core `decideGoal`); undefined is no conversion. */
  judge: (tuple: PastTuple) => { amount?: bigint | undefined; currency?: string | undefined } | undefined;
  count: CountRule;
  /** Text before the scope in what a conversion key is the MD5 of (core `conversionKeyPrefix`). */
  key_prefix: string;
}

/** One stretch of the past, at most a day, and the goals it is searched for. */
export interface BackfillChunk {
  site: number;
  /** Half-open interval of event time, ms. */
  from_ms: number;
  to_ms: number;
  /** Only events received before this are the past; from it on the drain writes the new generation itself. */
  received_before_ms: number;
  goals: readonly BackfillGoal[];
}

/** What one transaction did of a chunk. */
export interface BackfillReport {
  /** How many of the chunk's goals, from the first on; at least one. The rest is for the next. */
  goals: number;
  /** Conversions gained. */
  conversions: number;
}

/** How much there is on disk. */
export interface StoreSizes {
  events: number;
  conversions: number;
  sessions: number;
  bytes: number;
}

/** Which events `eraseEvents` removes; every member given must hold. */
export interface EventCondition {
  site: number;
  name?: string;
  visitor?: string;
  /** Half-open interval of event time, ms. */
  from_ms?: number;
  to_ms?: number;
}

/** The data plane. Every engine implements all of it; errors are Problems, `overloaded` when it is behind. */
export interface EventStore {
  /** What the engine says in its own way, for texts given to `query`. */
  readonly words: SqlWords;
  /** Creates or migrates the tables. A schema newer than the program knows is refused in words. */
  open(): Promise<void>;
  /** Lets running work end, then closes. */
  close(): Promise<void>;
  /** Applies a sealed segment exactly once, whole or not at all. One at a time. */
  load(segment: Segment): Promise<LoadReport>;
  /** Reads, at most STATISTICS_AT_ONCE at once; the rest queue, and past that `overloaded`. `$1`… stand for params. */
  query<T>(text: string, params: readonly StoreValue[]): Promise<T[]>;
  /** Sessions with an event at or after that time, the latest ones when there are more than can be remembered. */
  recentSessions(since_ms: number): Promise<StoredSession[]>;
  /** Sessions of some visitors that overlap an interval: those a back-dated event may belong to. */
  visitorSessions(query: VisitorSessionsQuery): Promise<StoredSession[]>;
  /** Views shown at or after that time, the latest ones when there are more than can be remembered. */
  recentViews(since_ms: number): Promise<StoredView[]>;
  /** Engagement received at or after that time, by UUID: its visible time is part of its session's already. */
  recentEngagement(since_ms: number): Promise<{ site: number; id: string }[]>;
  /** Whether anything of this visitor is stored. */
  knowsVisitor(site: number, visitor: string): Promise<boolean>;
  /** A negative row per goal that counted the order; the same refund id again answers the same rows. Throws `unknown_order`, `refund_exceeds`. */
  refund(command: RefundCommand): Promise<RefundRow[]>;
  /** Applies goals, as many as one transaction can do, to one day of the past; may be repeated. */
  backfill(chunk: BackfillChunk): Promise<BackfillReport>;
  /** Copies to a generation the refunds of its orders from older ones; may be repeated. Answers how many. */
  carryRefunds(goal: number, generation: number): Promise<number>;
  /**
   * Removes a goal's rows of generations older than that one. Refunds that it does not have stay: no event tells of them,
   * and their orders may count again.
   */
  purgeGenerations(goal: number, keep: number): Promise<number>;
  /** Removes a goal's conversions that test traffic made. */
  eraseTest(site: number, goal: number): Promise<number>;
  /** Removes everything of a visitor or an order. */
  erase(subject: Subject): Promise<EraseReport>;
  /** Removes events of one name (of a visitor, within a time): what the DataFast dialect deletes by. At least one condition. */
  eraseEvents(condition: EventCondition): Promise<EraseReport>;
  /** Retention: removes a site's events before that time. */
  eraseBefore(site: number, before_ms: number): Promise<EraseReport>;
  /** Bots are kept apart and only for a while. */
  eraseBots(before_ms: number): Promise<EraseReport>;
  /** Every stored event and conversion of a visitor or order, in order of time. */
  exportSubject(
    subject: Subject,
  ): Promise<{ events: Record<string, StoreValue>[]; conversions: Record<string, StoreValue>[] }>;
  /** Writes a snapshot into a folder while running; loading goes on meanwhile. */
  backup(folder: string): Promise<void>;
  /** Fills an empty store from a snapshot. */
  restore(folder: string): Promise<void>;
  sizes(): Promise<StoreSizes>;
}
