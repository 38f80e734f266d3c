/** Which source, campaign or place a goal's conversions are owed to: the visitor's first or last session before them. */
import { Problem } from '../../core/problem.ts';
import type { EventStore } from '../store/event-store.ts';
import { HAS_MONEY, MONEY_COLUMNS, type MoneyRow, type Revenue, revenueOf } from './revenue.ts';
import { FILTER_COLUMNS, type FilterName, type GoalRef, type StatsQuery } from './stats-query.ts';
import { conversionsSql, Statement, whole } from './stats-sql.ts';

const DAY_MS = 86_400_000;
/** Days of the longest window. */
export const ATTRIBUTION_DAYS = 365;

/** What is asked. */
export interface AttributionScope {
  goal: GoalRef;
  query: StatsQuery;
  /** A session's dimension; pages are none. */
  by: FilterName;
  model: 'first' | 'last';
  /** Sessions that began longer before a conversion are not looked at; 1-365. */
  window_days: number;
}

/** What one value is owed. */
export interface AttributionRow {
  /** '' is unknown, direct, or a conversion whose visitor had no session in the window. */
  value: string;
  conversions: number;
  converting_visitors: number;
  /** `refunded` is what these very conversions gave back, whenever that was. */
  revenue: Revenue[];
}

/** The answer: values with the most conversions first. */
export interface Attribution {
  by: FilterName;
  model: 'first' | 'last';
  as_of: string;
  rows: AttributionRow[];
}

interface Row extends MoneyRow {
  part: 'counts' | 'money';
  value: string;
  n: number;
  visitors: number;
}

/** Throws `invalid_parameter`. */
function checkScope(scope: AttributionScope): void {
  if (scope.by === 'page' || scope.by === 'hostname') {
    throw new Problem('invalid_parameter', 'Pages cannot be credited; choose a dimension of sessions.', {
      field: 'by',
    });
  }
  const { window_days } = scope;
  if (!Number.isInteger(window_days) || window_days < 1 || window_days > ATTRIBUTION_DAYS) {
    throw new Problem('invalid_parameter', `window_days must be 1 to ${ATTRIBUTION_DAYS}.`, { field: 'window_days' });
  }
}

function statementText(statement: Statement, site: number, scope: AttributionScope): string {
  const { goal, query, by, model, window_days } = scope;
  const interval = { from_ms: query.from_ms, to_ms: query.to_ms };
  const window_ms = window_days * DAY_MS;
  const pick = model === 'first' ? 'argMin' : 'argMax';
  const runs = statement.words.runs({ site, from_ms: query.from_ms - window_ms, to_ms: query.to_ms });
  return [
    `WITH paid AS (SELECT * FROM (${conversionsSql(statement, site, { query, interval, goal })}) WHERE NOT refund),`,
    'touches AS (SELECT p.key, ',
    `${pick}(coalesce(s.${FILTER_COLUMNS[by]}, ''), (s.start_ms, s.session)) AS value`,
    `FROM paid p JOIN ${runs} s ON s.visitor = p.visitor WHERE s.site = ${whole(site)} AND s.session IS NOT NULL`,
    `AND s.end_ms >= ${whole(query.from_ms - window_ms)} AND s.start_ms < ${whole(query.to_ms)}`,
    `AND s.start_ms <= p.ts AND s.start_ms >= p.ts - ${whole(window_ms)} GROUP BY p.key),`,
    "credited AS (SELECT p.*, coalesce(t.value, '') AS value FROM paid p LEFT JOIN touches t USING (key)),",
    'returned AS (SELECT r.refund, r.amount, r.currency, c.value FROM conversions r',
    'JOIN credited c ON c.order_id = r.order_id',
    `WHERE r.site = ${whole(site)} AND r.goal = ${whole(goal.number)} AND r.generation = ${whole(goal.generation)} AND r.refund),`,
    'money AS (SELECT refund, amount, currency, value FROM credited UNION ALL SELECT refund, amount, currency, value FROM returned)',
    "SELECT 'counts' AS part, value, count(*) AS n, count(DISTINCT visitor) AS visitors, NULL AS currency, 0 AS paid,",
    'NULL AS total, NULL AS refunded FROM credited GROUP BY value',
    `UNION ALL SELECT 'money', value, 0, 0, ${MONEY_COLUMNS} FROM money WHERE ${HAS_MONEY} GROUP BY value, currency`,
  ].join('\n');
}

/** Works out who is owed what, most conversions first. Throws `invalid_parameter`. */
export async function attribution(store: EventStore, site: number, scope: AttributionScope): Promise<Attribution> {
  checkScope(scope);
  const statement = new Statement(store);
  const rows = await store.query<Row>(statementText(statement, site, scope), statement.params);
  const lines = rows
    .filter((row) => row.part === 'counts')
    .map(
      ({ value, n, visitors }): AttributionRow => ({
        value,
        conversions: n,
        converting_visitors: visitors,
        revenue: revenueOf(rows.filter((row) => row.part === 'money' && row.value === value)),
      }),
    )
    .sort((a, b) => b.conversions - a.conversions || (a.value < b.value ? -1 : 1));
  return { by: scope.by, model: scope.model, as_of: scope.query.as_of, rows: lines };
}
