/** Deletion in ClickHouse: on every shard, by plain conditions, since no node sees what another one keeps in memory. */
import type { ClickhouseNode } from './clickhouse-node.ts';
import { localTable, onCluster } from './clickhouse-schema.ts';
import type { StoreValue } from './event-store.ts';

/** Rows named in one statement. */
const AT_ONCE = 1_000;

/** What tells a conversion from all others. */
export interface KeyRow {
  site: number;
  goal: number;
  generation: number;
  /** UUID. */
  key: string;
}

/** A UUID as SQL; nothing else may come in here. */
export function sqlUuid(id: string): string {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) throw new RangeError(`Not a UUID: ${id}`);
  return `toUUID('${id}')`;
}

/** The parts of a row's key as SQL. */
export function keyParts({ site, goal, generation, key }: KeyRow): string[] {
  return [String(site), String(goal), String(generation), sqlUuid(key)];
}

/** Deletes the rows of a table that a condition without subqueries holds for. */
export async function deleteWhere(
  node: ClickhouseNode,
  table: 'events' | 'conversions',
  condition: { sql: string; params: readonly StoreValue[] },
): Promise<void> {
  const local = localTable(table, node.place);
  await node.tell(`DELETE FROM ${local}${onCluster(node.place)} WHERE ${condition.sql}`, condition.params);
}

/** Deletes conversions by site, goal, generation and key, and by their event where a fifth part names one. */
export async function deleteRows(node: ClickhouseNode, rows: readonly (readonly string[])[]): Promise<void> {
  const names = ['site', 'goal', 'generation', 'key', 'event'];
  for (let from = 0; from < rows.length; from += AT_ONCE) {
    const some = rows.slice(from, from + AT_ONCE).map((parts) => `(${parts.join(', ')})`);
    const columns = names.slice(0, rows[0]!.length).join(', ');
    await deleteWhere(node, 'conversions', { sql: `(${columns}) IN (${some.join(', ')})`, params: [] });
  }
}
