/** The configuration file of one ClickHouse 18.16 in a cluster on loopback. */

/** Where one server listens: HTTP, the native protocol, and for other replicas. */
export interface ReplicaPorts {
  http: number;
  tcp: number;
  interserver: number;
}

/** One server's place in the cluster. */
export interface ReplicaPlace {
  folder: string;
  shard: number;
  replica: number;
  ports: ReplicaPorts;
}

/** What all servers of a cluster know. */
export interface ClusterConfig {
  name: string;
  zookeeperPort: number;
  /** Every server, by shard. */
  shards: ReplicaPlace[][];
}

/** The name under which a replica stands in ZooKeeper. */
export const replicaName = ({ shard, replica }: ReplicaPlace): string => `s${shard}r${replica}`;

function remoteServers({ name, shards }: ClusterConfig): string {
  const replica = ({ ports }: ReplicaPlace): string =>
    `<replica><host>127.0.0.1</host><port>${ports.tcp}</port></replica>`;
  const shard = (places: ReplicaPlace[]): string =>
    `<shard><internal_replication>true</internal_replication>${places.map(replica).join('')}</shard>`;
  return `<remote_servers><${name}>${shards.map(shard).join('')}</${name}></remote_servers>`;
}

/** `config.xml`, with small caches: several of these run beside the tests. */
export function configXml(cluster: ClusterConfig, place: ReplicaPlace): string {
  const { folder, ports } = place;
  return `<?xml version="1.0"?>
<yandex>
  <logger><level>warning</level><log>${folder}/server.log</log><errorlog>${folder}/error.log</errorlog></logger>
  <http_port>${ports.http}</http_port>
  <tcp_port>${ports.tcp}</tcp_port>
  <interserver_http_port>${ports.interserver}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <listen_host>127.0.0.1</listen_host>
  <max_concurrent_queries>100</max_concurrent_queries>
  <uncompressed_cache_size>67108864</uncompressed_cache_size>
  <mark_cache_size>67108864</mark_cache_size>
  <path>${folder}/data/</path>
  <tmp_path>${folder}/tmp/</tmp_path>
  <users_config>users.xml</users_config>
  <default_profile>default</default_profile>
  <default_database>default</default_database>
  <timezone>UTC</timezone>
  ${remoteServers(cluster)}
  <zookeeper>
    <node index="1"><host>127.0.0.1</host><port>${cluster.zookeeperPort}</port></node>
    <session_timeout_ms>5000</session_timeout_ms>
  </zookeeper>
  <macros>
    <cluster>${cluster.name}</cluster><shard>${place.shard}</shard><replica>${replicaName(place)}</replica>
  </macros>
  <distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
</yandex>
`;
}

/** `users.xml`: one user without a password, who may do anything. */
export const USERS_XML = `<?xml version="1.0"?>
<yandex>
  <profiles><default><max_memory_usage>2000000000</max_memory_usage><load_balancing>in_order</load_balancing></default></profiles>
  <users><default><password></password><networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota></default></users>
  <quotas><default><interval><duration>3600</duration><queries>0</queries><errors>0</errors><result_rows>0</result_rows><read_rows>0</read_rows><execution_time>0</execution_time></interval></default></quotas>
</yandex>
`;
