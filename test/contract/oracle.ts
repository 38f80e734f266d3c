/** The naive truth: every statistic worked out from plain lists in memory, the obvious way, to compare stores with. */

import { rate, trend } from '../../src/server/stats/ratio.ts';
import { type MoneyRow, revenueOf } from '../../src/server/stats/revenue.ts';
import { FILTER_COLUMNS, type FilterName, type GoalRef, type StatsQuery } from '../../src/server/stats/stats-query.ts';
import type { EventRow, RowConversion } from '../../src/server/store/event-row.ts';

/** A conversion as the oracle keeps it; `refund` rows carry negative amounts. */
export interface Counted extends RowConversion {
  event: EventRow;
  ts: number;
  refund: boolean;
}

const column = (row: EventRow, by: FilterName): string => row[FILTER_COLUMNS[by]];

/** First in event time, then by id. */
const isEarlier = (a: EventRow, b: EventRow) => a.ts < b.ts || (a.ts === b.ts && a.id < b.id);

const distinct = (values: Iterable<string>) => new Set([...values].filter((value) => value !== '')).size;

export class Oracle {
  readonly events = new Map<string, EventRow>();
  readonly counted = new Map<string, Counted>();
  readonly refunds: Counted[] = [];

  /** Takes rows in the order they arrive. */
  load(rows: readonly EventRow[]): void {
    for (const row of rows) {
      if (this.events.has(`${row.site} ${row.id}`)) continue;
      this.events.set(`${row.site} ${row.id}`, row);
      for (const item of row.conversions) {
        const before = this.counted.get(item.key);
        if (!before || isEarlier(row, before.event)) {
          this.counted.set(item.key, { ...item, event: row, ts: row.ts, refund: false });
        }
      }
    }
  }

  private passes(row: EventRow, query: StatsQuery): boolean {
    if (row.bot && !query.include_bots) return false;
    return query.filters.every(({ by, is, is_not }) => {
      const value = column(row, by);
      const equals = (text: string) =>
        value === text || (by === 'region' && text !== '' && value.split('|').includes(text));
      return (is.length === 0 || is.some(equals)) && !is_not.some(equals);
    });
  }

  /** Sessions that a goal filter lets through in an interval. */
  private sessionFilter(site: number, query: StatsQuery, [from, to]: [number, number]): (session: string) => boolean {
    const of = (goals: readonly GoalRef[]) =>
      new Set(
        [...this.counted.values()]
          .filter((c) => c.event.site === site && c.ts >= from && c.ts < to && c.event.session !== '')
          .filter((c) => goals.some((g) => g.number === c.goal && g.generation === c.generation))
          .map((c) => c.event.session),
      );
    const { is, is_not } = query.goals;
    const yes = of(is);
    const no = of(is_not);
    return (session) => (is.length === 0 || yes.has(session)) && !no.has(session);
  }

  traffic(site: number, query: StatsQuery, interval: [number, number]): EventRow[] {
    const allowed = this.sessionFilter(site, query, interval);
    return [...this.events.values()].filter(
      (row) =>
        row.site === site &&
        row.ts >= interval[0] &&
        row.ts < interval[1] &&
        row.name !== '$engagement' &&
        row.name !== '$diagnostic' &&
        (row.session !== '' || row.visitor !== '') &&
        this.passes(row, query) &&
        allowed(row.session),
    );
  }

  conversions(site: number, query: StatsQuery, scope: { interval: [number, number]; goal: GoalRef }): Counted[] {
    const { interval, goal } = scope;
    const allowed = this.sessionFilter(site, query, interval);
    return [...this.counted.values(), ...this.refunds].filter(
      (c) =>
        c.event.site === site &&
        c.goal === goal.number &&
        c.generation === goal.generation &&
        c.ts >= interval[0] &&
        c.ts < interval[1] &&
        this.passes(c.event, query) &&
        allowed(c.event.session),
    );
  }

  counts(site: number, query: StatsQuery, scope: { interval: [number, number]; goal: GoalRef }) {
    const traffic = this.traffic(site, query, scope.interval);
    const counted = this.conversions(site, query, scope).filter((c) => !c.refund);
    return {
      conversions: counted.length,
      converting_sessions: distinct(counted.map((c) => c.event.session)),
      converting_visitors: distinct(counted.map((c) => c.event.visitor)),
      total_sessions: distinct(traffic.map((row) => row.session)),
      total_visitors: distinct(traffic.map((row) => row.visitor)),
    };
  }

  revenue(rows: readonly Counted[]) {
    const byCurrency = new Map<string, MoneyRow>();
    for (const { amount, currency, refund } of rows) {
      if (amount === undefined || currency === undefined) continue;
      const sum = byCurrency.get(currency) ?? { currency, paid: 0, total: '0', refunded: '0' };
      if (refund) sum.refunded = String(BigInt(sum.refunded!) + amount);
      else {
        sum.total = String(BigInt(sum.total!) + amount);
        sum.paid += 1;
      }
      byCurrency.set(currency, sum);
    }
    return revenueOf([...byCurrency.values()]);
  }

  goalStats(site: number, query: StatsQuery, goal: GoalRef) {
    const interval: [number, number] = [query.from_ms, query.to_ms];
    const now = this.counts(site, query, { interval, goal });
    const before = this.counts(site, query, { interval: [query.previous_from_ms, query.from_ms], goal });
    const quiet = before.total_sessions === 0;
    return {
      ...now,
      conversion_rate: rate(now.converting_sessions, now.total_sessions),
      prev_conversions: quiet && before.conversions === 0 ? null : before.conversions,
      prev_conversion_rate: quiet ? null : rate(before.converting_sessions, before.total_sessions),
      trend_pct: trend(
        { part: now.converting_sessions, whole: now.total_sessions },
        { part: before.converting_sessions, whole: before.total_sessions },
      ),
      revenue: this.revenue(this.conversions(site, query, { interval, goal })),
    };
  }

  /** One point of a series, or of a breakdown, from rows already chosen. */
  line(traffic: readonly EventRow[], rows: readonly Counted[]) {
    const counted = rows.filter((c) => !c.refund);
    const converting_sessions = distinct(counted.map((c) => c.event.session));
    const total_sessions = distinct(traffic.map((row) => row.session));
    return {
      conversions: counted.length,
      converting_sessions,
      total_sessions,
      conversion_rate: rate(converting_sessions, total_sessions),
      revenue: this.revenue(rows),
    };
  }

  breakdown(site: number, query: StatsQuery, scope: { goal: GoalRef; by: FilterName; limit: number; offset: number }) {
    const { goal, by, limit, offset } = scope;
    const interval: [number, number] = [query.from_ms, query.to_ms];
    const traffic = this.traffic(site, query, interval);
    const rows = this.conversions(site, query, { interval, goal });
    const values = [...new Set([...traffic.map((row) => column(row, by)), ...rows.map((c) => column(c.event, by))])];
    const lineOf = (set: readonly string[]) =>
      this.line(
        traffic.filter((row) => set.includes(column(row, by))),
        rows.filter((c) => set.includes(column(c.event, by))),
      );
    const ranked = values
      .map((value) => ({ value: value as string | null, ...lineOf([value]) }))
      .sort(
        (a, b) =>
          b.conversions - a.conversions || b.total_sessions - a.total_sessions || (a.value! < b.value! ? -1 : 1),
      );
    const page = ranked.slice(offset, offset + limit);
    const rest = ranked.slice(offset + limit).map((line) => line.value!);
    return rest.length === 0 ? page : [...page, { value: null, ...lineOf(rest) }];
  }

  funnel(
    site: number,
    query: StatsQuery,
    scope: { goals: readonly GoalRef[]; per: 'session' | 'visitor'; window_ms: number },
  ) {
    const interval: [number, number] = [query.from_ms, query.to_ms];
    const steps = scope.goals.map((goal) =>
      this.conversions(site, query, { interval, goal }).filter((c) => !c.refund && c.event[scope.per] !== ''),
    );
    const reached = scope.goals.map(() => new Set<string>());
    for (const first of steps[0]!) {
      const who = first.event[scope.per];
      let at = first.ts;
      for (const [index, met] of steps.entries()) {
        const next = met
          .filter((c) => c.event[scope.per] === who && c.ts >= at && c.ts <= first.ts + scope.window_ms)
          .map((c) => c.ts);
        if (next.length === 0) break;
        at = Math.min(...next);
        reached[index]!.add(who);
      }
    }
    return reached.map((set) => set.size);
  }
}
