/** Goals applied to the past in ClickHouse, and what becomes of refunds when a goal is counted anew. */

import type { LoadScope } from './clickhouse-load.ts';
import type { ClickhouseNode } from './clickhouse-node.ts';
import { CANDIDATE_COLUMNS, decide, insertDecided } from './clickhouse-settle.ts';
import { onStage, type Stage } from './clickhouse-stage.ts';
import { CLICKHOUSE_WORDS } from './clickhouse-words.ts';
import { type BackfillChunk, type BackfillReport, SESSION_DIMENSIONS, type StoreValue } from './event-store.ts';
import {
  type CountedTuple,
  judgeTuples,
  type MetTuple,
  namesOf,
  SCOPE,
  seenColumns,
  TUPLE,
  TUPLE_ROW,
} from './judge-tuples.ts';
import { CONVERSION_COLUMNS } from './load-conversions.ts';

const DAY_MS = 86_400_000;
const TUPLE_COLUMNS = Object.fromEntries(TUPLE.split(', ').map((name) => [name, 'String']));

/** A chunk's events and what goals see of them. */
interface Past {
  sql: string;
  params: StoreValue[];
}

function pastEvents(chunk: BackfillChunk): Past {
  const { site, from_ms, to_ms, received_before_ms } = chunk;
  const names = namesOf(chunk);
  const named = names === undefined ? '' : ` AND name IN (${names.map((_, index) => `$${index + 1}`).join(', ')})`;
  const events =
    `site = ${site} AND ts >= ${from_ms} AND ts < ${to_ms}${CLICKHOUSE_WORDS.near(from_ms, to_ms)} ` +
    `AND received < ${received_before_ms}${named}`;
  return {
    sql: `SELECT *, ${seenColumns(chunk)} FROM (${CLICKHOUSE_WORDS.wholeTraffic({ events, sessions: 'true' })})`,
    params: names ?? [],
  };
}

/** Makes the table of combinations with their numbers. */
async function numberTuples(stage: Stage, past: Past): Promise<string> {
  const tuples = await stage.table('tuples', { tuple: 'UInt64', ...TUPLE_COLUMNS, events: 'UInt64' });
  await stage.node.tell(
    `INSERT INTO ${tuples} SELECT row_number() OVER () AS tuple, *
     FROM (SELECT ${TUPLE}, count(*) AS events FROM (${past.sql}) GROUP BY ${TUPLE})`,
    past.params,
  );
  return tuples;
}

/** Makes the table of goals' decisions on combinations: each with the goal's key and value. */
async function giveDecisions(stage: Stage, { goals }: BackfillChunk, met: readonly MetTuple[]): Promise<string> {
  const columns = {
    tuple: 'UInt64',
    met_amount: 'Nullable(Int64)',
    met_currency: 'Nullable(String)',
    goal: 'UInt32',
    generation: 'UInt32',
    version: 'UInt32',
    counting: 'String',
    prefix: 'String',
  };
  const rows = met.map(({ place, tuple, amount, currency }) => {
    const { goal, generation, version, count, key_prefix } = goals[place]!;
    return [tuple, amount || null, currency || null, goal, generation, version, count, key_prefix];
  });
  return stage.given('decisions', columns, rows);
}

/** The events that convert, as `decide` reads them. */
function candidatesOf(past: Past, tables: { tuples: string; decisions: string }): string {
  const shown = TUPLE.split(', ');
  const decided =
    `SELECT ${shown.map((name) => `t.${name} AS t_${name}`).join(', ')}, d.goal AS goal, d.generation AS generation, ` +
    'd.version AS version, d.counting AS counting, d.prefix AS prefix, d.met_amount AS met_amount, ' +
    `d.met_currency AS met_currency FROM ${tables.tuples} t JOIN ${tables.decisions} d ON d.tuple = t.tuple`;
  const own = ['hostname', 'path', ...SESSION_DIMENSIONS, 'bot', 'test'];
  return `
    SELECT row_number() OVER () AS row, site, goal, generation, version,
      toUUID(${CLICKHOUSE_WORDS.md5(`concat(prefix, ${SCOPE})`)}) AS key,
      (order_id IS NOT NULL OR (counting = 'once_per_visitor' AND identified)) AS lasting, id AS event, ts, visitor, session,
      met_amount AS amount, met_currency AS currency, order_id, ${own.join(', ')}
    FROM (SELECT * EXCEPT (amount, currency) FROM (${past.sql})) p
    JOIN (${decided}) m ON ${shown.map((name) => `p.${name} = m.t_${name}`).join(' AND ')}`;
}

/** Applies one chunk. */
export function backfillClickhouse(scope: LoadScope, chunk: BackfillChunk): Promise<BackfillReport> {
  const { writing, claims } = scope;
  return onStage(writing.node, async (stage) => {
    const past = pastEvents(chunk);
    const tuples = await numberTuples(stage, past);
    const rows = await stage.node.ask<CountedTuple>(`SELECT ${TUPLE_ROW} FROM ${tuples} ORDER BY tuple`);
    const { judged, met } = await judgeTuples(rows, chunk);
    if (met.length === 0) return { goals: judged, conversions: 0 };
    const decisions = await giveDecisions(stage, chunk, met);
    const candidates = await stage.table('candidates', CANDIDATE_COLUMNS);
    await stage.node.tell(`INSERT INTO ${candidates} ${candidatesOf(past, { tuples, decisions })}`, past.params);
    const span = {
      rows: met.length,
      min_ts: chunk.from_ms,
      max_ts: chunk.to_ms,
      min_received: chunk.from_ms,
      max_received: chunk.to_ms,
      // Two events of one scope (a session, a view, a visitor of one day) are never further apart.
      window_ms: 8 * DAY_MS,
    };
    const verdict = await decide({ stage, claims, candidates, span });
    await writing.atOnce(() => insertDecided(stage, candidates, verdict));
    return { goals: judged, conversions: verdict.conversions };
  });
}

/** Copies to a generation the refunds of orders it counted, from the newest older generation that has them. */
export async function carryInClickhouse(node: ClickhouseNode, goal: number, generation: number): Promise<number> {
  const of = `goal = ${goal} AND generation = ${generation}`;
  const carried = `FROM conversions WHERE goal = ${goal} AND refund AND generation < ${generation}
    AND (site, order_id) IN (SELECT site, order_id FROM conversions WHERE ${of} AND NOT refund AND order_id IS NOT NULL)
    AND (site, order_id, refund_id) NOT IN (SELECT site, order_id, refund_id FROM conversions WHERE ${of} AND refund)`;
  const [row] = await node.ask<{ n: number }>(`SELECT count(DISTINCT site, order_id, refund_id) AS n ${carried}`);
  if (row!.n === 0) return 0;
  const columns = CONVERSION_COLUMNS.split(', ').filter((name) => name !== 'generation');
  await node.tell(
    `INSERT INTO conversions (generation, ${columns.join(', ')})
     SELECT ${generation}, ${columns.join(', ')} FROM (SELECT * ${carried}
       ORDER BY site, order_id, refund_id, generation DESC LIMIT 1 BY site, order_id, refund_id)`,
  );
  return row!.n;
}
