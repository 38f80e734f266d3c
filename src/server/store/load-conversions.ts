/** The conversions of a segment: each key counts once, for the event that came first in event time. */
import type { Run } from './duckdb-engine.ts';
import { type LoadDrop, SESSION_DIMENSIONS } from './event-store.ts';
import type { Span } from './segment-span.ts';

/** Columns of a conversion that are its event's. */
export const CONVERSION_COLUMNS = [
  'site',
  'goal',
  'generation',
  'version',
  'key',
  'event',
  'ts',
  'refund',
  'refund_id',
  'visitor',
  'session',
  'amount',
  'currency',
  'order_id',
  'hostname',
  'path',
  ...SESSION_DIMENSIONS,
  'bot',
  'test',
].join(', ');

/** `fresh` → `candidates`: one row for each item of an event's `conversions`. */
const CANDIDATES = `
  CREATE OR REPLACE TEMP TABLE candidates AS
  SELECT site, split_part(item, ':', 1)::INTEGER AS goal, split_part(item, ':', 2)::INTEGER AS generation,
      split_part(item, ':', 3)::INTEGER AS version, split_part(item, ':', 4)::UUID AS key,
      split_part(item, ':', 5) = '1' AS lasting, id AS event, ts, false AS refund, NULL AS refund_id, visitor, session,
      nullif(split_part(item, ':', 6), '')::BIGINT AS amount, nullif(split_part(item, ':', 7), '') AS currency,
      order_id, hostname, path, ${SESSION_DIMENSIONS.join(', ')}, bot, test
    FROM (SELECT *, unnest(string_split(conversions, chr(31))) AS item FROM fresh WHERE conversions IS NOT NULL)`;

/** Candidates against one another and what stands: whether each wins, and whether it drives an older row out. */
const VERDICTS = `
  CREATE OR REPLACE TEMP TABLE verdicts AS
  SELECT c.rowid AS place, c.key, c.event, c.site, c.goal, c.order_id IS NOT NULL AS ordered, s.event AS standing,
    f.place IS NOT NULL AND (s.key IS NULL OR (c.ts, c.event) < (s.ts, s.event)) AS wins
  FROM candidates c LEFT JOIN standing s ON s.key = c.key
    LEFT JOIN (SELECT arg_min(rowid, (ts, event)) AS place FROM candidates GROUP BY key) f ON f.place = c.rowid`;

/**
 * `standing`: rows already counted under a candidate's key. Lasting keys are found in `claims`, others can only have been
 * counted as long before or after as events may be late.
 */
function standing(span: Span): string {
  return `
    CREATE OR REPLACE TEMP TABLE standing AS
    SELECT c.key, c.ts, c.event FROM conversions c
    WHERE c.ts BETWEEN ${span.min_ts - span.window_ms} AND ${span.max_ts + span.window_ms}
      AND c.key IN (SELECT key FROM candidates WHERE NOT lasting)
    UNION ALL
    SELECT key, ts, event FROM claims WHERE key IN (SELECT key FROM candidates WHERE lasting)`;
}

/** What became of candidates. */
export interface Settled {
  /** Rows gained. */
  conversions: number;
  /** Events that did not count, or no longer do. */
  drops: LoadDrop[];
}

/** Counts the items of `fresh`. */
export async function loadConversions(run: Run, span: Span): Promise<Settled> {
  await run(CANDIDATES);
  return settleCandidates(run, span);
}

/** Judges the table `candidates`, replaces later rows by earlier ones, and answers what was not counted. */
export async function settleCandidates(run: Run, span: Span): Promise<Settled> {
  const [seen] = await run<{ count: number; lasting: number }>(
    'SELECT count(*) AS count, count(*) FILTER (lasting) AS lasting FROM candidates',
  );
  if (seen!.count === 0) return { conversions: 0, drops: [] };
  await run(standing(span));
  await run(VERDICTS);
  const losers = await run<LoadDrop>(
    `SELECT site, CAST(CASE WHEN wins THEN standing ELSE event END AS VARCHAR) AS id, goal,
       CASE WHEN ordered THEN 'duplicate_order' ELSE 'already_counted' END AS reason
     FROM verdicts WHERE NOT wins OR standing IS NOT NULL`,
  );
  if (losers.length > 0) await removeReplaced(run);
  await run(
    `INSERT INTO conversions SELECT ${CONVERSION_COLUMNS} FROM candidates
     WHERE rowid IN (SELECT place FROM verdicts WHERE wins)`,
  );
  if (seen!.lasting > 0) {
    await run(
      `INSERT INTO claims SELECT key, event, ts FROM candidates
       WHERE lasting AND rowid IN (SELECT place FROM verdicts WHERE wins)
       ON CONFLICT (key) DO UPDATE SET event = excluded.event, ts = excluded.ts`,
    );
  }
  // Two generations of a goal are counted apart and told of once.
  const told = new Map(losers.map((drop) => [`${drop.site} ${drop.id} ${drop.goal}`, drop]));
  return { conversions: seen!.count - losers.length, drops: [...told.values()] };
}

/** Deletes the rows that an earlier event drives out. */
async function removeReplaced(run: Run): Promise<void> {
  const [range] = await run<{ first: number | null; last: number | null }>(
    'SELECT min(ts) AS first, max(ts) AS last FROM standing WHERE key IN (SELECT key FROM verdicts WHERE wins)',
  );
  if (range?.first == null) return;
  await run(
    `DELETE FROM conversions WHERE ts BETWEEN ${range.first} AND ${range.last}
       AND key IN (SELECT v.key FROM verdicts v WHERE v.wins AND v.standing IS NOT NULL)`,
  );
}
