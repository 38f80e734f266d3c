/** Sessions as runs: events of one session, visitor and set of dimensions without a gap over SESSION_IDLE_MS. */
import { SESSION_IDLE_MS } from '../../core/limits.ts';
import type { Run } from './duckdb-engine.ts';
import { IS_SOMEBODY, IS_TRAFFIC } from './event-rules.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';
import type { Span } from './segment-span.ts';

const DIMENSIONS = `${SESSION_DIMENSIONS.join(', ')}, bot, test`;
const RUN_COLUMNS =
  'site, session, visitor, start_ms, end_ms, events, entry_host, entry_path, exit_host, exit_path, ' +
  `${DIMENSIONS}, identified, split`;
/** Runs never mix these, so that a filter on any of them is exact even if a sender changes them within a session. */
const PROFILE = `hash(${DIMENSIONS}) AS profile`;
/** Pieces that may have to do with one another; two that share it by chance are only looked at more closely. */
const WHO = 'hash(site, session, CASE WHEN session IS NULL THEN visitor END) AS who';

/**
 * `pieces`: the traffic of a table of events, one by one, and the runs of `continued`, as numbers only. A place is the row it
 * came from, negative for runs.
 */
function piecesOf(events: string): string {
  return `
    CREATE OR REPLACE TEMP TABLE pieces AS
    SELECT rowid AS place, site, session, visitor, ts AS start_ms, ts AS end_ms, 1 AS events, identified, ${PROFILE}, ${WHO}
    FROM ${events} WHERE ${IS_TRAFFIC} AND ${IS_SOMEBODY}
    UNION ALL
    SELECT -1 - row_place, site, session, visitor, start_ms, end_ms, events, identified, ${PROFILE}, ${WHO} FROM continued`;
}

/** What a run takes from the pieces it begins and ends with. */
function textsOf(events: string): string {
  return `
    (SELECT rowid AS place, hostname AS entry_host, path AS entry_path, hostname AS exit_host, path AS exit_path,
      ${DIMENSIONS} FROM ${events}
     UNION ALL
     SELECT -1 - row_place, entry_host, entry_path, exit_host, exit_path, ${DIMENSIONS} FROM continued)`;
}

const JOINED =
  'min(start_ms) AS start_ms, max(end_ms) AS end_ms, sum(events) AS events, bool_or(identified) AS identified, ' +
  'arg_min(place, start_ms) AS entry, arg_max(place, end_ms) AS exit';

/** Pieces by session, visitor and profile, and whether they are plainly one run: what is new lies close together and to what was. */
const GROUPED = `
  CREATE OR REPLACE TEMP TABLE grouped AS
  SELECT *, first_new IS NOT NULL AND last_new - first_new <= ${SESSION_IDLE_MS} AND (old = 0 OR (old = 1
    AND first_new - last_old <= ${SESSION_IDLE_MS} AND first_old - last_new <= ${SESSION_IDLE_MS})) AS plain, false AS split
  FROM (SELECT site, session, visitor, profile, who, ${JOINED}, count(*) FILTER (place < 0) AS old,
      min(start_ms) FILTER (place >= 0) AS first_new, max(end_ms) FILTER (place >= 0) AS last_new,
      min(start_ms) FILTER (place < 0) AS first_old, max(end_ms) FILTER (place < 0) AS last_old
    FROM pieces GROUP BY site, session, visitor, profile, who)`;

const TANGLED = `
  CREATE OR REPLACE TEMP TABLE tangled AS
  SELECT who FROM grouped GROUP BY who HAVING count(*) > 1 OR NOT bool_and(plain)`;

const WINDOW = 'OVER (PARTITION BY site, session, visitor, profile ORDER BY start_ms';

/** The runs of `tangled`: a piece that begins too long after all before it have ended opens the next run. */
const UNTANGLED = `
  (SELECT *, session IS NOT NULL AND count(*) OVER (PARTITION BY site, session) > 1 AS split FROM (
    SELECT site, session, visitor, ${JOINED} FROM (
      SELECT *, sum(opens) ${WINDOW} ROWS UNBOUNDED PRECEDING) AS nth FROM (
        SELECT *, CASE WHEN start_ms - max(end_ms) ${WINDOW} ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
          <= ${SESSION_IDLE_MS} THEN 0 ELSE 1 END AS opens
        FROM pieces WHERE who IN (SELECT who FROM tangled)))
    GROUP BY site, session, visitor, profile, nth))`;

/**
 * Runs that only become longer at their end, as nearly all do that go on: these stay where they are. Deleted and written
 * again by every segment, a session would leave as many dead rows behind it as it has events.
 */
const EXTENDED = `
  CREATE OR REPLACE TEMP TABLE extended AS
  SELECT c.row_place, g.end_ms, g.events, CASE WHEN g.exit < 0 THEN c.exit_host ELSE f.hostname END AS exit_host,
    CASE WHEN g.exit < 0 THEN c.exit_path ELSE f.path END AS exit_path
  FROM grouped g JOIN continued c ON c.row_place = -1 - g.entry LEFT JOIN fresh f ON f.rowid = g.exit
  WHERE g.old = 1 AND g.entry < 0 AND g.identified = c.identified AND NOT c.split
    AND g.who NOT IN (SELECT who FROM tangled)`;

const IS_EXTENDED = '(SELECT row_place FROM extended)';

/** Finds out which pieces of a table of events and of `continued` belong together. */
async function groupPieces(run: Run, events: string): Promise<void> {
  await run(piecesOf(events));
  await run(GROUPED);
  await run(TANGLED);
}

/** How many rows a table has. */
async function countOf(run: Run, table: string): Promise<number> {
  const [seen] = await run<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
  return seen!.count;
}

/** Inserts the runs of the groups: those that are plainly one, then those of `tangled`. Answers how many. */
async function insertGroups(run: Run, events: string, plain: string): Promise<number> {
  const texts = textsOf(events);
  const columns = RUN_COLUMNS.replace('entry_host, entry_path, exit_host, exit_path', (names) =>
    names.replaceAll('entry_', 'first.entry_').replaceAll('exit_', 'last.exit_'),
  ).replace(DIMENSIONS, DIMENSIONS.replace(/\w+/g, 'first.$&'));
  const insert = async (runs: string): Promise<number> => {
    const [row] = await run<{ Count: number }>(
      `INSERT INTO sessions (${RUN_COLUMNS}) SELECT ${columns} FROM ${runs} r
       JOIN ${texts} first ON first.place = r.entry JOIN ${texts} last ON last.place = r.exit`,
    );
    return row?.Count ?? 0;
  };
  const inserted = await insert(`(SELECT * FROM grouped WHERE who NOT IN (SELECT who FROM tangled) AND ${plain})`);
  return (await countOf(run, 'tangled')) === 0 ? inserted : inserted + (await insert(UNTANGLED));
}

/** Joins the traffic of a table of events with the runs of `continued`, and inserts what comes out; answers how many. */
export async function insertJoined(run: Run, events: string): Promise<number> {
  await groupPieces(run, events);
  return insertGroups(run, events, 'true');
}

/** Runs of the sessions of `fresh`. */
function ofSessions({ min_ts, max_ts, window_ms }: Span): string {
  return `
    SELECT s.rowid AS row_place, s.* FROM sessions s
    JOIN (SELECT DISTINCT site, session FROM fresh WHERE ${IS_TRAFFIC} AND session IS NOT NULL) p
      ON s.site = p.site AND s.session = p.session
    WHERE s.end_ms >= ${min_ts - window_ms} AND s.start_ms <= ${max_ts + window_ms}`;
}

/** Runs, of no session, of the visitors of those of `fresh` that have none. */
function ofVisitors({ min_ts, max_ts }: Span): string {
  return `
    SELECT s.rowid AS row_place, s.* FROM sessions s
    JOIN (SELECT DISTINCT site, visitor FROM fresh WHERE ${IS_TRAFFIC} AND session IS NULL) p
      ON s.site = p.site AND s.visitor = p.visitor
    WHERE s.session IS NULL AND s.end_ms >= ${min_ts - SESSION_IDLE_MS} AND s.start_ms <= ${max_ts + SESSION_IDLE_MS}`;
}

/**
 * Adds the traffic of `fresh` to the runs it continues, or opens new ones. All runs of a session are looked at, as far back as
 * late events make any, so that `split` is right. `lone`: some of `fresh` may belong to visitors without a session.
 */
export async function loadSessions(run: Run, span: Span, { lone }: { lone: boolean }): Promise<void> {
  await run(
    `CREATE OR REPLACE TEMP TABLE continued AS ${ofSessions(span)}${lone ? ` UNION ALL ${ofVisitors(span)}` : ''}`,
  );
  await groupPieces(run, 'fresh');
  await run(EXTENDED);
  // What is left out below would change nothing, and costs a quiet collector a tenth of all it does for a segment.
  const [found] = await run<{ continued: number; extended: number }>(
    'SELECT (SELECT count(*) FROM continued) AS continued, (SELECT count(*) FROM extended) AS extended',
  );
  if (found!.extended > 0) await extendRuns(run);
  if (found!.continued > found!.extended) {
    await run(`DELETE FROM continued WHERE row_place IN ${IS_EXTENDED}`);
    await run('DELETE FROM sessions WHERE rowid IN (SELECT row_place FROM continued)');
  }
  await insertGroups(run, 'fresh', `-1 - entry NOT IN ${IS_EXTENDED}`);
}

async function extendRuns(run: Run): Promise<void> {
  await run(`
    UPDATE sessions SET end_ms = e.end_ms, events = e.events, exit_host = e.exit_host, exit_path = e.exit_path
    FROM extended e WHERE sessions.rowid = e.row_place`);
}
