/** Shapes of the API's answers, as far as views read them. */
import type { Goal } from '../core/goal.ts';
import type { Site } from '../core/site.ts';

export type { Goal } from '../core/goal.ts';
export type { Site } from '../core/site.ts';

/** What somebody may do. */
export type Role = 'owner' | 'editor' | 'viewer';

/** Somebody who may log in. */
export interface Member {
  id: string;
  email: string;
  name: string;
  role: Role;
  /** ms since 1970 UTC. */
  created_at: number;
}

/** What everybody who sees its numbers knows of a site. */
export type SharedSite = Pick<Site, 'id' | 'name' | 'domains' | 'timezone' | 'currency'>;

/** Who is logged in. */
export interface Account {
  member: Member | null;
  csrf_token: string | null;
  /** true until the first owner has used the set-up link. */
  needs_setup: boolean;
}

/** Money in one currency; decimal strings. */
export interface Revenue {
  currency: string;
  total: string;
  refunded: string;
  net: string;
  average: string;
}

/** Counts that every statistic has. */
export interface Counts {
  conversions: number;
  converting_sessions: number;
  total_sessions: number;
  /** A fraction. */
  conversion_rate: number;
  revenue: Revenue[];
}

/** Statistics of one goal in a period. */
export interface GoalStats extends Counts {
  goal_id: string;
  start_date: string;
  end_date: string;
  timezone: string;
  as_of: string;
  converting_visitors: number;
  total_visitors: number;
  prev_conversions: number | null;
  prev_conversion_rate: number | null;
  trend_pct: number | null;
}

/** One bucket of a series. */
export interface SeriesPoint extends Counts {
  /** Local day or hour. */
  start: string;
  from_ms: number;
  to_ms: number;
}

/** A goal over time. */
export interface Series {
  interval: string;
  points: SeriesPoint[];
}

/** One value of a dimension; null is the rest. */
export interface BreakdownRow extends Counts {
  value: string | null;
}

/** One stored version of a goal. */
export interface GoalVersion {
  version: number;
  goal: Goal;
  deleted: boolean;
  /** Who made it, as people know them. */
  actor_name: string;
  /** ms since 1970 UTC. */
  at: number;
}

/** One step of a dry run. */
export interface CheckStep {
  step: string;
  ok: boolean;
  text: string;
}

/** The answer of a dry run. */
export interface CheckAnswer {
  met: boolean;
  why: CheckStep[];
}

/** How many went through goals in their order. */
export interface Funnel {
  per: 'session' | 'visitor';
  steps: {
    goal_id: string;
    reached: number;
    /** Fractions: of the first step, and of the one before. */
    rate: number;
    step_rate: number;
  }[];
}

/** One conversion or refund. */
export interface RecentConversion {
  /** ms since 1970 UTC. */
  time: number;
  refund: boolean;
  amount: string | null;
  currency: string | null;
  order_id: string | null;
  hostname: string;
  path: string;
  source: string;
  country: string;
  device: string;
  browser: string;
  test: boolean;
}

/** What a goal would have counted in the last days. */
export interface PastPreview {
  /** false: what it waits for was never recorded. */
  known: boolean;
  days: { start: string; conversions: number }[];
  conversions: number;
  examples: { text: string; events: number }[];
  complete: boolean;
}

/** How far the counting of a goal's past is. */
export interface PastProgress {
  state: 'none' | 'running' | 'done' | 'failed';
  /** 0 to 1. */
  progress: number;
}

/** A link that shows a site's statistics. */
export interface ShareLink {
  id: string;
  name: string;
  created_at: number;
  expires_at: number | null;
}
