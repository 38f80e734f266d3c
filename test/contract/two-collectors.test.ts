/** Several collectors on one ClickHouse: each loads what it has, at the same time, and everything counts once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClaimRows } from '../../src/server/goals/claim-rows.ts';
import { type ConfigStore, openConfigStore } from '../../src/server/goals/config-store.ts';
import { ClickhouseStore } from '../../src/server/store/clickhouse-store.ts';
import { type EventRow, encodeRow } from '../../src/server/store/event-row.ts';
import { conversion, eventRow, md5 } from '../server/store/rows.ts';
import { serviceForTests } from '../services.mjs';
import { startChdb } from './chdb-server.mjs';
import { dice, makeHistory } from './history.ts';
import { Oracle } from './oracle.ts';

const T = 1_767_225_600_000;
const library = serviceForTests('chDB');
/** A long run cuts off more loads. */
const CUTS = process.env.GOALPOST_LONG ? 60 : 5;

describe.runIf(library !== undefined)('collectors on one ClickHouse', () => {
  let server: Awaited<ReturnType<typeof startChdb>>;
  let configuration: ConfigStore;
  let folder: string;
  let stores: ClickhouseStore[];
  let segments = 0;

  beforeAll(async () => {
    server = await startChdb(library as string);
  });
  afterAll(() => server.remove());
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'goalpost-collectors-'));
    configuration = await openConfigStore({ path: join(folder, 'config.sqlite') });
    const url = await server.createDatabase();
    stores = [0, 1].map(() => new ClickhouseStore({ url, claims: new ClaimRows(configuration) }));
    // Both at once, as collectors that are started together: each makes what is missing.
    await Promise.all(stores.map((store) => store.open()));
  });
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await configuration.close();
    rmSync(folder, { recursive: true });
  });

  /** Has a collector load rows as a segment. */
  function load(collector: number, rows: readonly EventRow[], id?: string) {
    segments += 1;
    const path = join(folder, `segment-${segments}.csv`);
    writeFileSync(path, rows.map((row) => encodeRow(row)).join(''));
    return stores[collector]!.load({ id: id ?? `${collector}-${segments}`, path });
  }
  const rowsOf = <T>(text: string) => stores[0]!.query<T>(text, []);

  it('keep an event once that both were sent, whoever was first', async () => {
    const { batches } = makeHistory(21, { zone: 'UTC', day: 0, middle: T });
    const oracle = new Oracle();
    for (const batch of batches.slice(0, 12)) {
      oracle.load(batch);
      await Promise.all([load(0, batch), load(1, batch)]);
    }
    expect(await stores[1]!.sizes()).toMatchObject({ events: oracle.events.size, conversions: oracle.counted.size });
    for (const text of ['SELECT site, id FROM events', 'SELECT site, goal, generation, key FROM conversions']) {
      const rows = await rowsOf<object>(text);
      expect(new Set(rows.map((row) => JSON.stringify(row))).size).toBe(rows.length);
    }
  });

  it('count an order for its earliest event, in however many places it was told', async () => {
    const orders = Array.from({ length: 40 }, (_, n) => `A-${n}`);
    const told = (late: number) =>
      orders.map((order_id, n) =>
        eventRow({
          ts: T + late * (n % 2 === 0 ? 1 : -1) + 100,
          order_id,
          conversions: [conversion({ scope: `o:${order_id}`, lasting: true, amount: 5n, currency: 'EUR' })],
        }),
      );
    const [one, two] = [told(5), told(7)];
    const reports = await Promise.all([load(0, one), load(1, two)]);
    expect(reports.map((report) => report.events)).toEqual([40, 40]);
    expect(reports[0]!.conversions + reports[1]!.conversions).toBe(40);
    const counted = await rowsOf<{ event: string }>(
      'SELECT toString(event) AS event FROM conversions ORDER BY length(order_id), order_id',
    );
    expect(counted.map(({ event }) => event)).toEqual(orders.map((_, n) => (n % 2 === 0 ? one : two)[n]!.id));
  });

  it('give back no more of an order than was paid, whoever is asked', async () => {
    const paid = conversion({ scope: 'o:A-1', lasting: true, amount: 50n, currency: 'EUR' });
    await load(0, [eventRow({ order_id: 'A-1', conversions: [paid] })]);
    const asked = Array.from({ length: 10 }, (_, n) =>
      stores[n % 2]!.refund({
        site: 1,
        order_id: 'A-1',
        refund_id: `r${n}`,
        amount: 15n,
        goals: [{ goal: 7, generation: 1 }],
        now_ms: T,
        keyOf: () => md5(`r${n}`),
      }),
    );
    const made = (await Promise.allSettled(asked)).filter((one) => one.status === 'fulfilled');
    expect(made).toHaveLength(3);
  });

  it('go on with another node when one is away', async () => {
    const url = await server.createDatabase();
    const two = url.replace('@127.0.0.1', '@127.0.0.1:1,127.0.0.1');
    const store = new ClickhouseStore({ url: two, claims: new ClaimRows(configuration) });
    await store.open();
    const path = join(folder, 'away.csv');
    writeFileSync(path, encodeRow(eventRow({})));
    expect(await store.load({ id: 'away', path })).toMatchObject({ events: 1 });
    expect(await store.query('SELECT count(*) AS n FROM events', [])).toEqual([{ n: 1 }]);
    await store.close();
  });

  it('repeat a load that was cut off anywhere, with the same outcome', {
    timeout: 600_000 + CUTS * 10_000,
  }, async () => {
    const roll = dice(8);
    const { batches } = makeHistory(33, { zone: 'UTC', day: 0, middle: T });
    const oracle = new Oracle();
    for (const [index, batch] of batches.slice(0, CUTS).entries()) {
      oracle.load(batch);
      const loading = load(0, batch, `cut-${index}`).catch(() => undefined);
      // The engine takes one statement after the other: so many of the load's are done, and then it is gone.
      for (let statements = roll(18); statements > 0; statements -= 1) await server.query('SELECT 1');
      await server.kill();
      await loading;
      await server.start();
      await load(0, batch, `cut-${index}`);
    }
    expect(await stores[0]!.sizes()).toMatchObject({ events: oracle.events.size, conversions: oracle.counted.size });
    const counted = await rowsOf<{ key: string; event: string }>(
      "SELECT replaceAll(toString(key), '-', '') AS key, toString(event) AS event FROM conversions",
    );
    expect(new Map(counted.map(({ key, event }) => [key, event]))).toEqual(
      new Map([...oracle.counted].map(([key, { event }]) => [key, event.id])),
    );
  });
});
