/** The cluster that tests start is one: what is inserted into one server is on the others, also after a stop. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ClickHouseCluster, clusterPrograms, startCluster } from './clickhouse-cluster.ts';

const programs = clusterPrograms();

describe.runIf(programs !== undefined)('a cluster of two shards with two replicas each', () => {
  let cluster: ClickHouseCluster;
  beforeAll(async () => {
    if (programs) cluster = await startCluster(programs, { shards: 2 });
  });
  afterAll(() => cluster.remove());

  test('replicates, spreads, drops a repeated block and catches up after a stop', async () => {
    const [first, second, third, fourth] = cluster.replicas;
    if (!first || !second || !third || !fourth) throw new Error('Four servers were asked for.');
    const engine = `ReplicatedReplacingMergeTree('/clickhouse/{shard}/facts', '{replica}')`;
    await first.query(`CREATE TABLE facts ON CLUSTER test (id UInt64, word String) ENGINE = ${engine} ORDER BY id`);
    await first.query('CREATE TABLE all_facts ON CLUSTER test AS facts ENGINE = Distributed(test, default, facts, id)');
    const insert = `INSERT INTO facts FORMAT JSONEachRow {"id":1,"word":"one"}\n{"id":2,"word":"two"}`;
    await first.query(insert);
    await second.query(insert);
    await third.query("INSERT INTO facts VALUES (3, 'three')");
    const count = (table: string) => async () => Number(await second.query(`SELECT count() FROM ${table}`));
    await expect.poll(count('facts')).toBe(2);
    await expect.poll(count('all_facts')).toBe(3);

    await first.kill();
    await second.query(`INSERT INTO facts VALUES (4, 'four')`);
    expect(await count('all_facts')()).toBe(4);
    await first.start();
    await expect.poll(async () => Number(await first.query('SELECT count() FROM facts'))).toBe(3);

    await third.stop();
    expect(await count('all_facts')()).toBe(4);
    expect(Number(await fourth.query('SELECT max(id) FROM facts'))).toBe(3);
  });
});
