/** Whether two event stores have the same: each table by site and day, with counts and sums that both work out alike. */
import { EVENT_COLUMNS } from './event-rules.ts';
import type { StoreValue } from './event-store.ts';
import { CONVERSION_COLUMNS } from './load-conversions.ts';

/** Tables that move; sessions follow from events. */
export type MovedTable = 'events' | 'conversions';
export const MOVED_TABLES: readonly MovedTable[] = ['conversions', 'events'];

/** What stands for the rows of one site, table and UTC day. */
export interface DayPrint {
  table: MovedTable;
  site: number;
  /** Days since 1970. */
  day: number;
  rows: number;
  /** Micro-units, a decimal. */
  amount: string;
  /** Sums that tell changed rows from unchanged ones. */
  sums: string;
}

/** Both engines take it; sums of remainders stay far from where integers end. */
const REMAINDER = 1_000_003;
const SUMMED: Record<MovedTable, readonly string[]> = {
  events: ['ts', 'received', 'coalesce(engaged_ms, 0)', 'coalesce(scroll, 0)'],
  conversions: ['ts', 'goal', 'generation', 'version', 'coalesce(visitor, 0)'],
};

/** The columns of a table that both stores have. */
export function movedColumns(table: MovedTable): string {
  return table === 'events' ? EVENT_COLUMNS.join(', ') : CONVERSION_COLUMNS;
}

/** Asks one store. */
export type Ask = <T>(text: string, params: readonly StoreValue[]) => Promise<T[]>;

/** The prints of all days of a table in one store. */
export async function dayPrints(ask: Ask, table: MovedTable): Promise<DayPrint[]> {
  const sums = SUMMED[table].map((of, index) => `CAST(sum(${of} % ${REMAINDER}) AS VARCHAR) AS s${index}`);
  const rows = await ask<Record<string, string | number>>(
    `SELECT site, intDiv(ts, 86400000) AS day, count(*) AS n, CAST(sum(coalesce(amount, 0)) AS VARCHAR) AS money,
       ${sums.join(', ')} FROM ${table} GROUP BY site, intDiv(ts, 86400000)`,
    [],
  );
  return rows.map((row) => ({
    table,
    site: Number(row.site),
    day: Number(row.day),
    rows: Number(row.n),
    amount: String(row.money),
    sums: SUMMED[table].map((_, index) => row[`s${index}`]).join(' '),
  }));
}

const placeOf = ({ table, site, day }: DayPrint): string => `${table} ${site} ${day}`;

/** Days on which the two differ, oldest first, and how many rows of the first are as they should be in the second. */
export function compareDays(from: readonly DayPrint[], to: readonly DayPrint[]): { days: number[]; same: number } {
  const there = new Map(to.map((print) => [placeOf(print), print]));
  const days = new Set<number>();
  let same = 0;
  for (const print of from) {
    const other = there.get(placeOf(print));
    there.delete(placeOf(print));
    if (other?.rows === print.rows && other.sums === print.sums && other.amount === print.amount) same += print.rows;
    else days.add(print.day);
  }
  for (const { day } of there.values()) days.add(day);
  return { days: [...days].sort((a, b) => a - b), same };
}

/** What both sides have of a site and month. */
export interface MonthCount {
  /** The site's number. */
  site: number;
  /** `YYYY-MM`. */
  month: string;
  events: number;
  conversions: number;
  /** Money of conversions, micro-units, a decimal. */
  amount: string;
}

/** Prints summed up by site and month. */
export function monthCounts(prints: readonly DayPrint[]): MonthCount[] {
  const months = new Map<string, MonthCount>();
  for (const { table, site, day, rows, amount } of prints) {
    const month = new Date(day * 86_400_000).toISOString().slice(0, 7);
    const found = months.get(`${site} ${month}`) ?? { site, month, events: 0, conversions: 0, amount: '0' };
    found[table] += rows;
    if (table === 'conversions') found.amount = String(BigInt(found.amount) + BigInt(amount));
    months.set(`${site} ${month}`, found);
  }
  return [...months.values()].sort((a, b) => a.site - b.site || (a.month < b.month ? -1 : 1));
}
