/** The collector: takes events, keeps them safe, and brings them to the event store. */
import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { BeaconAnswer } from '../../core/beacon.ts';
import { type CheckedEvent, checkBeaconEvent } from '../../core/check-event.ts';
import { decodeBeacon } from '../../core/decode-beacon.ts';
import { FRESH_WAIT_MS, STOP_DRAIN_MS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { re2Regex } from '../goals/re2-regex.ts';
import type { SiteEntry } from '../goals/site-registry.ts';
import type { LoadReport } from '../store/event-store.ts';
import { within } from '../store/within.ts';
import type { Answered, Requester } from './beacon-handler.ts';
import { AddressSet, ClientAddress } from './client-address.ts';
import type { CollectorEvents, CollectorGauges, CollectorOptions } from './collector-options.ts';
import { ConversionCounter } from './count-conversions.ts';
import { Drain } from './drain.ts';
import { tellLog } from './drain-log.ts';
import { type Days, DropCounters, type DropSample, type SiteDrops } from './drop-counters.ts';
import { EarlierSessions } from './earlier-sessions.ts';
import { SessionFinder } from './find-session.ts';
import { openGeo } from './geo.ts';
import { Identity } from './identity.ts';
import { Intake, type Outcome } from './intake.ts';
import { Journal } from './journal.ts';
import { awaitLeftOver } from './left-over.ts';
import { openQuarantine } from './quarantine.ts';
import { RecentMemory } from './recent-memory.ts';
import { EventRecorder } from './record-event.ts';
import { SessionRestorer } from './restore-sessions.ts';
import { leftSegments, runName } from './segment.ts';
import { DimensionReader } from './session-dimensions.ts';
import { SessionMemory } from './session-memory.ts';
import { TokenBuckets } from './token-buckets.ts';
import { trafficOf } from './traffic.ts';

/** An engine that refused is asked again after this, then after twice as long. */
const FIRST_RETRY_MS = 100;
/** So long after the disk refused the process says that it is not ready; then it is given events to try again. */
const REFUSAL_MS = 5_000;

/** Events in, acknowledged when they are on disk; out to the store, each once. */
export class Collector extends EventEmitter<CollectorEvents> {
  readonly clientAddress: ClientAddress;
  readonly #options: CollectorOptions;
  readonly #memory = new SessionMemory();
  readonly #counters: DropCounters;
  readonly #identity: Identity;
  /** While it is stopped, events are taken and acknowledged as ever and stay in the journal. */
  readonly drain: Drain;
  readonly #journal: Journal;
  /** When the disk refused last, ms since 1970 UTC. */
  #refused_ms = Number.NEGATIVE_INFINITY;
  #earlier: EarlierSessions | undefined;
  #restorer: SessionRestorer | undefined;
  #intake: Intake | undefined;

  constructor(options: CollectorOptions) {
    super();
    this.#options = options;
    const { config, store, salts, clock, log } = options;
    const directory = join(config.data_dir, 'journal');
    this.clientAddress = new ClientAddress(new AddressSet(config.trusted_proxies));
    this.#counters = new DropCounters(join(config.data_dir, 'drops.json'), (err) =>
      log.warn({ err }, 'the totals of dropped events could not be read or written'),
    );
    this.#identity = new Identity(salts, (err) => log.error({ err }, 'the next salt could not be had'));
    this.drain = new Drain({
      store,
      directory,
      first_retry_ms: FIRST_RETRY_MS,
      onLoaded: (report) => this.#onLoaded(report),
      ...tellLog(log),
    });
    this.#journal = new Journal({
      directory,
      run: runName(clock()),
      clock,
      onSealed: (segment) => this.drain.add(segment),
      onSynced: (ms) => this.emit('synced', ms),
      onFailure: (err) => {
        this.#refused_ms = clock();
        log.error({ err }, 'the journal cannot be written');
      },
    });
  }

  /** Brings in what earlier runs left, then gets ready. Throws, in words, when a newer version wrote the journal. */
  async start(): Promise<void> {
    const { config, clock, store, log } = this.#options;
    const directory = join(config.data_dir, 'journal');
    await openQuarantine(directory, clock());
    for (const segment of await leftSegments(directory)) this.drain.add(segment);
    const [isLate, geo] = await Promise.all([
      awaitLeftOver(this.drain),
      openGeo(config.geo_file),
      this.#identity.start(clock),
      this.#counters.open(),
      this.#journal.open(),
    ]);
    const dimensions = new DimensionReader(geo);
    const recent = new RecentMemory();
    const earlier = new EarlierSessions({ store, memory: this.#memory, recent, dimensions, identity: this.#identity });
    this.#earlier = earlier;
    const restorer = new SessionRestorer({ earlier, clock, log });
    this.#restorer = restorer;
    await restorer.start();
    // What the engine takes only later: its sessions are known late rather than never.
    if (isLate) void this.drain.caughtUp().then(() => restorer.start());
    const finder = new SessionFinder({ memory: this.#memory, identity: this.#identity, dimensions });
    const counter = new ConversionCounter({ regex: re2Regex, recent });
    this.#intake = new Intake({
      journal: this.#journal,
      drain: this.drain,
      recorder: new EventRecorder({ finder, counter, recent }),
      buckets: config.rate_limit ? new TokenBuckets() : undefined,
      onOutcome: (outcome) => this.#onOutcome(outcome),
      onFailure: (err) => log.error({ err }, 'an event could not be recorded'),
    });
  }

  /** Takes one decoded body of `POST /e`. Never throws. */
  receive(body: unknown, requester: Requester, answered: Answered): void {
    try {
      const beacon = decodeBeacon(body);
      const traffic = trafficOf(this.#find(beacon.site));
      const intake = this.#open();
      intake.admit(traffic, { requester, events: beacon.events.length });
      const context = { beacon, received_ms: requester.received_ms, site: traffic.site, readUrl: traffic.readUrl };
      const events = beacon.events.map((raw) => checkBeaconEvent(raw, context));
      intake.take({ traffic, requester, revision: beacon.revision, events }, answered);
    } catch (error) {
      answered(this.#problemOf(error), undefined);
    }
  }

  /**
   * Takes checked events from a server or through a dialect; resolves when they are on disk. Throws the Problems of
   * `POST /e`. `site` is an id, key or domain.
   */
  async acceptEvents(site: string, events: readonly CheckedEvent[], requester: Requester): Promise<BeaconAnswer> {
    const found = trafficOf(this.#find(site));
    const intake = this.#open();
    intake.admit(found, { requester, events: events.length });
    await this.#earlier?.recall(found.site.number, events, requester.received_ms);
    // Goals may have been made while it waited: their past need not reach further than their making.
    const traffic = trafficOf(this.#find(site));
    return new Promise((resolve, reject) => {
      intake.take({ traffic, requester, revision: 0, events }, (problem, answer) => {
        if (answer) resolve(answer);
        else reject(problem);
      });
    });
  }

  /** Resolves when everything acknowledged before is in the store. Throws `overloaded` when that takes too long. */
  async fresh(): Promise<void> {
    await this.#journal.seal();
    const behind = await within(FRESH_WAIT_MS, this.drain.caughtUpSoon());
    if (behind) throw new Problem('overloaded', 'The event store is behind.', { retry_after_s: 10 });
  }

  /** Everything acknowledged before this time is in the store, ms since 1970 UTC. */
  asOf(): number {
    return this.drain.oldest_ms ?? this.#journal.openSince_ms ?? this.#options.clock();
  }

  /** Whether this visitor (`identifiedVisitor`) was seen lately, stored or not. */
  knowsVisitor(visitor: string): boolean {
    return this.#memory.knows(visitor);
  }

  /** Whether the disk refused a moment ago. Later nobody knows before somebody tries. */
  get isRefusing(): boolean {
    return this.#options.clock() - this.#refused_ms < REFUSAL_MS;
  }

  /** What was not taken or not counted of a site (by number), on some days or all that are kept. */
  drops(site: number, days?: Days): SiteDrops {
    return this.#counters.of(site, days);
  }

  gauges(): CollectorGauges {
    return {
      backlog_bytes: this.drain.backlogBytes + this.#journal.openBytes,
      backlog_segments: this.drain.backlogSegments,
      lag_ms: Math.max(0, this.#options.clock() - this.asOf()),
      visitors: this.#memory.visitors,
      views: this.#memory.views,
    };
  }

  /** Refuses new events, puts what was acknowledged into the store within STOP_DRAIN_MS; the rest waits for the next run. */
  async stop(): Promise<void> {
    this.#identity.stop();
    this.#restorer?.stop();
    await this.#journal.close();
    if (!this.drain.isStopped) await within(STOP_DRAIN_MS, this.drain.caughtUp());
    await within(STOP_DRAIN_MS, this.drain.stop());
    await this.#counters.close();
  }

  #open(): Intake {
    if (!this.#intake) throw new Problem('overloaded', 'The collector is starting.', { retry_after_s: 1 });
    return this.#intake;
  }

  #find(site: string): SiteEntry {
    const entry = this.#options.registry.find(site);
    if (!entry) throw new Problem('unknown_site', `There is no site "${site}".`);
    return entry;
  }

  #problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    this.#options.log.error({ err: error }, 'a beacon could not be taken');
    return new Problem('internal', 'Something went wrong here.', { cause: error });
  }

  #onOutcome(outcome: Outcome): void {
    const { site, received_ms } = outcome;
    for (const { i, reason } of outcome.dropped) {
      if (DECIDED_BY_DRAIN.has(reason)) continue;
      this.#counters.add({ site, id: i, reason, at_ms: received_ms });
      this.emit('dropped', reason, 1);
    }
    this.emit('outcome', outcome);
  }

  #onLoaded(report: LoadReport): void {
    const at_ms = this.#options.clock();
    for (const { site, reason, count } of report.dropped) {
      this.#counters.count(site, { reason, count, at_ms });
      this.emit('dropped', reason, count);
    }
    for (const { site, id, reason } of report.drops) this.#counters.sample({ site, id, reason, at_ms });
    this.emit('loaded', report);
  }
}

/** The answer tells what recent memory knows of these; they are counted when the drain has decided. */
const DECIDED_BY_DRAIN = new Set<DropSample['reason']>(['duplicate', 'duplicate_order', 'already_counted']);

/** Makes a collector and starts it. */
export async function createCollector(options: CollectorOptions): Promise<Collector> {
  const collector = new Collector(options);
  await collector.start();
  return collector;
}
