/** The event store beyond one machine: a ClickHouse, or a cluster of them, that any number of collectors write to. */
import { Problem } from '../../core/problem.ts';
import type { Claims } from './claims.ts';
import { backfillClickhouse, carryInClickhouse } from './clickhouse-backfill.ts';
import { ClickhouseEngine, type EngineOptions, type Writing } from './clickhouse-engine.ts';
import {
  deleteConversions,
  eraseFrom,
  eraseOf,
  eraseOlder,
  ofEvents,
  ofSubject,
  sqlUnsigned,
} from './clickhouse-erase.ts';
import { type LoadScope, loadClickhouse } from './clickhouse-load.ts';
import { AS_WRITTEN, type ClickhouseNode } from './clickhouse-node.ts';
import { recentEngagement, recentSessions, recentViews, visitorSessions } from './clickhouse-sessions.ts';
import { readNative, writeNative } from './clickhouse-snapshot.ts';
import { parseClickhouseUrl } from './clickhouse-url.ts';
import { CLICKHOUSE_WORDS } from './clickhouse-words.ts';
import type { Run } from './duckdb-engine.ts';
import { isOutdated } from './event-rules.ts';
import type {
  BackfillChunk,
  BackfillReport,
  EraseReport,
  EventCondition,
  EventStore,
  LoadReport,
  RefundCommand,
  RefundRow,
  Segment,
  StoredSession,
  StoredView,
  StoreSizes,
  StoreValue,
  Subject,
  VisitorSessionsQuery,
} from './event-store.ts';
import { refundOrder } from './refund-order.ts';
import { within } from './within.ts';

/** Where the events are, and what the store needs of the world. */
export interface ClickhouseOptions {
  /** `clickhouse://user:password@host:8123,other:8123/database?cluster=name`. */
  url: string;
  /** Where keys are unique for ever: one place for all who write to this database. */
  claims: Claims;
  /** Called after each question with the time it took, waiting for the others excepted, ms. */
  onRead?: (ms: number) => void;
  /** When given, a ClickHouse that is away does not keep `open` from ending: it is told here, and used once it is there. */
  onAway?: (problem: Problem) => void;
}

/** So long an opening waits for a ClickHouse that may come later. */
const OPEN_WAIT_MS = 5_000;

/** Opens an engine, or one that is opened when it is needed, if it is away or silent. Throws what is wrong with one that is there. */
async function openSoon(place: EngineOptions, onAway: (problem: Problem) => void): Promise<ClickhouseEngine> {
  const engine = new ClickhouseEngine(place);
  try {
    const isSilent = await within(OPEN_WAIT_MS, engine.prepare());
    if (isSilent) throw new Problem('overloaded', 'The event store does not answer.', { retry_after_s: 5 });
  } catch (error) {
    if (!(error instanceof Problem)) {
      await engine.close();
      throw error;
    }
    onAway(error);
  }
  return engine;
}

/** Statements of either kind on one node. */
function runOn(node: ClickhouseNode): Run {
  return async <T>(text: string, params: readonly StoreValue[] = []) => {
    if (!text.startsWith('INSERT')) return node.ask<T>(text, params);
    await node.tell(text, params);
    return [];
  };
}

/** Texts that say nothing are null, as in other stores. */
function exported(row: Record<string, StoreValue>): Record<string, StoreValue> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === '' ? null : value]));
}

export class ClickhouseStore implements EventStore {
  readonly words = CLICKHOUSE_WORDS;
  private readonly options: ClickhouseOptions;
  private opened: ClickhouseEngine | undefined;

  constructor(options: ClickhouseOptions) {
    this.options = options;
  }

  private get engine(): ClickhouseEngine {
    if (!this.opened) throw new Error('The event store is not open.');
    return this.opened;
  }

  private write<T>(work: (scope: LoadScope & { writing: Writing }) => Promise<T>): Promise<T> {
    return this.engine.write((writing) => work({ writing, claims: this.options.claims }));
  }

  async open(): Promise<void> {
    if (this.opened) return;
    const { url, onRead, onAway } = this.options;
    const place = { place: parseClickhouseUrl(url), onRead };
    this.opened = onAway === undefined ? await ClickhouseEngine.open(place) : await openSoon(place, onAway);
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  load(segment: Segment): Promise<LoadReport> {
    return this.write((scope) => loadClickhouse(segment, scope));
  }

  query<T>(text: string, params: readonly StoreValue[]): Promise<T[]> {
    return this.engine.read<T>(text, params);
  }

  recentSessions(since_ms: number): Promise<StoredSession[]> {
    return this.engine.look((node) => recentSessions(node, since_ms));
  }

  visitorSessions(query: VisitorSessionsQuery): Promise<StoredSession[]> {
    return this.engine.look((node) => visitorSessions(node, query));
  }

  recentViews(since_ms: number): Promise<StoredView[]> {
    return this.engine.look((node) => recentViews(node, since_ms));
  }

  recentEngagement(since_ms: number): ReturnType<EventStore['recentEngagement']> {
    return this.engine.look((node) => recentEngagement(node, since_ms));
  }

  async knowsVisitor(site: number, visitor: string): Promise<boolean> {
    const text = `SELECT 1 AS one FROM events WHERE site = ${site} AND visitor = ${sqlUnsigned(visitor)} LIMIT 1`;
    return (await this.engine.look((node) => node.ask(text, [], { settings: AS_WRITTEN }))).length > 0;
  }

  refund(command: RefundCommand): Promise<RefundRow[]> {
    const { claims } = this.options;
    // Whatever process asks: two refunds at once could give back more than was paid.
    return this.write(({ writing: { node } }) => claims.alone(() => refundOrder(runOn(node), command)));
  }

  backfill(chunk: BackfillChunk): Promise<BackfillReport> {
    return this.write((scope) => backfillClickhouse(scope, chunk));
  }

  carryRefunds(goal: number, generation: number): Promise<number> {
    return this.write(({ writing }) => carryInClickhouse(writing.node, goal, generation));
  }

  purgeGenerations(goal: number, keep: number): Promise<number> {
    const sql = isOutdated(goal, keep, 'columns');
    return this.write((scope) => deleteConversions(scope, { sql, params: [] }));
  }

  eraseTest(site: number, goal: number): Promise<number> {
    return this.write((scope) =>
      deleteConversions(scope, { sql: `site = ${site} AND goal = ${goal} AND test`, params: [] }),
    );
  }

  erase(subject: Subject): Promise<EraseReport> {
    return this.write((scope) => eraseOf(scope, subject));
  }

  eraseEvents(condition: EventCondition): Promise<EraseReport> {
    return this.write((scope) => eraseFrom(scope, { site: condition.site, events: ofEvents(condition) }));
  }

  eraseBefore(site: number, before_ms: number): Promise<EraseReport> {
    return this.write(({ writing }) => eraseOlder(writing, { condition: `site = ${site}`, before_ms }));
  }

  eraseBots(before_ms: number): Promise<EraseReport> {
    return this.write(({ writing }) => eraseOlder(writing, { condition: 'bot', before_ms }));
  }

  async exportSubject(subject: Subject): ReturnType<EventStore['exportSubject']> {
    const { sql, params } = ofSubject(subject);
    type Row = Record<string, StoreValue>;
    const [events, conversions] = await Promise.all([
      this.query<Row>(`SELECT * FROM events WHERE ${sql} ORDER BY ts, toString(id)`, params),
      this.query<Row>(`SELECT * FROM conversions WHERE ${sql} ORDER BY ts, toString(event), goal`, params),
    ]);
    return { events: events.map(exported), conversions: conversions.map(exported) };
  }

  backup(folder: string): Promise<void> {
    return this.engine.look((node) => writeNative(node, this.options.claims, folder));
  }

  restore(folder: string): Promise<void> {
    return this.write(({ writing }) => readNative(writing.node, this.options.claims, folder));
  }

  async sizes(): Promise<StoreSizes> {
    const { database, cluster } = this.engine.place;
    const parts = cluster === undefined ? 'system.parts' : `cluster('${cluster}', system, parts)`;
    const [row] = await this.engine.look((node) =>
      node.ask<StoreSizes>(
        `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM conversions) AS conversions,
           (SELECT count(DISTINCT site, session) FROM events WHERE session IS NOT NULL) AS sessions,
           (SELECT coalesce(sum(bytes_on_disk), 0) FROM ${parts} WHERE active AND database = $1) AS bytes`,
        [database],
      ),
    );
    return row!;
  }
}
