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

/** Fills the session memory from the store. */
export class EarlierSessions {
  readonly #options: EarlierSessionsOptions;

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
    const { store, memory, dimensions } = this.#options;
    const visitors = new Set<string>();
    let from_ms = Number.POSITIVE_INFINITY;
    let to_ms = Number.NEGATIVE_INFINITY;
    for (const checked of events) {
      if ('drop' in checked || checked.event.source !== 'server' || checked.event.visitor_id === undefined) continue;
      const { time_ms, visitor_id } = checked.event;
      const visitor = identifiedVisitor(site, visitor_id);
      if (memory.covers(visitor, time_ms)) continue;
      visitors.add(visitor);
      from_ms = Math.min(from_ms, time_ms - SESSION_IDLE_MS);
      to_ms = Math.max(to_ms, time_ms + SESSION_IDLE_MS);
    }
    if (visitors.size === 0) return;
    const sessions = await store.visitorSessions({ site, visitors: [...visitors], from_ms, to_ms });
    memory.restore({ sessions, views: [] }, dimensions, now_ms);
  }
}
