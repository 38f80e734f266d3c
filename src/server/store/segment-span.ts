/** What a segment spans in time: how far back and forth loading has to look. */

/** Rows of a segment and their first and last times, ms. */
export interface Span {
  rows: number;
  min_ts: number;
  max_ts: number;
  min_received: number;
  max_received: number;
  /** How long back a copy of one of its events can have been received, ms. */
  window_ms: number;
}
