/** One checked event on its way into the journal: whose it is, what it counts as, and the line that is kept of it. */
import type { DropReason } from '../../core/beacon.ts';
import type { GoalpostEvent } from '../../core/event.ts';
import { eventUuid } from '../../core/event-id.ts';
import type { CompiledGoal } from '../../core/match-goal.ts';
import { encodeRow, type RowConversion } from '../store/event-row.ts';
import type { Requester } from './beacon-handler.ts';
import { buildRow } from './build-row.ts';
import { type ConversionCounter, md5 } from './count-conversions.ts';
import type { Belonging, SessionFinder } from './find-session.ts';
import { type Page, pageOf } from './page-memory.ts';
import type { RecentMemory } from './recent-memory.ts';
import type { Session } from './session-memory.ts';
import type { Sighting } from './sighting.ts';
import type { SiteTraffic } from './traffic.ts';
import { readUserAgent, type UserAgent } from './user-agent.ts';

/** What the events of one request share. */
export interface Visit {
  traffic: SiteTraffic;
  requester: Requester;
  agent: UserAgent;
  /** Plan revision the sender decided with. */
  revision: number;
  /** The site leaves out whoever has this address. */
  excluded: boolean;
}

/** What became of one event. */
export interface Recorded {
  event: GoalpostEvent;
  /** The record; '' when the event is not kept. */
  line: string;
  /** What the answer says; of a kept event, what did not count of it. */
  drops: readonly DropReason[];
  conversions: readonly RowConversion[];
  /** Numbers of the goals it counts for, as far as recent memory knows. */
  goals: readonly number[];
  /** UUID under which recent memory noted the event now; '' when it did not, or had before. */
  noted: string;
  /** Whose visible time it added to, and how much; undefined for nobody's. */
  session: Session | undefined;
  engaged_ms: number;
}

/** What events are recorded with. */
export interface EventRecorderOptions {
  finder: SessionFinder;
  counter: ConversionCounter;
  recent: RecentMemory;
}

const NO_GOALS: readonly CompiledGoal[] = [];
const BOT: readonly DropReason[] = ['bot'];
const DUPLICATE: readonly DropReason[] = ['duplicate'];
const NO_CONVERSIONS: readonly RowConversion[] = [];
const NO_NUMBERS: readonly number[] = [];

/** Turns events into records. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Reads the sender once for all events of a request. */
  visit(traffic: SiteTraffic, { requester, revision }: { requester: Requester; revision: number }): Visit {
    const excluded = traffic.rules.excludesAddress(requester.address);
    return { traffic, requester, agent: readUserAgent(requester.user_agent), revision, excluded };
  }

  /** Throws `overloaded` when there is no salt; nothing else. */
  record(event: GoalpostEvent, visit: Visit): Recorded {
    const { traffic, requester } = visit;
    const page = event.url === undefined ? undefined : pageOf(event.url);
    const refusal = refusalOf(event, visit, page);
    if (refusal) return dropped(event, refusal);
    const id = eventUuid(event.id, md5);
    const site = traffic.site.number;
    const sighting: Sighting = {
      event,
      id,
      // A view is named after its event: one text serves both, in memory too.
      view: event.view_id === event.id ? id : event.view_id === undefined ? '' : eventUuid(event.view_id, md5),
      action: event.action_id === undefined ? '' : eventUuid(event.action_id, md5),
      page,
      traffic,
      site,
      requester,
      agent: visit.agent,
      revision: visit.revision,
      bot: event.source === 'browser' && visit.agent.bot,
      test: page !== undefined && traffic.rules.isTestHost(page.url.host),
      repeated: this.#options.recent.noteEvent(id, { site, now_ms: requester.received_ms }),
    };
    const belonging = this.#options.finder.find(sighting);
    if (belonging) return this.#keep(sighting, belonging);
    // What is not kept is not remembered either: sent again when its view is known, it is the first of its id.
    if (!sighting.repeated) this.#options.recent.forgetEvent(id);
    return dropped(event, 'unknown_view');
  }

  #keep(sighting: Sighting, belonging: Belonging): Recorded {
    const { event, traffic, bot, repeated } = sighting;
    const engaged_ms = repeated ? 0 : (event.engaged_ms ?? 0);
    const reached = engaged_ms === 0 ? NO_GOALS : reachedGoals(engaged_ms, belonging, traffic);
    const { conversions, drops, goals } = this.#options.counter.count(sighting, { belonging, reached });
    return {
      event,
      line: encodeRow(buildRow(sighting, { belonging, conversions }), belonging.session?.kept.encoded),
      drops: bot && traffic.site.bots === 'exclude' ? BOT : repeated ? DUPLICATE : drops,
      conversions: bot || repeated ? NO_CONVERSIONS : conversions,
      goals: bot || repeated ? NO_NUMBERS : goals,
      noted: repeated ? '' : sighting.id,
      session: belonging.session,
      engaged_ms,
    };
  }

  /** The record could not be written: its sender was told so and sends the event again, which is then the first. */
  takeBack({ noted, conversions, session, engaged_ms }: Recorded): void {
    if (noted === '') return;
    const { recent } = this.#options;
    recent.forgetEvent(noted);
    for (const { key } of conversions) recent.forgetConversion(key, noted);
    if (session) session.engaged_ms -= engaged_ms;
  }
}

/** Why an event is not kept at all. Servers are believed where they say an event happened. */
function refusalOf(
  event: GoalpostEvent,
  { traffic: { rules }, excluded }: Visit,
  page: Page | undefined,
): DropReason | undefined {
  if (event.source === 'server') return undefined;
  if (excluded) return 'excluded_ip';
  if (!page) return event.url === undefined ? undefined : 'bad_url';
  if (!rules.allowsHost(page.url.host)) return 'foreign_host';
  return rules.excludesPath(page.subjects) ? 'excluded_path' : undefined;
}

function dropped(event: GoalpostEvent, reason: DropReason): Recorded {
  return {
    event,
    line: '',
    drops: [reason],
    conversions: NO_CONVERSIONS,
    goals: NO_NUMBERS,
    noted: '',
    session: undefined,
    engaged_ms: 0,
  };
}

/** Adds visible time up; goals over a session are met by the event that crosses their threshold. */
function reachedGoals(engaged_ms: number, { session }: Belonging, traffic: SiteTraffic): readonly CompiledGoal[] {
  if (!session) return NO_GOALS;
  const before_ms = session.engaged_ms;
  session.engaged_ms += engaged_ms;
  return traffic.goals.reachedBetween(before_ms, session.engaged_ms);
}
