/** Tables in a node's memory that one write needs, and nobody else sees; gone when it has ended. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ClickhouseNode } from './clickhouse-node.ts';

const PREFIX = 'stage_';

/** The tables of one write on one node. */
export class Stage {
  readonly node: ClickhouseNode;
  private readonly id = randomBytes(8).toString('hex');
  private readonly made: string[] = [];

  constructor(node: ClickhouseNode) {
    this.node = node;
  }

  /** Makes an empty table and answers its name. */
  async table(name: string, columns: Record<string, string>): Promise<string> {
    const table = `${PREFIX}${this.id}_${name}`;
    this.made.push(table);
    const typed = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
    await this.node.tell(`CREATE TABLE ${table} (${typed.join(', ')}) ENGINE = Memory`);
    return table;
  }

  /** Makes a table of rows that are given. */
  async given(name: string, columns: Record<string, string>, rows: readonly unknown[][]): Promise<string> {
    const table = await this.table(name, columns);
    const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    if (rows.length > 0) await this.node.fill(table, 'JSONCompactEachRow', Readable.from([Buffer.from(lines)]));
    return table;
  }

  /** Drops all tables; one that cannot be dropped now is dropped by `sweep`. */
  async clear(): Promise<void> {
    for (const table of this.made) await this.node.tell(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
  }
}

/** Runs work with a stage of its own. */
export async function onStage<T>(node: ClickhouseNode, work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = new Stage(node);
  try {
    return await work(stage);
  } finally {
    await stage.clear();
  }
}

/** Drops what writes that were cut off have left on a node an hour ago and longer. */
export async function sweep(node: ClickhouseNode): Promise<void> {
  const tables = await node.ask<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '${PREFIX}')
       AND metadata_modification_time < now() - INTERVAL 1 HOUR`,
  );
  for (const { name } of tables) await node.tell(`DROP TABLE IF EXISTS ${name}`);
}
