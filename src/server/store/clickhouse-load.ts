/**
 * Applies one sealed segment to ClickHouse, which has no transaction over several tables: claims, then conversions, then
 * events, so that a load that was cut off is done again with the same outcome, for what makes an event known comes last.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { BROWSER_EVENT_AGE_MS, SERVER_EVENT_AGE_MS } from '../../core/limits.ts';
import type { Claims } from './claims.ts';
import type { Writing } from './clickhouse-engine.ts';
import { AS_WRITTEN, IN_ORDER } from './clickhouse-node.ts';
import { madeSql, placedSql } from './clickhouse-schema.ts';
import { CANDIDATE_COLUMNS, decide, insertDecided, NOBODY, type Verdict } from './clickhouse-settle.ts';
import { onStage, type Stage } from './clickhouse-stage.ts';
import { ROW_COLUMNS } from './event-row.ts';
import { EVENT_COLUMNS } from './event-rules.ts';
import { type LoadDrop, type LoadReport, SESSION_DIMENSIONS, type Segment } from './event-store.ts';
import { countDrops, DROP_SAMPLES } from './load-segment.ts';
import type { Span } from './segment-span.ts';

const DAY_MS = 86_400_000;
const TYPES = {
  INTEGER: 'Nullable(Int32)',
  BIGINT: 'Nullable(Int64)',
  UBIGINT: 'Nullable(UInt64)',
  UUID: 'Nullable(UUID)',
  BOOLEAN: 'Bool',
  VARCHAR: 'Nullable(String)',
};
/** Types in which a record is read; what an event always has is never NULL. */
const ALWAYS: Record<string, string> = { site: 'UInt32', id: 'UUID', ts: 'Int64', received: 'Int64' };
const RAW = Object.fromEntries(Object.entries(ROW_COLUMNS).map(([name, type]) => [name, ALWAYS[name] ?? TYPES[type]]));
const FRESH = { place: 'UInt64', made: 'Int64', placed: 'Int64', ...RAW };
/** Columns that are '' where nothing is known. */
const NEVER_NULL = EVENT_COLUMNS.filter(
  (name) => ROW_COLUMNS[name as keyof typeof ROW_COLUMNS] === 'VARCHAR' && name !== 'currency' && name !== 'order_id',
);

/** A column of a record as it is kept. */
export function keptColumn(name: string): string {
  return NEVER_NULL.includes(name) ? `coalesce(${name}, '') AS ${name}` : name;
}

/** The files of a segment as one stream of bytes. */
async function* bytesOf({ path, others = [] }: Segment): AsyncGenerator<Buffer> {
  for (const one of [path, ...others]) yield* createReadStream(one, { highWaterMark: 1 << 20 });
}

/** Whether there is anything in a segment: an insert of nothing is refused. */
async function isEmpty({ path, others = [] }: Segment): Promise<boolean> {
  const sizes = await Promise.all([path, ...others].map(async (one) => (await stat(one)).size));
  return sizes.every((size) => size === 0);
}

/** Makes `fresh`: the records with their number and where they are filed. */
async function readRecords(stage: Stage, segment: Segment): Promise<string> {
  const raw = await stage.table('raw', RAW as Record<string, string>);
  await stage.node.fill(raw, 'CSV', Readable.from(bytesOf(segment)));
  const fresh = await stage.table('fresh', FRESH as Record<string, string>);
  await stage.node.tell(
    `INSERT INTO ${fresh} SELECT rowNumberInAllBlocks(), ${madeSql('id')}, ${placedSql('id')}, * FROM ${raw}`,
    [],
    { settings: IN_ORDER },
  );
  return fresh;
}

async function spanOf(stage: Stage, fresh: string): Promise<Span> {
  const [row] = await stage.node.ask<Omit<Span, 'window_ms'> & { server: number | null }>(
    `SELECT count(*) AS rows, min(ts) AS min_ts, max(ts) AS max_ts, min(received) AS min_received,
       max(received) AS max_received, max(origin = 'server') AS server FROM ${fresh}`,
  );
  return { ...row!, window_ms: (row!.server ? SERVER_EVENT_AGE_MS : BROWSER_EVENT_AGE_MS) + DAY_MS };
}

/** A table of the records that are in the file twice or in the store already, and what is told of them. */
async function findCopies(stage: Stage, fresh: string): Promise<{ copies: string; drops: LoadDrop[] }> {
  const copies = await stage.table('copies', { place: 'UInt64', site: 'UInt32', id: 'UUID' });
  // An event is filed under the time in its id or under 0; where its copy was is not known.
  await stage.node.tell(
    `INSERT INTO ${copies} SELECT place, site, id FROM ${fresh}
     WHERE place NOT IN (SELECT min(place) FROM ${fresh} GROUP BY site, id)
       OR (site, id) IN (SELECT site, id FROM events WHERE (site, placed, id) GLOBAL IN
         (SELECT site, made, id FROM ${fresh} UNION ALL SELECT site, toInt64(0), id FROM ${fresh}))`,
    [],
    { settings: AS_WRITTEN },
  );
  const drops = await stage.node.ask<LoadDrop>(
    `SELECT site, toString(id) AS id, 'duplicate' AS reason FROM ${copies} ORDER BY place`,
  );
  return { copies, drops };
}

/** One row for each item of an event's `conversions`. */
function candidatesOf(fresh: string, copies: string): string {
  const item = (nth: number) => `splitByChar(':', item)[${nth}]`;
  return `
    SELECT rowNumberInAllBlocks() AS row, site, toUInt32(${item(1)}) AS goal, toUInt32(${item(2)}) AS generation,
      toUInt32(${item(3)}) AS version, toUUID(${item(4)}) AS key, ${item(5)} = '1' AS lasting, id AS event, ts, visitor, session,
      toInt64OrNull(${item(6)}) AS amount, nullIf(${item(7)}, '') AS currency, order_id,
      ${['hostname', 'path', ...SESSION_DIMENSIONS].map(keptColumn).join(', ')}, bot, test
    FROM (SELECT * EXCEPT (amount, currency), arrayJoin(splitByChar(char(31), assumeNotNull(conversions))) AS item
      FROM ${fresh} WHERE conversions IS NOT NULL AND conversions <> '' AND place NOT IN (SELECT place FROM ${copies}))`;
}

/** What a load works with. */
export interface LoadScope {
  writing: Writing;
  claims: Claims;
}

/** Inserts what is new of a segment's records. */
async function applyRecords(stage: Stage, fresh: string, scope: LoadScope & { span: Span }): Promise<Verdict> {
  const { writing, claims, span } = scope;
  const { copies, drops } = await findCopies(stage, fresh);
  const candidates = await stage.table('candidates', CANDIDATE_COLUMNS);
  await stage.node.tell(`INSERT INTO ${candidates} ${candidatesOf(fresh, copies)}`, [], { settings: IN_ORDER });
  const verdict = await decide({ stage, claims, candidates, span });
  await writing.atOnce(async () => {
    await insertDecided(stage, candidates, verdict);
    await stage.node.tell(
      `INSERT INTO events (${EVENT_COLUMNS.join(', ')}) SELECT ${EVENT_COLUMNS.map(keptColumn).join(', ')} FROM ${fresh}
       WHERE place NOT IN (SELECT place FROM ${copies})`,
    );
  });
  return { ...verdict, drops: [...drops, ...verdict.drops] };
}

/** Applies a segment. */
export async function loadClickhouse(segment: Segment, scope: LoadScope): Promise<LoadReport> {
  const { node } = scope.writing;
  const known = await node.ask('SELECT 1 AS one FROM drained WHERE segment = $1', [segment.id]);
  if (known.length > 0) return { applied: false, events: 0, conversions: 0, dropped: [], drops: [] };
  const { rows, verdict } = await onStage(node, async (stage) => {
    if (await isEmpty(segment)) return { rows: 0, verdict: NOBODY };
    const fresh = await readRecords(stage, segment);
    const span = await spanOf(stage, fresh);
    return { rows: span.rows, verdict: span.rows > 0 ? await applyRecords(stage, fresh, { ...scope, span }) : NOBODY };
  });
  await node.tell('INSERT INTO drained (segment) SELECT $1', [segment.id]);
  const duplicates = verdict.drops.filter((drop) => drop.reason === 'duplicate').length;
  return {
    applied: true,
    events: rows - duplicates,
    conversions: verdict.conversions,
    dropped: countDrops(verdict.drops),
    drops: verdict.drops.slice(0, DROP_SAMPLES),
  };
}
