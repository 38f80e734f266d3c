/** The naive truth of attribution: a visitor's sessions in plain lists, the first or last before each conversion. */
import { SESSION_IDLE_MS } from '../../src/core/limits.ts';
import type { AttributionRow, AttributionScope } from '../../src/server/stats/attribution.ts';
import { FILTER_COLUMNS } from '../../src/server/stats/stats-query.ts';
import type { EventRow } from '../../src/server/store/event-row.ts';
import type { Counted, Oracle } from './oracle.ts';

/** Events that begin a session, or go on with it after more than half an hour. */
function openings(rows: readonly EventRow[]): EventRow[] {
  const last = new Map<string, number>();
  const sorted = [...rows].sort((a, b) => a.ts - b.ts);
  return sorted.filter((row) => {
    const before = last.get(row.session);
    last.set(row.session, row.ts);
    return before === undefined || row.ts - before > SESSION_IDLE_MS;
  });
}

/** Rows as `attribution` answers them. */
export function attributed(oracle: Oracle, site: number, scope: AttributionScope): AttributionRow[] {
  const { goal, query, by, model, window_days } = scope;
  const isTouch = (row: EventRow) =>
    row.site === site && row.session !== '' && row.visitor !== '' && !['$engagement', '$diagnostic'].includes(row.name);
  const touches = openings([...oracle.events.values()].filter(isTouch));
  const ordered = touches.sort((a, b) => a.ts - b.ts || (BigInt(a.session) < BigInt(b.session) ? -1 : 1));
  const credited = (c: Counted): string => {
    const earliest = c.ts - window_days * 86_400_000;
    const own = ordered.filter((t) => t.visitor === c.event.visitor && t.ts <= c.ts && t.ts >= earliest);
    return (model === 'first' ? own[0] : own.at(-1))?.[FILTER_COLUMNS[by]] ?? '';
  };
  const paid = oracle
    .conversions(site, query, { interval: [query.from_ms, query.to_ms], goal })
    .filter((c) => !c.refund);
  const groups = new Map<string, Counted[]>();
  for (const c of paid) {
    const value = credited(c);
    const returned = oracle.refunds.filter(
      (r) => r.goal === c.goal && r.event.order_id !== '' && r.event.order_id === c.event.order_id,
    );
    groups.set(value, [...(groups.get(value) ?? []), c, ...returned]);
  }
  const rows = [...groups].map(([value, list]) => {
    const counted = list.filter((c) => !c.refund);
    const visitors = new Set(counted.map((c) => c.event.visitor).filter((visitor) => visitor !== ''));
    return {
      value,
      conversions: counted.length,
      converting_visitors: visitors.size,
      revenue: oracle.revenue(list),
    };
  });
  return rows.sort((a, b) => b.conversions - a.conversions || (a.value < b.value ? -1 : 1));
}
