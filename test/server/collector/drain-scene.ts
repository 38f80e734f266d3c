/** What tests of the drain work with, new for each: a journal's folder and a real engine. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import { Drain } from '../../../src/server/collector/drain.ts';
import { QUARANTINE, type SealedSegment, type Verdict } from '../../../src/server/collector/segment.ts';
import { DuckdbStore } from '../../../src/server/store/duckdb-store.ts';
import { encodeRow } from '../../../src/server/store/event-row.ts';
import type { LoadReport } from '../../../src/server/store/event-store.ts';
import { eventRow, freshId } from '../store/rows.ts';

/** The journal's folder. */
export let directory: string;
export let store: DuckdbStore;
/** What drains told. */
export let reports: LoadReport[];
export let verdicts: Verdict[];
export let refusals: unknown[];
export let isolated: number[];

/** Gives each test of the file that calls this a scene of its own. */
export function withScene(): void {
  beforeEach(openScene);
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });
}

async function openScene(): Promise<void> {
  directory = await mkdtemp(join(tmpdir(), 'goalpost-drain-'));
  await mkdir(join(directory, QUARANTINE));
  store = new DuckdbStore({ path: join(directory, 'events.duckdb') });
  await store.open();
  reports = [];
  verdicts = [];
  refusals = [];
  isolated = [];
}

/** A drain into the store, or into what refuses before it. */
export function makeDrain(load = (segment: SealedSegment) => store.load(segment), first_retry_ms = 1): Drain {
  return new Drain({
    store: { load: (segment) => load(segment as SealedSegment) },
    directory,
    onLoaded: (report) => reports.push(report),
    onVerified: (verdict) => verdicts.push(verdict),
    first_retry_ms,
    onIsolated: (refused) => isolated.push(refused),
    onRefused: (error) => refusals.push(error),
  });
}

/** Writes a sealed segment. */
export async function segment(id: string, lines: string): Promise<SealedSegment> {
  const path = join(directory, `${id}.v1.csv`);
  await writeFile(path, lines);
  return { id, path, bytes: Buffer.byteLength(lines), since_ms: 0, suspect: false };
}

/** How many events the store has. */
export async function countEvents(): Promise<number> {
  const [row] = await store.query<{ n: number }>('SELECT count(*) AS n FROM events', []);
  return Number(row!.n);
}

/** So many records of events, each its own. */
export function lines(count: number): string {
  return Array.from({ length: count }, () => encodeRow(eventRow({ id: freshId() }))).join('');
}
