/** Applies a goal to the past: distinct combinations are judged in JS, scopes and keys are worked out by the engine. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Run } from './duckdb-engine.ts';
import { wholeTraffic } from './event-rules.ts';
import { type BackfillChunk, type PastTuple, SESSION_DIMENSIONS, type StoreValue } from './event-store.ts';
import { settleCandidates } from './load-conversions.ts';

const DAY_MS = 86_400_000;
/** Combinations judged between two turns of the event loop, a millisecond or two of work. */
const JUDGED_AT_ONCE = 500;
/** Rows of one INSERT … VALUES. */
const MET_AT_ONCE = 1_000;

const ACTION_SCOPE = "concat('e:', CAST(coalesce(action, id) AS VARCHAR))";
/** The scope of a conversion's key (core `conversionScope`) as SQL: unknown views and sessions fall back to the event. */
const SCOPES: Readonly<Record<BackfillChunk['count'], string>> = {
  every: ACTION_SCOPE,
  once_per_page: `coalesce('p:' || CAST(view AS VARCHAR), ${ACTION_SCOPE})`,
  once_per_session: `coalesce('s:' || CAST(session AS VARCHAR), ${ACTION_SCOPE})`,
  once_per_visitor: `coalesce('v:' || CAST(visitor AS VARCHAR), ${ACTION_SCOPE})`,
};

/** The scope of an event: its order's where it has one. */
export function orderScope(count: BackfillChunk['count']): string {
  return `coalesce('o:' || order_id, ${SCOPES[count]})`;
}

/** The chunk's events, before it is known whether they match. */
function pastEvents(chunk: BackfillChunk): { sql: string; params: StoreValue[] } {
  const name = chunk.name === undefined ? '' : ' AND name = $1';
  const within = `site = ${chunk.site} AND ts >= ${chunk.from_ms} AND ts < ${chunk.to_ms}`;
  const whole = wholeTraffic({
    events: `${within} AND received < ${chunk.received_before_ms}${name}`,
    sessions: `site = ${chunk.site} AND end_ms >= ${chunk.from_ms} AND start_ms < ${chunk.to_ms}`,
  });
  return {
    sql:
      `SELECT *, coalesce(url, '') AS seen_url, coalesce(view_kind, '') AS seen_kind, ` +
      `${chunk.sees.amount ? "coalesce(CAST(amount AS VARCHAR), '')" : "''"} AS seen_amount, ` +
      `${chunk.sees.amount ? "coalesce(currency, '')" : "''"} AS seen_currency, ` +
      `${chunk.sees.properties ? "coalesce(props, '')" : "''"} AS seen_props FROM (${whole})`,
    params: chunk.name === undefined ? [] : [chunk.name],
  };
}

const TUPLE = 'name, origin, seen_url, seen_kind, seen_amount, seen_currency, seen_props';

/** Judges every combination; answers the rows of those that convert. */
async function judgeTuples(run: Run, chunk: BackfillChunk): Promise<{ values: string[]; params: StoreValue[] }> {
  const tuples = await run<PastTuple & { tuple: number }>(
    `SELECT tuple, name, origin, seen_url AS url, seen_kind AS view_kind, seen_amount AS amount,
       seen_currency AS currency, seen_props AS props FROM tuples ORDER BY tuple`,
  );
  const values: string[] = [];
  const currencies = new Map<string, number>();
  for (const [index, { tuple, ...seen }] of tuples.entries()) {
    if (index % JUDGED_AT_ONCE === JUDGED_AT_ONCE - 1) await turn();
    const met = chunk.judge(seen);
    if (!met) continue;
    let slot = 'NULL';
    if (met.currency !== undefined) {
      if (!currencies.has(met.currency)) currencies.set(met.currency, currencies.size + 1);
      slot = `$${currencies.get(met.currency)}`;
    }
    values.push(`(${tuple}, ${met.amount ?? 'NULL'}, ${slot})`);
  }
  return { values, params: [...currencies.keys()] };
}

/** Applies one chunk within the transaction of `run`; answers the conversions gained. */
export async function backfillChunk(run: Run, chunk: BackfillChunk): Promise<number> {
  const past = pastEvents(chunk);
  await run(`CREATE OR REPLACE TEMP TABLE past AS ${past.sql}`, past.params);
  await run(
    `CREATE OR REPLACE TEMP TABLE tuples AS
     SELECT row_number() OVER () AS tuple, * FROM (SELECT DISTINCT ${TUPLE} FROM past)`,
  );
  const { values, params } = await judgeTuples(run, chunk);
  if (values.length === 0) return 0;
  await run('CREATE OR REPLACE TEMP TABLE met (tuple BIGINT, amount BIGINT, currency VARCHAR)');
  for (let from = 0; from < values.length; from += MET_AT_ONCE) {
    await insertMet(run, values.slice(from, from + MET_AT_ONCE), params);
  }
  await run(candidates(chunk), [chunk.key_prefix]);
  const span = {
    rows: values.length,
    min_ts: chunk.from_ms,
    max_ts: chunk.to_ms,
    min_received: chunk.from_ms,
    max_received: chunk.to_ms,
    // Two events of one scope (a session, a view, a visitor of one day) are never further apart.
    window_ms: 8 * DAY_MS,
  };
  const { conversions } = await settleCandidates(run, span);
  return conversions;
}

/** Inserts rows; a statement may bind only what stands in its text, so unused currencies are left out. */
async function insertMet(run: Run, values: readonly string[], currencies: readonly StoreValue[]): Promise<void> {
  const used = new Map<string, number>();
  const text = values.join(', ').replace(/\$\d+/g, (slot) => {
    if (!used.has(slot)) used.set(slot, used.size + 1);
    return `$${used.get(slot)}`;
  });
  await run(
    `INSERT INTO met VALUES ${text}`,
    [...used.keys()].map((slot) => currencies[Number(slot.slice(1)) - 1]!),
  );
}

/** The events that convert, as `settleCandidates` reads them. */
function candidates(chunk: BackfillChunk): string {
  const lasting = `(order_id IS NOT NULL OR ${chunk.count === 'once_per_visitor' ? 'identified' : 'false'})`;
  return `
    CREATE OR REPLACE TEMP TABLE candidates AS
    SELECT site, ${chunk.goal} AS goal, ${chunk.generation} AS generation, ${chunk.version} AS version,
        CAST(md5(concat($1, ${orderScope(chunk.count)})) AS UUID) AS key,
        ${lasting} AS lasting, id AS event, ts, false AS refund, NULL AS refund_id, visitor, session,
        met.amount, met.currency, order_id, hostname, path, ${SESSION_DIMENSIONS.join(', ')}, bot, test
      FROM past JOIN tuples USING (${TUPLE}) JOIN met USING (tuple)`;
}
