/**
 * Tables and statements for ClickHouse 18.16, the only one that can be run as a real cluster here. Values are written into the
 * text, `FINAL` after each table, and what it has not is said in its words: `FILTER` as `…If`, `CAST(… AS VARCHAR)` as
 * `toString`, `true` as 1. Rows are put in as several collectors would, a replica being away; the store itself runs on it
 * through `old-server`.
 */

import { placedSql } from '../../src/server/store/clickhouse-schema.ts';
import { CLICKHOUSE_WORDS } from '../../src/server/store/clickhouse-words.ts';
import type { EventRow } from '../../src/server/store/event-row.ts';
import { EVENT_COLUMNS } from '../../src/server/store/event-rules.ts';
import { type EventStore, SESSION_DIMENSIONS, type StoreValue } from '../../src/server/store/event-store.ts';
import type { Replica } from './clickhouse-cluster.ts';

const OF_NUMBERS: Record<string, string> = {
  site: 'UInt32',
  ts: 'Int64',
  received: 'Int64',
  id: 'UUID',
  visitor: 'Nullable(UInt64)',
  session: 'Nullable(UInt64)',
  amount: 'Nullable(Int64)',
  currency: 'Nullable(String)',
  order_id: 'Nullable(String)',
  bot: 'UInt8',
  test: 'UInt8',
  identified: 'UInt8',
};
/** What statistics look at; the rest of an event is no matter of engines. */
const KEPT = EVENT_COLUMNS.filter(
  (name) => OF_NUMBERS[name] !== undefined || ['name', 'hostname', 'path', ...SESSION_DIMENSIONS].includes(name),
);
const columns = (names: readonly string[]) => names.map((name) => `${name} ${OF_NUMBERS[name] ?? 'String'}`).join(', ');
const OF_CONVERSIONS = ['site', 'ts', 'visitor', 'session', 'amount', 'currency', 'order_id', 'hostname', 'path'];

/** Makes the two tables of facts, replicated, on every server of the cluster `test`. */
export async function createOldTables(replica: Replica): Promise<void> {
  const create = (table: string, rows: string, order: string) =>
    replica.query(
      `CREATE TABLE ${table} ON CLUSTER test (${rows})
       ENGINE = ReplicatedReplacingMergeTree('/clickhouse/{shard}/${table}', '{replica}', ver)
       PARTITION BY toYYYYMM(toDateTime(intDiv(placed, 1000), 'UTC')) ORDER BY (${order})`,
    );
  const placed = (id: string) => `placed Int64 MATERIALIZED ${placedSql(id)}`;
  await create(
    'events',
    `${columns(KEPT)}, ${placed('id')}, ver UInt64 MATERIALIZED toUInt64(9000000000000 - received)`,
    'site, placed, id',
  );
  await create(
    'conversions',
    `${columns([...OF_CONVERSIONS, ...SESSION_DIMENSIONS, 'bot', 'test'])}, goal UInt32, generation UInt32, key UUID,
     event UUID, refund UInt8, ${placed('event')}, ver UInt64 MATERIALIZED toUInt64(9000000000000 - ts)`,
    'site, goal, generation, key',
  );
}

const orNull = (text: string): string | null => text || null;

/** Inserts rows and every conversion that any of them names: which of them counts is left to the tables. */
export async function insertOld(replica: Replica, rows: readonly EventRow[]): Promise<void> {
  const facts = rows.map((row) => ({
    ...Object.fromEntries(KEPT.map((name) => [name, row[name as keyof EventRow]])),
    visitor: orNull(row.visitor),
    session: orNull(row.session),
    amount: row.amount === undefined ? null : String(row.amount),
    currency: orNull(row.currency),
    order_id: orNull(row.order_id),
    bot: Number(row.bot),
    test: Number(row.test),
    identified: Number(row.identified),
  }));
  const conversions = rows.flatMap((row, index) =>
    row.conversions.map(({ goal, generation, key, amount, currency }) => ({
      ...Object.fromEntries(
        Object.entries(facts[index]!).filter(([name]) => !['id', 'received', 'name', 'identified'].includes(name)),
      ),
      goal,
      generation,
      key: key.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
      event: row.id,
      refund: 0,
      amount: amount === undefined ? null : String(amount),
      currency: currency ?? null,
    })),
  );
  const insert = (table: string, list: readonly object[]) =>
    replica.query(`INSERT INTO ${table} FORMAT JSONEachRow ${list.map((one) => JSON.stringify(one)).join('\n')}`);
  await insert('events', facts);
  if (conversions.length > 0) await insert('conversions', conversions);
}

function literal(value: StoreValue): string {
  if (typeof value !== 'string') return String(value);
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A statement in the words of 18.16. */
export function inOldWords(text: string, params: readonly StoreValue[]): string {
  return text
    .replace(/\b(count|sum)\((\*|\w+)\) FILTER \(WHERE ((?:[^()]|\([^()]*\))*)\)/g, (_, name, of, condition) =>
      of === '*' ? `${name}If(${condition})` : `${name}If(${of}, ${condition})`,
    )
    .replace(/CAST\(((?:[^()]|\([^()]*\))*) AS VARCHAR\)/g, 'toString($1)')
    .replace(/count\(DISTINCT (\w+)\)/g, 'uniqExact($1)')
    .replace(/\btrue\b/g, '1')
    .replace(/\bfalse\b/g, '0')
    .replace(/\bFROM (events|conversions)\b/g, 'FROM $1 FINAL')
    .replace(/\$(\d+)/g, (_, place: string) => literal(params[Number(place) - 1] ?? null));
}

const WHOLE = /^(?:Nullable\()?U?Int64\)?$/;

/** Asks one server what statistics ask a store. */
export function oldQuestions(replica: Replica): Pick<EventStore, 'query' | 'words'> {
  return {
    words: CLICKHOUSE_WORDS,
    async query<T>(text: string, params: readonly StoreValue[]): Promise<T[]> {
      const { meta, data } = JSON.parse(await replica.query(`${inOldWords(text, params)} FORMAT JSONCompact`)) as {
        meta: { name: string; type: string }[];
        data: unknown[][];
      };
      return data.map((row) =>
        Object.fromEntries(
          meta.map(({ name, type }, index) => [
            name,
            WHOLE.test(type) && row[index] !== null ? Number(row[index]) : row[index],
          ]),
        ),
      ) as T[];
    },
  };
}
