/** The event store of a single machine: DuckDB in this process. Each command is a file of its own. */
import { stat } from 'node:fs/promises';
import { backfillChunk } from './backfill-chunk.ts';
import { DuckdbEngine, type DuckdbOptions, type Run } from './duckdb-engine.ts';
import { DUCKDB_WORDS } from './duckdb-words.ts';
import {
  conversionsOf,
  eraseBefore,
  eraseEvents,
  eraseSubject,
  eventsOf,
  ofCondition,
  unsigned,
} from './erase-events.ts';
import { isOutdated, wholeEvents } from './event-rules.ts';
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
import { loadSegment } from './load-segment.ts';
import { carryRefunds, refundOrder } from './refund-order.ts';
import { readSnapshot, writeSnapshot } from './snapshot.ts';
import { recentEngagement, recentSessions, recentViews, visitorSessions } from './stored-sessions.ts';

/** Bytes of a file; 0 when there is none. */
async function bytesOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.size ?? 0;
}

async function countOf(run: Run, text: string): Promise<number> {
  const [row] = await run<{ Count: number }>(text);
  return row?.Count ?? 0;
}

export class DuckdbStore implements EventStore {
  readonly words = DUCKDB_WORDS;
  private readonly options: DuckdbOptions;
  private opened: DuckdbEngine | undefined;

  constructor(options: DuckdbOptions) {
    this.options = options;
  }

  private get engine(): DuckdbEngine {
    if (!this.opened) throw new Error('The event store is not open.');
    return this.opened;
  }

  private get read(): Run {
    return (text, params = []) => this.engine.read(text, params);
  }

  async open(): Promise<void> {
    this.opened ??= await DuckdbEngine.open(this.options);
  }

  async close(): Promise<void> {
    await this.opened?.close();
    this.opened = undefined;
  }

  /** Refuses to change anything, `overloaded`, until `release`; resolves when what was begun has ended. */
  hold(): Promise<void> {
    return this.engine.hold();
  }

  release(): void {
    this.engine.release();
  }

  load(segment: Segment): Promise<LoadReport> {
    return this.engine.write((run) => loadSegment(run, segment));
  }

  query<T>(text: string, params: readonly StoreValue[]): Promise<T[]> {
    return this.engine.read<T>(text, params);
  }

  recentSessions(since_ms: number): Promise<StoredSession[]> {
    return recentSessions(this.read, since_ms);
  }

  visitorSessions(query: VisitorSessionsQuery): Promise<StoredSession[]> {
    return visitorSessions(this.read, query);
  }

  recentViews(since_ms: number): Promise<StoredView[]> {
    return recentViews(this.read, since_ms);
  }

  recentEngagement(since_ms: number): ReturnType<EventStore['recentEngagement']> {
    return recentEngagement(this.read, since_ms);
  }

  async knowsVisitor(site: number, visitor: string): Promise<boolean> {
    const text = `SELECT 1 FROM sessions WHERE site = ${site} AND visitor = ${unsigned(visitor)} LIMIT 1`;
    return (await this.read(text)).length > 0;
  }

  refund(command: RefundCommand): Promise<RefundRow[]> {
    return this.engine.write((run) => refundOrder(run, command));
  }

  backfill(chunk: BackfillChunk): Promise<BackfillReport> {
    return this.engine.write((run) => backfillChunk(run, chunk));
  }

  carryRefunds(goal: number, generation: number): Promise<number> {
    return this.engine.write((run) => carryRefunds(run, goal, generation));
  }

  purgeGenerations(goal: number, keep: number): Promise<number> {
    return this.deleteConversions(isOutdated(goal, keep, 'row'));
  }

  eraseTest(site: number, goal: number): Promise<number> {
    return this.deleteConversions(`site = ${site} AND goal = ${goal} AND test`);
  }

  /** Deletes conversion rows with their claims. */
  private deleteConversions(condition: string): Promise<number> {
    return this.engine.write(async (run) => {
      await run(`DELETE FROM claims WHERE key IN (SELECT key FROM conversions WHERE ${condition})`);
      return countOf(run, `DELETE FROM conversions WHERE ${condition}`);
    });
  }

  erase(subject: Subject): Promise<EraseReport> {
    return this.engine.write((run) => eraseSubject(run, subject));
  }

  eraseEvents(condition: EventCondition): Promise<EraseReport> {
    return this.engine.write((run) => eraseEvents(run, ofCondition(condition)));
  }

  eraseBefore(site: number, before_ms: number): Promise<EraseReport> {
    return this.engine.write((run) => eraseBefore(run, { condition: `site = ${site}`, before_ms }));
  }

  eraseBots(before_ms: number): Promise<EraseReport> {
    return this.engine.write((run) => eraseBefore(run, { condition: 'bot', before_ms }));
  }

  async exportSubject(subject: Subject): ReturnType<EventStore['exportSubject']> {
    const made = eventsOf(subject);
    const counted = conversionsOf(subject);
    const whole = wholeEvents({
      events: made.sql,
      sessions: `session IN (SELECT session FROM events WHERE ${made.sql})`,
    });
    type Rows = Record<string, StoreValue>[];
    const [events, conversions] = await Promise.all([
      this.query<Rows[number]>(`SELECT * FROM (${whole}) ORDER BY ts, id`, made.params),
      this.query<Rows[number]>(
        `SELECT * FROM conversions WHERE ${counted.sql} ORDER BY ts, event, goal`,
        counted.params,
      ),
    ]);
    return { events, conversions };
  }

  backup(folder: string): Promise<void> {
    return this.engine.snapshot((run) => writeSnapshot(run, folder));
  }

  restore(folder: string): Promise<void> {
    return this.engine.write((run) => readSnapshot(run, folder));
  }

  async sizes(): Promise<StoreSizes> {
    const count = (table: string) => `(SELECT count(*) FROM ${table}) AS ${table}`;
    const [row] = await this.read<Omit<StoreSizes, 'bytes'>>(
      `SELECT ${count('events')}, ${count('conversions')}, ${count('sessions')}`,
    );
    const bytes = (await bytesOf(this.options.path)) + (await bytesOf(`${this.options.path}.wal`));
    return { ...row!, bytes };
  }
}
