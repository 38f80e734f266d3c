/**
 * ClickHouse's tables, as numbered steps that several collectors may take at once. With a cluster every node has its share
 * in `…_local`, replicated, and all of it in a `Distributed` table of the plain name.
 */
import { PLACED_WITHIN_MS, runsOf } from './clickhouse-words.ts';
import { ROW_COLUMNS } from './event-row.ts';
import { EVENT_COLUMNS } from './event-rules.ts';
import { SESSION_DIMENSIONS } from './event-store.ts';

const LOW = 'LowCardinality(String)';
/** Columns whose type says more than the record's: few values, or long texts. */
const OWN_TYPES: Record<string, string> = {
  site: 'UInt32',
  id: 'UUID',
  ts: 'Int64 CODEC(Delta, ZSTD(1))',
  received: 'Int64 CODEC(Delta, ZSTD(1))',
  name: LOW,
  origin: LOW,
  view_kind: LOW,
  identified: 'Bool',
  url: 'String CODEC(ZSTD(1))',
  hostname: LOW,
  path: 'String CODEC(ZSTD(1))',
  title: 'String CODEC(ZSTD(1))',
  referrer: 'String CODEC(ZSTD(1))',
  props: 'String CODEC(ZSTD(1))',
  currency: 'LowCardinality(Nullable(String))',
  order_id: 'Nullable(String)',
  foreign_id: 'String',
  bot: 'Bool',
  test: 'Bool',
};
const TYPES: Record<string, string> = {
  VARCHAR: 'String',
  BIGINT: 'Nullable(Int64)',
  INTEGER: 'Nullable(Int32)',
  UUID: 'Nullable(UUID)',
  UBIGINT: 'Nullable(UInt64)',
};

/** The type in which a column of an event is kept. */
function typeOf(name: string): string {
  if ((SESSION_DIMENSIONS as readonly string[]).includes(name) && name !== 'referrer') return LOW;
  return OWN_TYPES[name] ?? TYPES[ROW_COLUMNS[name as keyof typeof ROW_COLUMNS]]!;
}

const columns = (names: readonly string[]) => names.map((name) => `${name} ${typeOf(name)}`).join(', ');

/** When an id was made, ms, by its first 48 bits; 0 for ids that are not of UUID version 7. */
export function madeSql(id: string): string {
  const first = `reinterpretAsUInt64(reverse(substring(UUIDStringToNum(toString(${id})), 1, 6)))`;
  return `if(substring(toString(${id}), 15, 1) = '7', toInt64(${first}), toInt64(0))`;
}

/** Under which time an event is filed: see PLACED_WITHIN_MS. */
export function placedSql(id: string): string {
  const made = madeSql(id);
  return `if(abs(${made} - ts) <= ${PLACED_WITHIN_MS}, ${made}, toInt64(0))`;
}

/** Months of the ids; what is filed under 0 is a partition of its own. */
const BY_MONTH = "PARTITION BY toYYYYMM(toDateTime(intDiv(placed, 1000), 'UTC'))";

const EVENTS = `${columns(EVENT_COLUMNS)},
  placed Int64 MATERIALIZED ${placedSql('id')} CODEC(Delta, ZSTD(1)),
  ver UInt64 MATERIALIZED 9000000000000 - received`;

/** The earliest of a key counts: `ver` is larger the earlier an event was. */
const CONVERSIONS = `site UInt32, goal UInt32, generation UInt32, version UInt32, key UUID, event UUID, ts Int64, refund Bool,
  refund_id Nullable(String), visitor Nullable(UInt64), session Nullable(UInt64), amount Nullable(Int64),
  ${columns(['currency', 'order_id', 'hostname', 'path', ...SESSION_DIMENSIONS, 'bot', 'test'])},
  placed Int64 MATERIALIZED ${placedSql('event')},
  ver UInt64 MATERIALIZED 9000000000000 - ts`;

/** A table that is spread over the shards of a cluster. */
interface Spread {
  name: string;
  columns: string;
  /** What follows the engine. */
  order: string;
  /** Whole number by which rows find their shard. */
  shard: string;
}

const SPREAD: readonly Spread[] = [
  {
    name: 'events',
    columns: `${EVENTS}, INDEX by_visitor visitor TYPE bloom_filter GRANULARITY 4,
      INDEX by_session session TYPE bloom_filter GRANULARITY 4, INDEX by_order order_id TYPE bloom_filter GRANULARITY 4`,
    order: `${BY_MONTH} ORDER BY (site, placed, id)`,
    shard: 'sipHash64(site, id)',
  },
  {
    name: 'conversions',
    columns: CONVERSIONS,
    order: `${BY_MONTH} ORDER BY (site, goal, generation, key) SETTINGS index_granularity = 2048`,
    shard: 'sipHash64(site, goal, generation, key)',
  },
];

/** Where tables are made. */
export interface SchemaPlace {
  database: string;
  cluster: string | undefined;
}

/** The table whose rows are on the node itself: what DELETE and sizes are about. */
export function localTable(table: string, { cluster }: Pick<SchemaPlace, 'cluster'>): string {
  return cluster === undefined ? table : `${table}_local`;
}

/** `ON CLUSTER …`, or nothing. */
export function onCluster({ cluster }: Pick<SchemaPlace, 'cluster'>): string {
  return cluster === undefined ? '' : ` ON CLUSTER '${cluster}'`;
}

/** A table by its whole name: other nodes of a cluster look for others in a database of their own choice. */
function inDatabase(table: string, { database }: Pick<SchemaPlace, 'database'>): string {
  return `\`${database}\`.${table}`;
}

function createSpread({ name, columns, order, shard }: Spread, place: SchemaPlace): string[] {
  const { cluster, database } = place;
  const create = (table: string, engine: string, rows: string) =>
    `CREATE TABLE IF NOT EXISTS ${table}${onCluster(place)} (${rows}) ENGINE = ${engine}`;
  if (cluster === undefined) return [create(name, `ReplacingMergeTree(ver) ${order}`, columns)];
  const path = `'/clickhouse/tables/{shard}/${database}/${name}', '{replica}', ver`;
  return [
    create(`${name}_local`, `ReplicatedReplacingMergeTree(${path}) ${order}`, columns),
    `CREATE TABLE IF NOT EXISTS ${name}${onCluster(place)} AS ${inDatabase(`${name}_local`, place)}
       ENGINE = Distributed('${cluster}', '${database}', '${name}_local', ${shard})`,
  ];
}

/** A small table that every node has whole. */
function createWhole(name: string, scope: { columns: string; order: string }, place: SchemaPlace): string {
  const engine =
    place.cluster === undefined
      ? 'ReplacingMergeTree()'
      : `ReplicatedReplacingMergeTree('/clickhouse/tables/all/${place.database}/${name}', '{shard}-{replica}')`;
  return `CREATE TABLE IF NOT EXISTS ${name}${onCluster(place)} (${scope.columns}) ENGINE = ${engine} ${scope.order}`;
}

/** The table that says which steps have been taken; it is made before any. */
export function createVersions(place: SchemaPlace): string {
  return createWhole('schema_version', { columns: 'version UInt32', order: 'ORDER BY version' }, place);
}

/** Step n brings schema n to n+1. A step that was released never changes, and may be taken twice. */
export const SCHEMA_STEPS: readonly ((place: SchemaPlace) => string[])[] = [
  (place) => [
    ...SPREAD.flatMap((table) => createSpread(table, place)),
    createWhole(
      'drained',
      {
        columns: "segment String, drained_at DateTime('UTC') DEFAULT now()",
        // Journal files are deleted right after they were applied; one found later than this was restored by hand.
        order: 'ORDER BY segment TTL drained_at + INTERVAL 2 DAY',
      },
      place,
    ),
    // Runs are worked out each time, so whatever is erased or comes late or twice, they are right.
    `CREATE VIEW IF NOT EXISTS sessions${onCluster(place)} AS ${runsOf(`${inDatabase('events', place)} FINAL`, 'true')}`,
  ],
];
