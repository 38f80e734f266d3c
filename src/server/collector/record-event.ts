/** One checked event on its way into the journal: whose it is, what it counts as, and the line that is kept of it. */
import type { DropReason } from '../../core/beacon.ts';
import type { GoalpostEvent } from '../../core/event.ts';
import { eventUuid } from '../../core/event-id.ts';
import type { CompiledGoal } from '../../core/match-goal.ts';
import { encodeRow, type RowConversion } from '../store/event-row.ts';
import type { SessionDimensions } from '../store/event-store.ts';
import type { Requester } from './beacon-handler.ts';
import { buildRow } from './build-row.ts';
import { type ConversionCounter, md5 } from './count-conversions.ts';
import type { Belonging, SessionFinder } from './find-session.ts';
import type { Geo } from './geo.ts';
import { type Page, pageOf } from './page-memory.ts';
import type { RecentMemory } from './recent-memory.ts';
import { NO_CAMPAIGN, originOf } from './source.ts';
import type { SiteTraffic } from './traffic.ts';
import { readUserAgent, type UserAgent } from './user-agent.ts';

/** What the events of one request share. */
export interface Visit {
  traffic: SiteTraffic;
  requester: Requester;
  agent: UserAgent;
  /** Plan revision the sender decided with. */
  revision: number;
}

/** What became of one event. */
export interface Recorded {
  event: GoalpostEvent;
  /** The record; '' when the event is not kept. */
  line: string;
  /** What the answer says; of a kept event, what did not count of it. */
  drops: readonly DropReason[];
  conversions: readonly RowConversion[];
}

/** What events are recorded with. */
export interface EventRecorderOptions {
  finder: SessionFinder;
  counter: ConversionCounter;
  recent: RecentMemory;
  geo: Geo;
}

const NO_GOALS: readonly CompiledGoal[] = [];
const BOT: readonly DropReason[] = ['bot'];
const NO_CONVERSIONS: readonly RowConversion[] = [];

/** Turns events into records. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Reads the sender once for all events of a request. */
  visit(traffic: SiteTraffic, { requester, revision }: { requester: Requester; revision: number }): Visit {
    return { traffic, requester, agent: readUserAgent(requester.user_agent), revision };
  }

  /** Throws `overloaded` when there is no salt; nothing else. */
  record(event: GoalpostEvent, visit: Visit): Recorded {
    const { traffic, requester } = visit;
    const page = event.url === undefined ? undefined : pageOf(event.url);
    const refusal = refusalOf(event, visit, page);
    if (refusal) return dropped(event, refusal);
    const id = eventUuid(event.id, md5);
    const view = event.view_id === undefined ? '' : eventUuid(event.view_id, md5);
    const test = page !== undefined && traffic.rules.isTestHost(page.url.host);
    const bot = event.source === 'browser' && visit.agent.bot;
    const belonging = this.#options.finder.find({
      event,
      event_id: id,
      view,
      site: traffic.site.number,
      requester,
      page,
      bot,
      test,
      dimensions: () => this.#dimensionsOf(event, visit, page),
    });
    if (!belonging) return dropped(event, 'unknown_view');
    const repeated = this.#options.recent.noteEvent(`${traffic.site.number} ${id}`, requester.received_ms);
    const row = {
      event,
      site: traffic.site.number,
      id,
      view,
      action: event.action_id === undefined ? '' : eventUuid(event.action_id, md5),
      received_ms: requester.received_ms,
      page,
      belonging,
      bot,
      test,
    };
    const reached =
      repeated || event.engaged_ms === undefined ? NO_GOALS : reachedGoals(event.engaged_ms, belonging, traffic);
    const { conversions, drops } = this.#options.counter.count({ ...row, traffic, revision: visit.revision, reached });
    return {
      event,
      line: encodeRow(buildRow({ ...row, conversions })),
      drops: bot && traffic.site.bots === 'exclude' ? BOT : repeated ? ['duplicate'] : drops,
      conversions: bot || repeated ? NO_CONVERSIONS : conversions,
    };
  }

  #dimensionsOf(event: GoalpostEvent, visit: Visit, page: Page | undefined): SessionDimensions {
    const { traffic, requester, agent } = visit;
    const place = this.#options.geo.placeOf(requester.address);
    const origin = originOf(page?.campaign ?? NO_CAMPAIGN, event.referrer ?? '', (host) =>
      traffic.rules.isOwnHost(host),
    );
    return {
      referrer: origin.referrer,
      source: origin.source,
      referrer_host: origin.referrer_host,
      utm_source: origin.utm_source,
      utm_medium: origin.utm_medium,
      utm_campaign: origin.utm_campaign,
      utm_term: origin.utm_term,
      utm_content: origin.utm_content,
      country: place.country,
      region: place.region,
      city: place.city,
      language: event.language ?? '',
      browser: agent.browser,
      os: agent.os,
      device: agent.device,
    };
  }
}

/** Why an event is not kept at all. Servers are believed where they say an event happened. */
function refusalOf(
  event: GoalpostEvent,
  { traffic: { rules } }: Visit,
  page: Page | undefined,
): DropReason | undefined {
  if (event.source === 'server') return undefined;
  if (!page) return event.url === undefined ? undefined : 'bad_url';
  if (!rules.allowsHost(page.url.host)) return 'foreign_host';
  return rules.excludesPath(page.subjects) ? 'excluded_path' : undefined;
}

function dropped(event: GoalpostEvent, reason: DropReason): Recorded {
  return { event, line: '', drops: [reason], conversions: NO_CONVERSIONS };
}

/** Adds visible time up; goals over a session are met by the event that crosses their threshold. */
function reachedGoals(engaged_ms: number, { session }: Belonging, traffic: SiteTraffic): readonly CompiledGoal[] {
  if (!session) return NO_GOALS;
  const before_ms = session.engaged_ms;
  session.engaged_ms += engaged_ms;
  return traffic.goals.reachedBetween(before_ms, session.engaged_ms);
}
