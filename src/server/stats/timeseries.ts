/** One goal over time: a bucket for every hour, day, week or month, empty ones too. */
import type { EventStore } from '../store/event-store.ts';
import { bucketSql, bucketsOf, type IntervalName } from './buckets.ts';
import { rate } from './ratio.ts';
import { HAS_MONEY, MONEY_COLUMNS, type MoneyRow, type Revenue, revenueOf } from './revenue.ts';
import type { GoalRef, StatsQuery } from './stats-query.ts';
import { conversionsSql, type Interval, SPLIT_SESSIONS, Statement, TRAFFIC_SESSIONS, trafficSql } from './stats-sql.ts';

/** One bucket. */
export interface SeriesPoint {
  /** Local day (`2026-01-31`, of a week its Monday, of a month its first), or local hour with offset. */
  start: string;
  /** Instants, ms since 1970 UTC; half-open. */
  from_ms: number;
  to_ms: number;
  conversions: number;
  converting_sessions: number;
  total_sessions: number;
  conversion_rate: number;
  revenue: Revenue[];
}

export interface Timeseries {
  interval: IntervalName;
  timezone: string;
  as_of: string;
  points: SeriesPoint[];
}

interface Row extends MoneyRow {
  part: 'converted' | 'traffic' | 'money';
  bucket: number;
  n: number;
  sessions: number;
}

const NO_MONEY = 'NULL AS currency, 0 AS paid, NULL AS total, NULL AS refunded';

/** The traffic by bucket. A run is in every bucket from its first to its last event's: it has no gap as long as a bucket. */
function trafficText(
  statement: Statement,
  site: number,
  { bounds, ...scope }: { query: StatsQuery; interval: Interval; bounds: readonly number[] },
): string {
  const traffic = trafficSql(statement, site, { ...scope, visitors: false });
  const { keepsRuns, eachFrom } = statement.words;
  // Where runs are not kept a row is one event.
  if (!keepsRuns) {
    return `traffic AS (SELECT session, ${bucketSql('start_ms', bounds)} AS bucket FROM (${traffic}))`;
  }
  const { from_ms, to_ms } = scope.interval;
  const first = bucketSql(`greatest(start_ms, ${from_ms})`, bounds);
  const last = bucketSql(`least(end_ms, ${to_ms - 1})`, bounds);
  return [
    `spans AS (SELECT session, split, ${first} AS low, ${last} AS high FROM (${traffic})`,
    'WHERE session IS NOT NULL),',
    'traffic AS (SELECT session, split, low AS bucket FROM spans UNION ALL',
    `SELECT session, split, ${eachFrom('low + 1', 'high + 1')} AS bucket FROM spans WHERE high > low)`,
  ].join('\n');
}

/** Three parts with the same columns: conversions, traffic and money by bucket. */
function statementText(
  statement: Statement,
  site: number,
  scope: { goal: GoalRef; query: StatsQuery; bounds: readonly number[] },
): string {
  const { goal, query, bounds } = scope;
  const interval = { from_ms: query.from_ms, to_ms: query.to_ms };
  return [
    `WITH converted AS (SELECT *, ${bucketSql('ts', bounds)} AS bucket`,
    `FROM (${conversionsSql(statement, site, { query, interval, goal })})),`,
    trafficText(statement, site, { query, interval, bounds }),
    `SELECT 'converted' AS part, bucket, count(*) AS n, count(DISTINCT session) AS sessions, ${NO_MONEY}`,
    'FROM converted WHERE NOT refund GROUP BY bucket',
    `UNION ALL SELECT 'traffic', bucket, 0, ${statement.words.keepsRuns ? TRAFFIC_SESSIONS : SPLIT_SESSIONS}, ${NO_MONEY} FROM traffic GROUP BY bucket`,
    `UNION ALL SELECT 'money', bucket, 0, 0, ${MONEY_COLUMNS} FROM converted WHERE ${HAS_MONEY} GROUP BY bucket, currency`,
  ].join('\n');
}

/** Works out the series. Throws `invalid_parameter` when it would have more than SERIES_BUCKETS. */
export async function timeseries(
  store: EventStore,
  site: number,
  scope: { goal: GoalRef; query: StatsQuery; interval: IntervalName },
): Promise<Timeseries> {
  const { goal, query, interval } = scope;
  const { bounds, labels } = bucketsOf(query.timezone, query, interval);
  const statement = new Statement(store);
  const rows =
    labels.length === 0
      ? []
      : await store.query<Row>(statementText(statement, site, { goal, query, bounds }), statement.params);
  const money = new Map<number, MoneyRow[]>();
  for (const row of rows) {
    if (row.part === 'money') money.set(row.bucket, [...(money.get(row.bucket) ?? []), row]);
  }
  const converted = new Map(rows.filter((row) => row.part === 'converted').map((row) => [row.bucket, row]));
  const traffic = new Map(rows.filter((row) => row.part === 'traffic').map((row) => [row.bucket, row.sessions]));
  const points = labels.map((start, bucket): SeriesPoint => {
    const converting_sessions = converted.get(bucket)?.sessions ?? 0;
    const total_sessions = traffic.get(bucket) ?? 0;
    return {
      start,
      from_ms: bounds[bucket]!,
      to_ms: bounds[bucket + 1]!,
      conversions: converted.get(bucket)?.n ?? 0,
      converting_sessions,
      total_sessions,
      conversion_rate: rate(converting_sessions, total_sessions),
      revenue: revenueOf(money.get(bucket) ?? []),
    };
  });
  return { interval, timezone: query.timezone, as_of: query.as_of, points };
}
