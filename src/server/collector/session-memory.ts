/** Sessions that are or may become active again, in memory: whose they are, what they span, which views they had. */
import {
  REMEMBERED_VIEWS,
  REMEMBERED_VISITORS,
  SESSION_IDLE_MS,
  SESSIONS_PER_VISITOR,
  VIEWS_CHARACTERS,
  VISITORS_CHARACTERS,
} from '../../core/limits.ts';
import type { StoredSession, StoredView } from '../store/event-store.ts';
import { GenerationMap } from './generation-map.ts';
import type { DimensionReader, KeptDimensions } from './session-dimensions.ts';
import { campaignKey } from './source.ts';

/** One visit. No two neighbouring events of it are more than SESSION_IDLE_MS apart, which statistics rely on. */
export interface Session {
  /** Unsigned 64-bit decimal. */
  readonly id: string;
  /** Unsigned 64-bit decimal. */
  readonly visitor: string;
  /** The site's number. */
  readonly site: number;
  /** The visitor's id is kept for ever. */
  readonly identified: boolean;
  readonly bot: boolean;
  /** Of somebody working on the site; their visits to the real site are other sessions. */
  readonly test: boolean;
  /** `campaignKey` of its first event. */
  readonly campaign: string;
  /** Of its first event. */
  readonly kept: KeptDimensions;
  /** Times of its first and last event, ms. */
  start_ms: number;
  end_ms: number;
  /** Visible time of its views so far, ms; what `time_spent` goals over a session are decided by. */
  engaged_ms: number;
  /** Another one of the visitor, kept later; a list without lists, because nearly all visitors have one. */
  next: Session | undefined;
}

/** A view stays known so long, and at most twice as long: a page may be read for hours before its engagement arrives. */
const VIEW_MS = 6 * 3_600_000;

/** What its texts take of memory; counted whole, though most sessions share theirs. */
const charactersOf = ({ campaign, kept }: Session): number => campaign.length + kept.encoded.length;

function charactersOfAll(first: Session): number {
  let sum = 0;
  for (let one: Session | undefined = first; one; one = one.next) sum += charactersOf(one);
  return sum;
}

/** Whether an event of that time can belong to the session. */
export function reaches(session: Session, time_ms: number): boolean {
  return time_ms >= session.start_ms - SESSION_IDLE_MS && time_ms <= session.end_ms + SESSION_IDLE_MS;
}

/** What a session is looked for by. */
export interface SessionQuery {
  visitor: string;
  time_ms: number;
  /** `campaignKey` of the event's page; '' joins any session. */
  campaign: string;
  /** undefined takes either kind. */
  test: boolean | undefined;
  /** Only this session will do, which the browser named; '' takes any. */
  session: string;
}

/** What the store knows of the time before a restart. */
export interface StoredSessions {
  sessions: readonly StoredSession[];
  views: readonly StoredView[];
}

/** Visitors' sessions and the sessions of views. */
export class SessionMemory {
  /** The first session that is kept of each. */
  readonly #visitors = new GenerationMap<Session>({
    entries: REMEMBERED_VISITORS,
    period_ms: SESSION_IDLE_MS,
    text: { characters: VISITORS_CHARACTERS, of: (_, first) => charactersOfAll(first) },
  });
  readonly #views = new GenerationMap<Session>(
    {
      entries: REMEMBERED_VIEWS,
      period_ms: VIEW_MS,
      text: { characters: VIEWS_CHARACTERS, of: (_, one) => charactersOf(one) },
    },
    { uuids: true },
  );

  /** How many visitors are remembered. */
  get visitors(): number {
    return this.#visitors.size;
  }

  /** How many views are remembered. */
  get views(): number {
    return this.#views.size;
  }

  /** Whether this visitor has been here lately. */
  knows(visitor: string): boolean {
    return this.#visitors.get(visitor) !== undefined;
  }

  /** Whether the visitor has a session of that id, at whatever time. */
  has(visitor: string, session: string): boolean {
    return this.#named(visitor, session) !== undefined;
  }

  #named(visitor: string, session: string): Session | undefined {
    let one = this.#visitors.get(visitor);
    while (one && one.id !== session) one = one.next;
    return one;
  }

  /** The visitor's session at that time: of those near enough the one that began last before it, else the next. */
  find(query: SessionQuery): Session | undefined {
    let best: Session | undefined;
    for (let session = this.#visitors.get(query.visitor); session; session = session.next) {
      if (!reaches(session, query.time_ms)) continue;
      if (!fits(session, query)) continue;
      if (!best || isCloser(session, best, query.time_ms)) best = session;
    }
    return best;
  }

  /** Keeps a new session. */
  keep(session: Session, now_ms: number): void {
    const first = this.#visitors.get(session.visitor);
    if (!first) {
      this.#visitors.add(session.visitor, session, now_ms);
      return;
    }
    let last = first;
    let earliest = first;
    let count = 2;
    for (; last.next; last = last.next, count += 1) if (last.next.end_ms < earliest.end_ms) earliest = last.next;
    last.next = session;
    this.#visitors.grow(charactersOf(session));
    if (count > SESSIONS_PER_VISITOR) this.#forget(earliest, first, now_ms);
  }

  /** Takes a session, that is not the last, out of the list that begins with `first`. */
  #forget(session: Session, first: Session, now_ms: number): void {
    if (session === first) {
      this.#visitors.set(first.visitor, first.next!, now_ms);
      return;
    }
    let before = first;
    while (before.next !== session) before = before.next!;
    before.next = session.next;
  }

  /** Extends a session by an event. */
  extend(session: Session, time_ms: number): void {
    if (time_ms > session.end_ms) session.end_ms = time_ms;
    else if (time_ms < session.start_ms) session.start_ms = time_ms;
  }

  /** The session of a view, if it is remembered. */
  sessionOfView(site: number, view: string): Session | undefined {
    const session = this.#views.get(view);
    return session?.site === site ? session : undefined;
  }

  /** Notes which session a view belongs to. */
  keepView(view: string, session: Session, now_ms: number): void {
    this.#views.set(view, session, now_ms);
  }

  /** Whether the visitor has a session that an event of that time can belong to. */
  covers(visitor: string, time_ms: number): boolean {
    for (let one = this.#visitors.get(visitor); one; one = one.next) if (reaches(one, time_ms)) return true;
    return false;
  }

  /** Fills the memory with what the store knew before a restart. */
  restore(known: StoredSessions, dimensions: DimensionReader, now_ms: number): void {
    const byId = new Map<string, Session>();
    for (const stored of known.sessions) {
      const known = this.#named(stored.visitor, stored.session);
      const session = known ?? fromStored(stored, dimensions.keep(stored.dimensions));
      byId.set(session.id, session);
      if (!known) this.keep(session, now_ms);
    }
    for (const view of known.views) {
      const session = byId.get(view.session);
      if (session) this.keepView(view.view, session, now_ms);
    }
  }
}

/** A browser that names its session has settled what a new campaign means. */
function fits(session: Session, query: SessionQuery): boolean {
  if (query.test !== undefined && session.test !== query.test) return false;
  if (query.session !== '') return session.id === query.session;
  return query.campaign === '' || query.campaign === session.campaign;
}

function isCloser(one: Session, other: Session, time_ms: number): boolean {
  const began = one.start_ms <= time_ms;
  if (began !== other.start_ms <= time_ms) return began;
  return began ? one.start_ms > other.start_ms : one.start_ms < other.start_ms;
}

function fromStored(stored: StoredSession, kept: KeptDimensions): Session {
  return {
    id: stored.session,
    visitor: stored.visitor,
    site: stored.site,
    identified: stored.identified,
    bot: stored.bot,
    test: stored.test,
    campaign: campaignKey(stored.dimensions),
    kept,
    start_ms: stored.start_ms,
    end_ms: stored.end_ms,
    engaged_ms: stored.engaged_ms,
    next: undefined,
  };
}
