/** What the engines say differently. Everything else of a statistic is one text for all of them. */

/** Conditions on the two tables that events are put together from. */
export interface WholeScope {
  events: string;
  /** Must let every session of those events through. */
  sessions: string;
}

/** A site's runs, those that begin within an interval. */
export interface RunScope {
  site: number;
  /** Half-open, ms. */
  from_ms: number;
  to_ms: number;
}

/** One engine's words. Texts go in and come out as SQL. */
export interface SqlWords {
  /** Whose words these are. */
  engine: 'duckdb' | 'clickhouse';
  /** Whether runs of sessions are stored, and so are quicker to count than the events they are of. */
  keepsRuns: boolean;
  /** Whether a text begins, or ends, with another. */
  startsWith: (text: string, start: string) => string;
  endsWith: (text: string, end: string) => string;
  /** One row for each whole number from one up to, and without, another. */
  eachFrom: (from: string, to: string) => string;
  /** MD5 of a text as 32 hex digits. */
  md5: (text: string) => string;
  /** Condition, beginning with ` AND`, by which blocks of `events` far from an interval of event time are not read. */
  near: (from_ms: number, to_ms: number) => string;
  /** Traffic events with all their columns. */
  wholeTraffic: (scope: WholeScope) => string;
  /** A table of runs: at least `site, session, visitor, start_ms, end_ms` and the dimensions, exact for those that begin within. */
  runs: (scope: RunScope) => string;
}
