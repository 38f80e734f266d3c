/** The last conversions of a goal one by one, newest first, refunds among them; who converted is not told. */
import { formatMicros } from '../../core/money.ts';
import type { EventStore } from '../store/event-store.ts';
import type { GoalRef, StatsQuery } from './stats-query.ts';
import { filterSql, goalFilterSql, goalSql, Statement, whole } from './stats-sql.ts';

/** Rows of a page at most. */
export const RECENT_ROWS = 100;

/** One conversion. Texts are '' where nothing is known. */
export interface RecentConversion {
  /** ms since 1970 UTC. */
  time: number;
  refund: boolean;
  /** Decimal string; null without money. Negative for refunds. */
  amount: string | null;
  currency: string | null;
  order_id: string | null;
  hostname: string;
  path: string;
  source: string;
  country: string;
  device: string;
  browser: string;
  /** Made by test traffic. */
  test: boolean;
}

/** What is asked. */
export interface RecentScope {
  goal: GoalRef;
  query: StatsQuery;
  /** 1-RECENT_ROWS. */
  limit: number;
  offset: number;
}

/** A page of conversions. */
export interface RecentConversions {
  as_of: string;
  conversions: RecentConversion[];
  /** Offset of the next page; null on the last. */
  next: number | null;
}

interface Row extends Omit<RecentConversion, 'time' | 'amount'> {
  ts: number;
  amount: string | number | null;
}

const TEXTS = ['hostname', 'path', 'source', 'country', 'device', 'browser'];

/** Reads one page. */
export async function recentConversions(
  store: EventStore,
  site: number,
  { goal, query, limit, offset }: RecentScope,
): Promise<RecentConversions> {
  const statement = new Statement(store);
  const interval = { from_ms: query.from_ms, to_ms: query.to_ms };
  const rows = await store.query<Row>(
    `SELECT ts, refund, amount, currency, order_id, test, ${TEXTS.map((name) => `coalesce(${name}, '') AS ${name}`).join(', ')} ` +
      `FROM conversions WHERE site = ${whole(site)} AND ts >= ${whole(interval.from_ms)} AND ts < ${whole(interval.to_ms)} ` +
      `AND ${goalSql(goal)}${filterSql(statement, query)}${goalFilterSql(site, query, interval)} ` +
      `ORDER BY ts DESC, key LIMIT ${whole(limit + 1)} OFFSET ${whole(offset)}`,
    statement.params,
  );
  const conversions = rows.slice(0, limit).map(({ ts, amount, currency, ...row }) => ({
    time: ts,
    ...row,
    amount: amount === null ? null : formatMicros(BigInt(amount), currency ?? undefined),
    currency,
  }));
  return { as_of: query.as_of, conversions, next: rows.length > limit ? offset + limit : null };
}
