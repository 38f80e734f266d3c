/**
 * A cluster of two shards within one engine: both are chDB itself, which sees of a table that is spread only the rows that are
 * the shard's when a shard is asked. So statements go through a current release's `Distributed` tables and its planner. What
 * one engine cannot have is left out of statements: keepers, replicas, and who else does what is told to a whole cluster.
 */

/** Name of the cluster. */
export const CLUSTER = 'shards';
const SHARDS = 2;
const PORT = 9000;

/** Tables that are spread, and by what: said once more, so that a row that is filed under another shard is missed. */
const SPREAD = {
  events_local: 'sipHash64(site, id)',
  conversions_local: 'sipHash64(site, goal, generation, key)',
};

/** Configuration of the engine. */
export function shardsXml() {
  // A server that is asked under its own port is asked without a connection.
  const shard = `<shard><replica><host>127.0.0.1</host><port>${PORT}</port></replica></shard>`;
  return `<clickhouse><tcp_port>${PORT}</tcp_port>
  <remote_servers><${CLUSTER}>${shard.repeat(SHARDS)}</${CLUSTER}></remote_servers></clickhouse>\n`;
}

/** A statement for a cluster as one engine takes it. */
export function withoutReplicas(query) {
  return query
    .replace(` ON CLUSTER '${CLUSTER}'`, '')
    .replace(
      /Replicated(\w*MergeTree)\('[^']*', '[^']*'(?:, (\w+))?\)/,
      (_, engine, version = '') => `${engine}(${version})`,
    );
}

/** What the engine is set to for one database: each shard has its rows. */
export function shardSettings(database) {
  const filters = Object.entries(SPREAD).map(
    ([table, by]) => `'${database}.${table}':'${by} % ${SHARDS} = shardNum() - 1'`,
  );
  return [['additional_table_filters', `{${filters.join(', ')}}`]];
}
