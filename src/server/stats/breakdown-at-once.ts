/**
 * A breakdown in one pass, for engines that work a WITH out anew each time it is named: sets of sessions are kept by value,
 * ranked, and put together by place. In ClickHouse's words, whose sets of a count can be kept.
 */
import { HAS_MONEY, type MoneyRow } from './revenue.ts';

/** One place of the page, or what comes after it. */
export interface PlaceRow {
  place: number;
  /** Of the first value there; all of it but for the place after the page. */
  value: string;
  n: number;
  converting_sessions: number;
  total_sessions: number;
  /** Currencies and what each sums up to. Zeros are left out; whole numbers are texts. */
  paid: [string[], string[]];
  total: [string[], string[]];
  refunded: [string[], string[]];
}

/** Sources, as texts of SQL, and the page. */
export interface PlaceScope {
  /** Rows of `value, session`. */
  traffic: string;
  /** Rows of `value, session, refund, amount, currency`. */
  converted: string;
  offset: number;
  /** Place after the page's last. */
  end: number;
}

/** Amounts by currency, or how many there are. */
const sumOf = (what: string, condition: string) =>
  `sumMapIf([coalesce(currency, '')], [${what}], ${HAS_MONEY} AND ${condition})`;
const again = (column: string) => `sumMap(tupleElement(v.${column}, 1), tupleElement(v.${column}, 2)) AS ${column}`;

/** One row for each place from `offset` to `end`, by place. */
export function placesText({ traffic, converted, offset, end }: PlaceScope): string {
  return [
    'SELECT v.place AS place, any(v.value) AS value, sum(v.n) AS n, uniqExactMerge(v.converted) AS converting_sessions,',
    `uniqExactMerge(v.visited) AS total_sessions, ${['paid', 'total', 'refunded'].map(again).join(', ')}`,
    `FROM (SELECT *, least(row_number() OVER (ORDER BY n DESC, sessions DESC, value) - 1, ${end}) AS place`,
    'FROM (SELECT value, countIf(NOT visit AND NOT refund) AS n, uniqExactIf(session, visit) AS sessions,',
    'uniqExactStateIf(session, visit) AS visited, uniqExactStateIf(session, NOT visit AND NOT refund) AS converted,',
    `${sumOf('toInt64(1)', 'NOT refund')} AS paid, ${sumOf('coalesce(amount, 0)', 'NOT refund')} AS total,`,
    `${sumOf('coalesce(amount, 0)', 'refund')} AS refunded`,
    'FROM (SELECT value, session, true AS visit, false AS refund, CAST(NULL AS Nullable(Int64)) AS amount,',
    `CAST(NULL AS Nullable(String)) AS currency FROM ${traffic} UNION ALL`,
    `SELECT value, session, false, refund, amount, CAST(currency AS Nullable(String)) FROM ${converted}) GROUP BY value)) v`,
    `WHERE v.place >= ${offset} GROUP BY v.place ORDER BY v.place`,
  ].join('\n');
}

/** The money of a place, a row for each currency. */
export function moneyOf({ paid, total, refunded }: PlaceRow): MoneyRow[] {
  const sums = [paid, total, refunded].map(([names, values]) => new Map(names.map((name, n) => [name, values[n]!])));
  const [counts, totals, returned] = sums as [Map<string, string>, Map<string, string>, Map<string, string>];
  return [...new Set([...paid[0], ...total[0], ...refunded[0]])].map((currency) => ({
    currency,
    paid: Number(counts.get(currency) ?? 0),
    total: totals.get(currency) ?? null,
    refunded: returned.get(currency) ?? null,
  }));
}
