/**
 * Applies goals to the past in one pass over its events: distinct combinations are judged in JS, scopes and keys are
 * worked out by the engine.
 */
import type { Run } from './duckdb-engine.ts';
import { wholeTraffic } from './event-rules.ts';
import { type BackfillChunk, type BackfillReport, SESSION_DIMENSIONS, type StoreValue } from './event-store.ts';
import { type CountedTuple, judgeTuples, namesOf, SCOPE, seenColumns, TUPLE, TUPLE_ROW } from './judge-tuples.ts';
import { settleCandidates } from './load-conversions.ts';

const DAY_MS = 86_400_000;
/** Stand in no stored text: between the rows of a table that is bound as one text, and between their fields. */
const ROW = '\u001f';
const FIELD = '\u001e';

/** The chunk's events, before it is known whether they match. */
function pastEvents(chunk: BackfillChunk): { sql: string; params: StoreValue[] } {
  const names = namesOf(chunk);
  const listed = names?.length === 1 ? '= $1' : `IN (SELECT unnest(string_split($1, chr(${ROW.charCodeAt(0)}))))`;
  const within = `site = ${chunk.site} AND ts >= ${chunk.from_ms} AND ts < ${chunk.to_ms}`;
  const whole = wholeTraffic({
    events: `${within} AND received < ${chunk.received_before_ms}${names ? ` AND name ${listed}` : ''}`,
    sessions: `site = ${chunk.site} AND end_ms >= ${chunk.from_ms} AND start_ms < ${chunk.to_ms}`,
  });
  return {
    sql: `SELECT *, ${seenColumns(chunk)} FROM (${whole})`,
    params: names ? [names.join(ROW)] : [],
  };
}

/** Makes a table of rows that are bound as one text: much faster than as many values. */
async function bindTable(run: Run, name: string, table: { columns: Record<string, string>; rows: string[] }) {
  const columns = Object.entries(table.columns).map(
    ([column, type], index) =>
      `CAST(nullif(split_part(item, chr(${FIELD.charCodeAt(0)}), ${index + 1}), '') AS ${type}) AS ${column}`,
  );
  await run(
    `CREATE OR REPLACE TEMP TABLE ${name} AS SELECT ${columns.join(', ')}
       FROM (SELECT unnest(string_split($1, chr(${ROW.charCodeAt(0)}))) AS item)`,
    [table.rows.join(ROW)],
  );
}

/** The events that convert, as `settleCandidates` reads them. */
const CANDIDATES = `
  CREATE OR REPLACE TEMP TABLE candidates AS
  SELECT site, goal, generation, version, CAST(md5(concat(prefix, ${SCOPE})) AS UUID) AS key,
      (order_id IS NOT NULL OR (counting = 'once_per_visitor' AND identified)) AS lasting,
      id AS event, ts, false AS refund, NULL AS refund_id, visitor, session, met.amount, met.currency, order_id,
      hostname, path, ${SESSION_DIMENSIONS.join(', ')}, bot, test
    FROM past JOIN tuples USING (${TUPLE}) JOIN met USING (tuple) JOIN counted USING (place)`;

/** Applies one chunk within the transaction of `run`. */
export async function backfillChunk(run: Run, chunk: BackfillChunk): Promise<BackfillReport> {
  const past = pastEvents(chunk);
  await run(`CREATE OR REPLACE TEMP TABLE past AS ${past.sql}`, past.params);
  await run(
    `CREATE OR REPLACE TEMP TABLE tuples AS
     SELECT row_number() OVER () AS tuple, * FROM (SELECT ${TUPLE}, count(*) AS events FROM past GROUP BY ${TUPLE})`,
  );
  const tuples = await run<CountedTuple>(`SELECT ${TUPLE_ROW} FROM tuples ORDER BY tuple`);
  const { judged, met } = await judgeTuples(tuples, chunk);
  if (met.length === 0) return { goals: judged, conversions: 0 };
  await bindTable(run, 'met', {
    columns: { place: 'INTEGER', tuple: 'BIGINT', amount: 'BIGINT', currency: 'VARCHAR' },
    rows: met.map(({ place, tuple, amount, currency }) => [place, tuple, amount, currency].join(FIELD)),
  });
  await bindTable(run, 'counted', {
    columns: {
      place: 'INTEGER',
      goal: 'INTEGER',
      generation: 'INTEGER',
      version: 'INTEGER',
      counting: 'VARCHAR',
      prefix: 'VARCHAR',
    },
    rows: chunk.goals
      .slice(0, judged)
      .map(({ goal, generation, version, count, key_prefix }, place) =>
        [place, goal, generation, version, count, key_prefix].join(FIELD),
      ),
  });
  await run(CANDIDATES);
  const { conversions } = await settleCandidates(run, {
    rows: met.length,
    min_ts: chunk.from_ms,
    max_ts: chunk.to_ms,
    min_received: chunk.from_ms,
    max_received: chunk.to_ms,
    // Two events of one scope (a session, a view, a visitor of one day) are never further apart.
    window_ms: 8 * DAY_MS,
  });
  return { goals: judged, conversions };
}
