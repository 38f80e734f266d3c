/**
 * Applies goals to the past in one pass over its events: distinct combinations are judged in JS, scopes and keys are
 * worked out by the engine.
 */
import { setImmediate as turn } from 'node:timers/promises';
import type { Run } from './duckdb-engine.ts';
import { wholeTraffic } from './event-rules.ts';
import {
  type BackfillChunk,
  type BackfillGoal,
  type BackfillReport,
  type PastTuple,
  SESSION_DIMENSIONS,
  type StoreValue,
} from './event-store.ts';
import { settleCandidates } from './load-conversions.ts';

const DAY_MS = 86_400_000;
/** Combinations judged between two turns of the event loop, a millisecond or two of work. */
const JUDGED_AT_ONCE = 500;
/** Past these many combinations judged, or events that convert, the rest of the goals is left to the next transaction. */
const JUDGED_IN_ALL = 200_000;
const CONVERTING_IN_ALL = 50_000;

/** Stand in no stored text: between the rows of a table that is bound as one text, and between their fields. */
const ROW = '\u001f';
const FIELD = '\u001e';

const ACTION_SCOPE = "concat('e:', CAST(coalesce(action, id) AS VARCHAR))";
/** The scope of a conversion's key (core `conversionScope`) as SQL: unknown views and sessions fall back to the event. */
const SCOPES: Readonly<Record<BackfillGoal['count'], string>> = {
  every: ACTION_SCOPE,
  once_per_page: `coalesce('p:' || CAST(view AS VARCHAR), ${ACTION_SCOPE})`,
  once_per_session: `coalesce('s:' || CAST(session AS VARCHAR), ${ACTION_SCOPE})`,
  once_per_visitor: `coalesce('v:' || CAST(visitor AS VARCHAR), ${ACTION_SCOPE})`,
};

/** The scope of an event: its order's where it has one. */
export function orderScope(count: BackfillGoal['count']): string {
  return `coalesce('o:' || order_id, ${SCOPES[count]})`;
}

/** The same where each row has its count rule. */
const SCOPE = `CASE counting ${Object.keys(SCOPES)
  .map((count) => `WHEN '${count}' THEN ${orderScope(count as BackfillGoal['count'])}`)
  .join(' ')} END`;

/** The names that goals of the chunk can count; undefined: any. */
function namesOf({ goals }: BackfillChunk): string[] | undefined {
  const names = goals.flatMap(({ name }) => name ?? []);
  return names.length < goals.length ? undefined : [...new Set(names)];
}

/** The chunk's events, before it is known whether they match. */
function pastEvents(chunk: BackfillChunk): { sql: string; params: StoreValue[] } {
  const names = namesOf(chunk);
  const listed = names?.length === 1 ? '= $1' : `IN (SELECT unnest(string_split($1, chr(${ROW.charCodeAt(0)}))))`;
  const within = `site = ${chunk.site} AND ts >= ${chunk.from_ms} AND ts < ${chunk.to_ms}`;
  const whole = wholeTraffic({
    events: `${within} AND received < ${chunk.received_before_ms}${names ? ` AND name ${listed}` : ''}`,
    sessions: `site = ${chunk.site} AND end_ms >= ${chunk.from_ms} AND start_ms < ${chunk.to_ms}`,
  });
  const amount = chunk.goals.some(({ sees }) => sees.amount);
  const properties = chunk.goals.some(({ sees }) => sees.properties);
  return {
    sql:
      `SELECT *, coalesce(url, '') AS seen_url, coalesce(view_kind, '') AS seen_kind, ` +
      `${amount ? "coalesce(CAST(amount AS VARCHAR), '')" : "''"} AS seen_amount, ` +
      `${amount ? "coalesce(currency, '')" : "''"} AS seen_currency, ` +
      `${properties ? "coalesce(props, '')" : "''"} AS seen_props FROM (${whole})`,
    params: names ? [names.join(ROW)] : [],
  };
}

const TUPLE = 'name, origin, seen_url, seen_kind, seen_amount, seen_currency, seen_props';

/** A combination and how many events have it. */
type CountedTuple = PastTuple & { tuple: number; events: number };

/** Shows goals, one after the other, the combinations they may care for; answers how many goals and what meets them. */
async function judgeTuples(run: Run, { goals }: BackfillChunk): Promise<{ judged: number; met: string[] }> {
  const tuples = await run<CountedTuple>(
    `SELECT tuple, events, name, origin, seen_url AS url, seen_kind AS view_kind, seen_amount AS amount,
       seen_currency AS currency, seen_props AS props FROM tuples ORDER BY tuple`,
  );
  const named = new Map<string, CountedTuple[]>();
  for (const tuple of tuples) {
    const known = named.get(tuple.name);
    if (known) known.push(tuple);
    else named.set(tuple.name, [tuple]);
  }
  const met: string[] = [];
  let looks = 0;
  let converting = 0;
  for (const [place, goal] of goals.entries()) {
    for (const tuple of goal.name === undefined ? tuples : (named.get(goal.name) ?? [])) {
      looks += 1;
      if (looks % JUDGED_AT_ONCE === 0) await turn();
      const money = goal.judge(tuple);
      if (!money) continue;
      converting += tuple.events;
      met.push([place, tuple.tuple, money.amount ?? '', money.currency ?? ''].join(FIELD));
    }
    if (looks >= JUDGED_IN_ALL || converting >= CONVERTING_IN_ALL) return { judged: place + 1, met };
  }
  return { judged: goals.length, met };
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
  const { judged, met } = await judgeTuples(run, chunk);
  if (met.length === 0) return { goals: judged, conversions: 0 };
  await bindTable(run, 'met', {
    columns: { place: 'INTEGER', tuple: 'BIGINT', amount: 'BIGINT', currency: 'VARCHAR' },
    rows: met,
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
