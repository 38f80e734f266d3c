/** Whose an event is: its visitor, and the session it joins or opens. */
import { type Identity, identifiedSession, identifiedVisitor, type Sender, sessionOf } from './identity.ts';
import type { DimensionReader } from './session-dimensions.ts';
import { reaches, type Session, type SessionMemory, type SessionQuery } from './session-memory.ts';
import type { Sighting } from './sighting.ts';

/** Events that tell of a view and are no traffic themselves: they open no session and extend none. */
const ATTACHED: ReadonlySet<string> = new Set(['$engagement', '$diagnostic']);

/** Whose an event is; '' is unknown. */
export interface Belonging {
  visitor: string;
  session: Session | undefined;
  identified: boolean;
}

/** What sessions are found with. */
export interface SessionFinderOptions {
  memory: SessionMemory;
  identity: Identity;
  dimensions: DimensionReader;
}

/** Joins events to sessions. */
export class SessionFinder {
  readonly #memory: SessionMemory;
  readonly #identity: Identity;
  readonly #dimensions: DimensionReader;

  constructor(options: SessionFinderOptions) {
    this.#memory = options.memory;
    this.#identity = options.identity;
    this.#dimensions = options.dimensions;
  }

  /** undefined: engagement of a view that nobody remembers. Throws `overloaded` when there is no salt. */
  find(sighting: Sighting): Belonging | undefined {
    const { event, site, requester, view } = sighting;
    if (event.source === 'server') return this.#ofServer(sighting);
    // The view of an event that was never seen is not remembered either.
    const beginsView = view === sighting.id && !sighting.repeated;
    const ofView = view === '' || beginsView ? undefined : this.#memory.sessionOfView(site, view);
    if (ATTACHED.has(event.name)) {
      if (ofView) return belonging(ofView);
      return event.name === '$engagement' ? undefined : NOBODY;
    }
    const session =
      ofView && ofView.test === sighting.test && reaches(ofView, event.time_ms) ? ofView : this.#ofVisitor(sighting);
    this.#memory.extend(session, event.time_ms);
    if (!ofView && view !== '') this.#memory.keepView(view, session, requester.received_ms);
    return belonging(session);
  }

  /** Server events join the session their visitor has at that time; they open none. */
  #ofServer({ event, site, page, test }: Sighting): Belonging {
    if (event.visitor_id === undefined) return NOBODY;
    const visitor = identifiedVisitor(site, event.visitor_id);
    const session = this.#memory.find({
      visitor,
      time_ms: event.time_ms,
      campaign: '',
      test: page && test,
      session: '',
    });
    if (session) this.#memory.extend(session, event.time_ms);
    return { visitor, session, identified: true };
  }

  #ofVisitor(sighting: Sighting): Session {
    const { event, site, requester, page } = sighting;
    const now_ms = requester.received_ms;
    const identified = event.visitor_id !== undefined;
    const sender: Sender = { site, address: requester.address, user_agent: requester.user_agent };
    const visitor = identified ? identifiedVisitor(site, event.visitor_id!) : this.#identity.visitor(sender, now_ms);
    // A session's id is worth something only beside a visitor's: without one the visitor changes at midnight.
    const named = identified && event.session_id !== undefined ? identifiedSession(visitor, event.session_id) : '';
    const campaign = page?.campaign_key ?? '';
    const query = { visitor, time_ms: event.time_ms, campaign, test: sighting.test, session: named };
    const found = this.#memory.find(query) ?? (identified ? undefined : this.#ofYesterday(query, { sender, now_ms }));
    if (found) return found;
    const session: Session = {
      id: named !== '' && !this.#memory.has(visitor, named) ? named : sessionOf(visitor, sighting.id),
      visitor,
      site,
      identified,
      bot: sighting.bot,
      test: sighting.test,
      campaign,
      kept: this.#dimensions.read(sighting),
      start_ms: event.time_ms,
      end_ms: event.time_ms,
      engaged_ms: 0,
      next: undefined,
    };
    this.#memory.keep(session, now_ms);
    return session;
  }

  /** Midnight UTC changes the salt and must cut no session. */
  #ofYesterday(
    query: Omit<SessionQuery, 'visitor'>,
    { sender, now_ms }: { sender: Sender; now_ms: number },
  ): Session | undefined {
    const visitor = this.#identity.yesterdaysVisitor(sender, now_ms);
    const session = visitor === undefined ? undefined : this.#memory.find({ ...query, visitor });
    if (session) this.#identity.keepYesterday(now_ms);
    return session;
  }
}

const NOBODY: Belonging = Object.freeze({ visitor: '', session: undefined, identified: false });

function belonging(session: Session): Belonging {
  return { visitor: session.visitor, session, identified: session.identified };
}
