/** When a deletion of ClickHouse 18.16 is done: there it is a mutation, which is answered before any replica has done it. */
import type { Replica } from './clickhouse-cluster.ts';

/** Waits until the replicas of a shard have done what their keeper knows of a table's mutations. */
export async function untilDeleted(
  replicas: readonly Replica[],
  { database, table }: { database: string; table: string },
): Promise<void> {
  const of = `database = '${database}' AND table = '${table}'`;
  const [first] = replicas;
  const path = (await first!.query(`SELECT zookeeper_path FROM system.replicas WHERE ${of}`)).trim();
  const newest = `SELECT max(name) FROM system.zookeeper WHERE path = '${path}/mutations'`;
  const id = (await first!.query(newest)).trim();
  // A replica that has not heard of it yet has nothing left to do either.
  const known = `SELECT count() FROM system.mutations WHERE ${of} AND mutation_id = '${id}'`;
  const left = `SELECT count() FROM system.mutations WHERE ${of} AND mutation_id <= '${id}' AND NOT is_done`;
  for (const replica of replicas) {
    while (Number(await replica.query(known)) === 0 || Number(await replica.query(left)) > 0)
      await replica.query(`SYSTEM SYNC REPLICA ${database}.${table}`);
  }
}
