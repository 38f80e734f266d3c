/** Sessions that only the event store remembers, brought back into memory when an event may belong to one. */
import type { CheckedEvent } from '../../core/check-event.ts';
import { RECENT_MEMORY_MS, SESSION_IDLE_MS } from '../../core/limits.ts';
import type { EventStore } from '../store/event-store.ts';
import { type Identity, identifiedVisitor } from './identity.ts';
import type { RecentMemory } from './recent-memory.ts';
import type { DimensionReader } from './session-dimensions.ts';
import type { SessionMemory } from './session-memory.ts';

const DAY_MS = 86_400_000;
/** Views older than this are not looked for after a restart. */
const RESTORE_VIEWS_MS = 2 * 3_600_000;

/** What sessions are brought back from, and into. */
export interface EarlierSessionsOptions {
  store: Pick<EventStore, 'recentSessions' | 'recentViews' | 'recentEngagement' | 'visitorSessions'>;
  memory: SessionMemory;
  recent: RecentMemory;
  dimensions: DimensionReader;
  identity: Identity;
}

/** Whose sessions of a site are to be looked up, and when they lay. */
interface Question {
  visitors: Set<string>;
  from_ms: number;
  to_ms: number;
  /** Resolves when the sessions are in memory. */
  answered: Promise<void>;
}

/** Fills the session memory from the store. */
export class EarlierSessions {
  readonly #options: EarlierSessionsOptions;
  /** By site, the question that waits for the one being asked: a crowd of senders is asked for together. */
  readonly #waiting = new Map<number, Question>();
  /** By site, the end of the question being asked. */
  readonly #asked = new Map<number, Promise<void>>();

  constructor(options: EarlierSessionsOptions) {
    this.#options = options;
  }

  /** After a start: sessions that were alive when the last run ended go on. */
  async restore(now_ms: number): Promise<void> {
    const { store, memory, recent, dimensions, identity } = this.#options;
    const sessions = await store.recentSessions(now_ms - RESTORE_VIEWS_MS - SESSION_IDLE_MS);
    const views = await store.recentViews(now_ms - RESTORE_VIEWS_MS);
    const midnight_ms = now_ms - (now_ms % DAY_MS);
    for (const { start_ms, end_ms } of sessions) if (start_ms < midnight_ms) identity.keepYesterday(end_ms);
    memory.restore({ sessions, views }, dimensions, now_ms);
    // A browser that never heard the answer sends it again; its time must not be added twice.
    for (const { site, id } of await store.recentEngagement(now_ms - RECENT_MEMORY_MS)) {
      recent.noteEvent(id, { site, now_ms });
    }
  }

  /** Before events of a server are taken, which may be a month old: the sessions their visitors had then. */
  async recall(site: number, events: readonly CheckedEvent[], now_ms: number): Promise<void> {
    const visitors = new Set<string>();
    let from_ms = Number.POSITIVE_INFINITY;
    let to_ms = Number.NEGATIVE_INFINITY;
    for (const checked of events) {
      if ('drop' in checked || checked.event.source !== 'server' || checked.event.visitor_id === undefined) continue;
      const { time_ms, visitor_id } = checked.event;
      const visitor = identifiedVisitor(site, visitor_id);
      if (this.#options.memory.covers(visitor, time_ms)) continue;
      visitors.add(visitor);
      from_ms = Math.min(from_ms, time_ms - SESSION_IDLE_MS);
      to_ms = Math.max(to_ms, time_ms + SESSION_IDLE_MS);
    }
    if (visitors.size > 0) await this.#ask(site, { visitors, from_ms, to_ms }, now_ms);
  }

  /** Asks at once when no question of the site is being asked, else together with all that come until that is answered. */
  #ask(site: number, asked: Omit<Question, 'answered'>, now_ms: number): Promise<void> {
    const waiting = this.#waiting.get(site);
    if (waiting !== undefined) {
      for (const visitor of asked.visitors) waiting.visitors.add(visitor);
      waiting.from_ms = Math.min(waiting.from_ms, asked.from_ms);
      waiting.to_ms = Math.max(waiting.to_ms, asked.to_ms);
      return waiting.answered;
    }
    const before = this.#asked.get(site) ?? Promise.resolve();
    const question: Question = { ...asked, answered: before.then(() => this.#answer(site, question, now_ms)) };
    this.#waiting.set(site, question);
    return question.answered;
  }

  /** Looks the sessions up; whoever comes meanwhile waits for the next time. */
  async #answer(site: number, question: Question, now_ms: number): Promise<void> {
    const { store, memory, dimensions } = this.#options;
    this.#waiting.delete(site);
    const { visitors, from_ms, to_ms } = question;
    const found = store.visitorSessions({ site, visitors: [...visitors], from_ms, to_ms });
    const ended = found.then(
      () => undefined,
      () => undefined,
    );
    this.#asked.set(site, ended);
    try {
      memory.restore({ sessions: await found, views: [] }, dimensions, now_ms);
    } finally {
      if (this.#asked.get(site) === ended) this.#asked.delete(site);
    }
  }
}
