/**
 * The tables that the store makes for a cluster, on one: two shards of two replicas of ClickHouse 18.16, each server with memory
 * of its own. Whatever server a collector writes to, and whichever of them are away, everything counts once.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClaimRows } from '../../src/server/goals/claim-rows.ts';
import { type ConfigStore, openConfigStore } from '../../src/server/goals/config-store.ts';
import { ClickhouseStore } from '../../src/server/store/clickhouse-store.ts';
import { type EventRow, encodeRow } from '../../src/server/store/event-row.ts';
import { checkHistory } from './check-history.ts';
import { type ClickHouseCluster, clusterPrograms, startCluster } from './clickhouse-cluster.ts';
import { makeHistory } from './history.ts';
import { OldNodes } from './old-nodes.ts';
import { Oracle } from './oracle.ts';
import { openClickhouse } from './stores.ts';

const T = 1_767_225_600_000;
const programs = clusterPrograms();
const DATABASE = 'two_ways';
/** A long run tries more histories. */
const SEEDS = process.env.GOALPOST_LONG ? Array.from({ length: 20 }, (_, seed) => seed) : [3];

describe.runIf(programs !== undefined)('tables that are spread over a cluster', () => {
  let cluster: ClickHouseCluster;
  let nodes: OldNodes;
  let folder: string;
  let configuration: ConfigStore;
  /** One collector begins with the first server of the first shard, the other with the last of the second. */
  let stores: ClickhouseStore[];
  const oracle = new Oracle();
  let segments = 0;

  beforeAll(async () => {
    if (programs) cluster = await startCluster(programs, { shards: 2 });
    nodes = new OldNodes(cluster);
    await nodes.start();
    folder = mkdtempSync(join(tmpdir(), 'goalpost-spread-'));
    configuration = await openConfigStore({ path: join(folder, 'config.sqlite') });
    stores = [
      [0, 1, 2, 3],
      [3, 2, 1, 0],
    ].map(
      (order) => new ClickhouseStore({ url: nodes.addressOf(DATABASE, order), claims: new ClaimRows(configuration) }),
    );
    for (const store of stores) await store.open();
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await configuration.close();
    rmSync(folder, { recursive: true });
    await nodes.stop();
    await cluster.remove();
  });

  function load(collector: number, rows: readonly EventRow[], id: string) {
    segments += 1;
    const path = join(folder, `segment-${segments}.csv`);
    writeFileSync(path, rows.map((row) => encodeRow(row)).join(''));
    return stores[collector]!.load({ id, path });
  }
  const countOn = async (replica: number, table: string) =>
    Number(await cluster.replicas[replica]!.query(`SELECT count() FROM ${DATABASE}.${table} FINAL`));
  const expectWhole = async () => {
    for (const store of stores) {
      const sizes = { events: oracle.events.size, conversions: oracle.counted.size };
      await expect.poll(() => store.sizes()).toMatchObject(sizes);
    }
    for (const [table, rows] of [
      ['events_local', oracle.events.size],
      ['conversions_local', oracle.counted.size],
    ] as const) {
      // Replicas have the same, also those that were away; shards have about half each, and nothing twice.
      const counts = () => Promise.all([0, 1, 2, 3].map((replica) => countOn(replica, table)));
      const isWhole = async () => {
        const [first, second, third, fourth] = (await counts()) as [number, number, number, number];
        return first === second && third === fourth && first + third === rows && Math.min(first, third) > rows / 4;
      };
      await expect.poll(isWhole).toBe(true);
    }
  };
  const { batches } = makeHistory(17, { zone: 'UTC', day: Math.floor(T / 86_400_000), middle: T });

  it.each(SEEDS)('answer every question about a history as the oracle does (seed %i)', async (seed) => {
    await checkHistory(
      () => openClickhouse(nodes),
      makeHistory(seed, { zone: 'Europe/Berlin', day: 20_541, middle: 20_541 * 86_400_000 - 3_600_000 }),
    );
  });

  it('know what they have, whichever server hears of it again', async () => {
    for (const [index, batch] of batches.slice(0, 4).entries()) {
      oracle.load(batch);
      const writer = index % 2;
      const { events } = await load(writer, batch, `first-${index}`);
      expect(events).toBeGreaterThan(0);
      await nodes.sync(DATABASE);
      expect(await load(1 - writer, batch, `first-${index}`)).toMatchObject({ applied: false });
      expect(await load(1 - writer, batch, `second-${index}`)).toMatchObject({ applied: true, events: 0 });
    }
    await expectWhole();
  });

  it('take what two collectors heard at once, each event once', async () => {
    for (const [index, batch] of batches.slice(4, 7).entries()) {
      oracle.load(batch);
      await Promise.all([load(0, batch, `one-${index}`), load(1, [...batch].reverse(), `other-${index}`)]);
    }
    await expectWhole();
  });

  it('go on while a replica of each shard is away, and are whole when it is back', async () => {
    const [first, , , last] = cluster.replicas as [
      ...[ClickHouseCluster['replicas'][0], unknown, unknown, ClickHouseCluster['replicas'][0]],
    ];
    await Promise.all([first.kill(), last.kill()]);
    for (const [index, batch] of batches.slice(7, 10).entries()) {
      oracle.load(batch);
      const id = `away-${index}`;
      // Who finds its server away is told so, and goes on with the next.
      const again = () => load(index % 2, batch, id);
      await expect
        .poll(() =>
          again().then(
            () => 'taken',
            () => 'not yet',
          ),
        )
        .toBe('taken');
    }
    await Promise.all([first.start(), last.start()]);
    await expectWhole();
  });

  it('erase a visitor on every shard and replica', async () => {
    await nodes.sync(DATABASE);
    const { visitor, site } = [...oracle.events.values()].find((row) => row.visitor !== '')!;
    const of = `site = ${site} AND visitor = ${visitor}`;
    const left = (replica: number, table: string) =>
      cluster.replicas[replica]!.query(`SELECT count() FROM ${DATABASE}.${table}_local WHERE ${of}`).then(Number);
    const everywhere = () =>
      Promise.all([0, 1, 2, 3].flatMap((replica) => ['events', 'conversions'].map((table) => left(replica, table))));
    expect(Math.max(...(await everywhere()))).toBeGreaterThan(0);
    const { events } = await stores[1]!.erase({ site, visitor });
    expect(events).toBe(
      [...oracle.events.values()].filter((row) => row.site === site && row.visitor === visitor).length,
    );
    // A replica that has only just come back may hear of it later.
    await expect.poll(everywhere).toEqual(Array(8).fill(0));
  });
});
