/** Moves what the embedded store has into a ClickHouse, day by day; what is there already stays, so it may be cut off. */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from '../../core/problem.ts';
import type { Claim, Claims } from './claims.ts';
import { deleteWhere } from './clickhouse-delete.ts';
import type { ClickhouseEngine } from './clickhouse-engine.ts';
import {
  type Ask,
  compareDays,
  dayPrints,
  MOVED_TABLES,
  type MonthCount,
  type MovedTable,
  monthCounts,
  movedColumns,
} from './compare-days.ts';
import { IS_TRAFFIC, wholeEvents, wholeTraffic } from './event-rules.ts';

const DAY_MS = 86_400_000;
/** What is quoted is a text whatever it says, and what is not is NULL; but no boolean is quoted in ClickHouse. */
const BOOLEANS: readonly string[] = ['refund', 'identified', 'bot', 'test'];
const CLAIMS_AT_ONCE = 5_000;

/** From where to where. */
export interface EventMove {
  /** Asks the embedded store. */
  from: Ask;
  to: ClickhouseEngine;
  /** For one day's rows at a time. */
  folder: string;
  /** Ends it between two days. */
  signal: AbortSignal;
  /** Hears how many rows are there already, of how many. */
  onProgress: (done: number, of: number) => void;
}

/** The embedded store's rows of one day with all their columns. */
function rowsOfDay(table: MovedTable, day: number): string {
  const [from, to] = [day * DAY_MS, (day + 1) * DAY_MS];
  const within = `ts >= ${from} AND ts < ${to}`;
  const columns = movedColumns(table);
  if (table === 'conversions') return `SELECT ${columns} FROM conversions WHERE ${within}`;
  const rest = `${within} AND NOT (${IS_TRAFFIC})`;
  const traffic = wholeTraffic({ events: within, sessions: `start_ms < ${to} AND end_ms >= ${from}` });
  const others = wholeEvents({ events: rest, sessions: `session IN (SELECT session FROM events WHERE ${rest})` });
  return `SELECT ${columns} FROM (${traffic}) UNION ALL SELECT ${columns} FROM (${others})`;
}

/** Copies one day; rows that are there already are replaced by themselves. */
async function copyDay({ from, to, folder }: EventMove, table: MovedTable, day: number): Promise<void> {
  const file = join(folder, `${table}-${day}.csv`);
  try {
    const place = `'${file.replaceAll("'", "''")}'`;
    const names = movedColumns(table).split(/,\s*/);
    const quoted = `FORCE_QUOTE (${names.filter((name) => !BOOLEANS.includes(name)).join(', ')})`;
    await from(`COPY (${rowsOfDay(table, day)}) TO ${place} (FORMAT csv, HEADER false, ${quoted})`, []);
    const target = `${table} (${movedColumns(table)})`;
    await to.write(({ node }) => node.fill(target, 'CSV', createReadStream(file, { highWaterMark: 1 << 20 })));
  } finally {
    await rm(file, { force: true });
  }
}

/** Removes one day of a table from the target: the embedded store has erased some of it meanwhile. */
async function deleteDay({ to }: EventMove, table: MovedTable, day: number): Promise<void> {
  const sql = `ts >= ${day * DAY_MS} AND ts < ${(day + 1) * DAY_MS}`;
  await to.write(({ node }) => deleteWhere(node, table, { sql, params: [] }));
}

/** What both sides have. */
async function compare({ from, to }: EventMove, table: MovedTable) {
  const [here, there] = await Promise.all([
    dayPrints(from, table),
    dayPrints((text, params) => to.read(text, params), table),
  ]);
  return { here, there, ...compareDays(here, there) };
}

/** Copies every day that is not the same on both sides, once. */
export async function copyChangedDays(move: EventMove): Promise<void> {
  const compared = [];
  for (const table of MOVED_TABLES) compared.push({ table, ...(await compare(move, table)) });
  const total = compared.flatMap(({ here }) => here).reduce((sum, { rows }) => sum + rows, 0);
  let done = compared.reduce((sum, { same }) => sum + same, 0);
  move.onProgress(done, total);
  for (const { table, here, days } of compared) {
    for (const day of days) {
      move.signal.throwIfAborted();
      await copyDay(move, table, day);
      done += here.filter((print) => print.day === day).reduce((sum, { rows }) => sum + rows, 0);
      move.onProgress(Math.min(done, total), total);
    }
  }
}

/**
 * With the embedded store at rest: makes both sides the same and answers what they have, by site and month. Throws
 * `conflict` naming a day when they cannot be made the same.
 */
export async function finishEvents(move: EventMove): Promise<MonthCount[]> {
  await copyChangedDays(move);
  const all = [];
  for (const table of MOVED_TABLES) {
    for (const day of (await compare(move, table)).days) {
      move.signal.throwIfAborted();
      await deleteDay(move, table, day);
      await copyDay(move, table, day);
    }
    const { days, there } = await compare(move, table);
    if (days.length > 0) {
      const day = new Date((days[0] ?? 0) * DAY_MS).toISOString().slice(0, 10);
      throw new Problem('conflict', `The ${table} of ${day} are not the same on both sides.`);
    }
    all.push(...there);
  }
  return monthCounts(all);
}

/** The embedded store's claims after a key, in the order of keys. */
function claimsAfter(from: Ask, key: string): Promise<Claim[]> {
  const after = key === '' ? 'true' : 'key > CAST($1 AS UUID)';
  return from<Claim>(
    `SELECT CAST(key AS VARCHAR) AS key, CAST(event AS VARCHAR) AS event, ts FROM claims WHERE ${after}
     ORDER BY key LIMIT ${CLAIMS_AT_ONCE}`,
    key === '' ? [] : [key],
  );
}

/** With the embedded store at rest: makes the claims of both sides the same. Answers how many. */
export async function moveClaims(from: Ask, to: Claims): Promise<number> {
  const gone = [];
  let moved = 0;
  const here = new Set<string>();
  for (
    let page = await claimsAfter(from, '');
    page.length > 0;
    page = await claimsAfter(from, page.at(-1)?.key ?? '')
  ) {
    await to.claim(page);
    for (const { key } of page) here.add(key);
    moved += page.length;
  }
  for (let page = await to.page('', CLAIMS_AT_ONCE); page.length > 0; ) {
    gone.push(...page.map(({ key }) => key).filter((key) => !here.has(key)));
    page = await to.page(page.at(-1)?.key ?? '', CLAIMS_AT_ONCE);
  }
  if (gone.length > 0) await to.release(gone);
  return moved;
}
