/** Applies one sealed segment: what is new of it, exactly once, in the order of event time. */
import { BROWSER_EVENT_AGE_MS, SERVER_EVENT_AGE_MS } from '../../core/limits.ts';
import type { Run } from './duckdb-engine.ts';
import { ROW_COLUMNS } from './event-row.ts';
import { KEPT_COLUMNS } from './event-rules.ts';
import type { LoadDrop, LoadReport, Segment } from './event-store.ts';
import { loadConversions } from './load-conversions.ts';
import { loadSessions } from './load-sessions.ts';
import type { Span } from './segment-span.ts';

const DAY_MS = 86_400_000;
/** Journal files are deleted right after they were applied; one found later than this was restored by hand. */
const DRAINED_KEPT_MS = 2 * DAY_MS;
/** Of what was dropped, so many are named one by one. */
export const DROP_SAMPLES = 1_000;

const COLUMNS = Object.entries(ROW_COLUMNS)
  .map(([name, type]) => `'${name}': '${type}'`)
  .join(', ');

/** The files as one table; quotes in a path are doubled. */
function records({ path, others = [] }: Segment): string {
  const paths = [path, ...others].map((one) => `'${one.replaceAll("'", "''")}'`);
  return (
    `read_csv([${paths.join(', ')}], auto_detect = false, header = false, delim = ',', quote = '"', ` +
    `escape = '"', new_line = '\\n', nullstr = '', columns = {${COLUMNS}})`
  );
}

async function spanOf(run: Run): Promise<Span & { lone: boolean }> {
  const [row] = await run<Omit<Span, 'window_ms'> & { server: boolean | null; lone: boolean | null }>(
    `SELECT count(*) AS rows, min(ts) AS min_ts, max(ts) AS max_ts, min(received) AS min_received,
       max(received) AS max_received, bool_or(origin = 'server') AS server, bool_or(session IS NULL) AS lone
     FROM fresh`,
  );
  // A day more than the oldest event that is accepted: what was late once may be late again.
  return {
    ...row!,
    lone: row!.lone === true,
    window_ms: (row!.server ? SERVER_EVENT_AGE_MS : BROWSER_EVENT_AGE_MS) + DAY_MS,
  };
}

/**
 * Leaves in `fresh` what is neither in the file twice nor in the store. The join runs over the events from the few new ids,
 * and `received` only grows, so old blocks are never read.
 */
async function removeCopies(run: Run, span: Span): Promise<LoadDrop[]> {
  const drops = await run<LoadDrop & { place: number }>(
    `SELECT f.site, CAST(f.id AS VARCHAR) AS id, 'duplicate' AS reason, f.rowid AS place FROM fresh f
       LEFT JOIN (SELECT min(rowid) AS place FROM fresh GROUP BY site, id) one ON one.place = f.rowid
       LEFT JOIN (SELECT DISTINCT e.site, e.id FROM events e JOIN (SELECT site, id FROM fresh) n
         ON e.site = n.site AND e.id = n.id WHERE e.received >= ${span.min_received - span.window_ms}) known
       ON known.site = f.site AND known.id = f.id
     WHERE one.place IS NULL OR known.id IS NOT NULL ORDER BY f.rowid`,
  );
  const places = drops.map((drop) => drop.place);
  for (let from = 0; from < places.length; from += DROP_SAMPLES) {
    await run(`DELETE FROM fresh WHERE rowid IN (${places.slice(from, from + DROP_SAMPLES).join(', ')})`);
  }
  return drops.map(({ site, id, reason }) => ({ site, id, reason }));
}

/** Groups what was dropped by site and reason. */
export function countDrops(drops: readonly LoadDrop[]): LoadReport['dropped'] {
  const groups = new Map<string, LoadReport['dropped'][number]>();
  for (const { site, reason } of drops) {
    const group = groups.get(`${site} ${reason}`);
    if (group) group.count += 1;
    else groups.set(`${site} ${reason}`, { site, reason, count: 1 });
  }
  return [...groups.values()];
}

/** Applies a segment within the transaction of `run`. */
export async function loadSegment(run: Run, segment: Segment): Promise<LoadReport> {
  const known = await run('SELECT 1 FROM drained WHERE segment = $1', [segment.id]);
  if (known.length > 0) return { applied: false, events: 0, conversions: 0, dropped: [], drops: [] };
  await run(
    `CREATE OR REPLACE TEMP TABLE fresh AS
     SELECT * EXCLUDE (crc) FROM ${records(segment)}`,
  );
  const span = await spanOf(run);
  const drops: LoadDrop[] = [];
  let conversions = 0;
  if (span.rows > 0) {
    drops.push(...(await removeCopies(run, span)));
    await run(`INSERT INTO events SELECT ${KEPT_COLUMNS} FROM fresh`);
    const counted = await loadConversions(run, span);
    conversions = counted.conversions;
    drops.push(...counted.drops);
    await loadSessions(run, span, span);
  }
  await run('INSERT INTO drained VALUES ($1, $2)', [segment.id, span.max_received ?? 0]);
  await run(`DELETE FROM drained WHERE drained_ms < ${(span.max_received ?? 0) - DRAINED_KEPT_MS} AND drained_ms > 0`);
  const duplicates = drops.filter((drop) => drop.reason === 'duplicate').length;
  return {
    applied: true,
    events: span.rows - duplicates,
    conversions,
    dropped: countDrops(drops),
    drops: drops.slice(0, DROP_SAMPLES),
  };
}
