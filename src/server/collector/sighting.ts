/** An event and everything that is known of the moment it arrived; made once and handed from step to step. */
import type { GoalpostEvent } from '../../core/event.ts';
import type { Requester } from './beacon-handler.ts';
import type { Page } from './page-memory.ts';
import type { SiteTraffic } from './traffic.ts';
import type { UserAgent } from './user-agent.ts';

/** Looked at by who finds its session, who counts its goals and who writes its row. */
export interface Sighting {
  event: GoalpostEvent;
  /** UUIDs of the event, its view and its action; '' for none. */
  id: string;
  view: string;
  action: string;
  page: Page | undefined;
  traffic: SiteTraffic;
  /** The site's number. */
  site: number;
  requester: Requester;
  agent: UserAgent;
  /** Plan revision the sender decided with. */
  revision: number;
  bot: boolean;
  /** On a developer's machine. */
  test: boolean;
  /** Noted before, within recent memory. */
  repeated: boolean;
}
