/** Where every event enters, from beacons, servers and dialects alike: recorded, journalled, then acknowledged. */
import type { Dropped, DropReason } from '../../core/beacon.ts';
import type { CheckedEvent } from '../../core/check-event.ts';
import type { GoalpostEvent } from '../../core/event.ts';
import { JOURNAL_BACKLOG_BYTES } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { Answered, Requester } from './beacon-handler.ts';
import { addressBlock } from './client-address.ts';
import type { Drain } from './drain.ts';
import type { Journal } from './journal.ts';
import type { EventRecorder, Recorded, Visit } from './record-event.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { SiteTraffic } from './traffic.ts';

/** What one request brings. */
export interface Delivery {
  traffic: SiteTraffic;
  requester: Requester;
  /** Plan revision the sender decided with; 0 when it had none. */
  revision: number;
  events: readonly CheckedEvent[];
}

/** What an acknowledged request did; for counters and the live view. */
export interface Outcome {
  site: number;
  received_ms: number;
  /** Kept, bots excepted. */
  accepted: { event: GoalpostEvent; goals: readonly number[] }[];
  /** With the event, if it could be read: whoever looks wants to know on which page. */
  dropped: (Dropped & { event?: GoalpostEvent })[];
}

/** What an intake works with. */
export interface IntakeOptions {
  journal: Journal;
  drain: Drain;
  recorder: EventRecorder;
  /** undefined: no limits. */
  buckets: TokenBuckets | undefined;
  /** Called after the answer was given. */
  onOutcome: (outcome: Outcome) => void;
  onFailure: (error: unknown) => void;
}

/** Reasons of events that are kept and yet not among the accepted. */
const KEPT_APART: ReadonlySet<DropReason> = new Set(['bot', 'duplicate']);

/** Answers after the sync that covers what was accepted. */
export class Intake {
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  /** Throws `suspended`, `rate_limited` or `overloaded`: then nothing of the request is looked at. */
  admit(traffic: SiteTraffic, { requester, events }: { requester: Requester; events: number }): void {
    const { site } = traffic;
    if (site.suspended) throw new Problem('suspended', 'The site is suspended and takes no events.');
    const { journal, drain, buckets } = this.#options;
    if (journal.openBytes + drain.backlogBytes > JOURNAL_BACKLOG_BYTES) {
      throw new Problem('overloaded', 'The event store is behind.', { retry_after_s: 10 });
    }
    if (!buckets || events === 0) return;
    const block = addressBlock(requester.address);
    const wait_s = buckets.take({ site: site.number, block, events, now_ms: requester.received_ms });
    if (wait_s > 0) throw new Problem('rate_limited', 'Too many events at once.', { retry_after_s: wait_s });
  }

  /** Records an admitted request. Throws `overloaded` when there is no salt. */
  take(delivery: Delivery, answered: Answered): void {
    const { traffic, requester } = delivery;
    const outcome: Outcome = {
      site: traffic.site.number,
      received_ms: requester.received_ms,
      accepted: [],
      dropped: [],
    };
    const { lines, kept } = this.#recordAll(delivery, outcome);
    // The first of two may not be on disk yet: an answer to the second acknowledges both.
    if (lines === '' && !outcome.dropped.some(({ reason }) => reason === 'duplicate')) {
      this.#answer(delivery, outcome, answered);
      return;
    }
    this.#options.journal.append(lines, (problem) => {
      if (!problem) return this.#answer(delivery, outcome, answered);
      this.#takeBack(kept);
      answered(problem, undefined);
    });
  }

  /** The lines of a request and what they were made of. Throws `overloaded` when there is no salt; then nothing is kept. */
  #recordAll(delivery: Delivery, outcome: Outcome): { lines: string; kept: Recorded[] } {
    const visit = this.#options.recorder.visit(delivery.traffic, delivery);
    const kept: Recorded[] = [];
    let lines = '';
    try {
      for (const one of delivery.events) {
        const recorded = this.#record(one, visit, outcome);
        if (!recorded || recorded.line === '') continue;
        lines += recorded.line;
        kept.push(recorded);
      }
    } catch (error) {
      this.#takeBack(kept);
      throw error;
    }
    return { lines, kept };
  }

  #takeBack(kept: readonly Recorded[]): void {
    for (const recorded of kept) this.#options.recorder.takeBack(recorded);
  }

  /** What is kept of the event, if anything; what is to be said of it goes into the outcome. */
  #record(checked: CheckedEvent, visit: Visit, outcome: Outcome): Recorded | undefined {
    if ('drop' in checked) {
      outcome.dropped.push({ i: checked.id, reason: checked.drop });
      return undefined;
    }
    const { event } = checked;
    let recorded: Recorded;
    try {
      recorded = this.#options.recorder.record(event, visit);
    } catch (error) {
      if (error instanceof Problem) throw error;
      this.#options.onFailure(error);
      outcome.dropped.push({ i: event.id, reason: 'internal', event });
      return undefined;
    }
    let apart = recorded.line === '';
    for (const reason of recorded.drops) {
      outcome.dropped.push({ i: event.id, reason, event });
      if (KEPT_APART.has(reason)) apart = true;
    }
    if (checked.noted) outcome.dropped.push({ i: event.id, reason: checked.noted, event });
    if (!apart) outcome.accepted.push({ event, goals: recorded.goals });
    return recorded;
  }

  #answer(delivery: Delivery, outcome: Outcome, answered: Answered): void {
    const { accepted } = outcome;
    const dropped = outcome.dropped.map(({ i, reason }) => ({ i, reason }));
    answered(undefined, { ok: true, r: delivery.traffic.site.revision, accepted: accepted.length, dropped });
    this.#options.onOutcome(outcome);
  }
}
