/** The ledger: what visitors did, written down as they did it, and what each goal must therefore say. */
import type { GoalKey } from './goals.ts';

/** What one visit did towards one goal. */
export interface Entry {
  conversions: number;
  /** Cents by currency. */
  cents: Record<string, number>;
}

/** One visit: a visitor with an address of their own, hence one session. */
export class VisitLedger {
  /** The host of all pages that the visit sees, so that a breakdown tells visits apart. */
  readonly name: string;
  readonly entries = new Map<GoalKey, Entry>();
  /** What the visit did, for whoever looks for a difference. */
  readonly story: string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Writes a conversion down, with its money if it has any. */
  count(goal: GoalKey, money?: { cents: number; currency: string }): void {
    const entry = this.entries.get(goal) ?? { conversions: 0, cents: {} };
    entry.conversions += 1;
    if (money) entry.cents[money.currency] = (entry.cents[money.currency] ?? 0) + money.cents;
    this.entries.set(goal, entry);
  }

  /** As `count`, for a goal that counts once a session or a visitor. */
  countOnce(goal: GoalKey, money?: { cents: number; currency: string }): void {
    if (!this.entries.has(goal)) this.count(goal, money);
  }
}

/** What the statistics of a goal must say over all visits. */
export interface GoalSum {
  conversions: number;
  converting_sessions: number;
  /** Decimal strings by currency. */
  revenue: Record<string, string>;
}

/** Adds visits up. */
export function sumOf(visits: readonly VisitLedger[], goal: GoalKey): GoalSum {
  const cents: Record<string, number> = {};
  let conversions = 0;
  let converting_sessions = 0;
  for (const { entries } of visits) {
    const entry = entries.get(goal);
    if (!entry) continue;
    conversions += entry.conversions;
    converting_sessions += 1;
    for (const [currency, amount] of Object.entries(entry.cents)) cents[currency] = (cents[currency] ?? 0) + amount;
  }
  return { conversions, converting_sessions, revenue: decimals(cents) };
}

/** Cents as decimal strings. */
export function decimals(cents: Record<string, number>): Record<string, string> {
  return Object.fromEntries(Object.entries(cents).map(([currency, amount]) => [currency, (amount / 100).toFixed(2)]));
}
