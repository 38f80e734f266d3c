/**
 * Each server of a cluster of ClickHouse 18.16 as a node of today's: takes what the official client sends and says it in the old
 * words. The tables are those that the store makes for a cluster, on every server, replicated and distributed.
 */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ClickHouseCluster, Replica } from './clickhouse-cluster.ts';
import { untilDeleted } from './old-deletion.ts';
import { type Asked, askedInOldWords, askOld, frontOf, insertInOldWords } from './old-request.ts';
import { definitionInOldWords, questionInOldWords } from './old-statement.ts';

/** Tables that every server has its share of. */
const LOCAL = ['events_local', 'conversions_local'];
/** And those that it has whole. */
const WHOLE = ['schema_version', 'drained'];

/** The servers of a cluster, each behind an address of its own. */
export class OldNodes {
  readonly #cluster: ClickHouseCluster;
  readonly #fronts;
  readonly #columns = new Map<string, string>();
  #databases = 0;

  constructor(cluster: ClickHouseCluster) {
    this.#cluster = cluster;
    this.#fronts = cluster.replicas.map((replica) => frontOf((asked) => this.#execute(replica, asked)));
  }

  async start(): Promise<void> {
    await Promise.all(this.#fronts.map((front) => once(front.listen(0, '127.0.0.1'), 'listening')));
  }

  async stop(): Promise<void> {
    for (const front of this.#fronts) {
      front.close();
      front.closeAllConnections();
    }
  }

  /** The address of a database by way of some servers, in the order in which they are tried; whoever opens it makes it. */
  addressOf(database: string, nodes: readonly number[]): string {
    const hosts = nodes.map((node) => `127.0.0.1:${(this.#fronts[node]!.address() as AddressInfo).port}`);
    return `clickhouse://default@${hosts.join(',')}/${database}?cluster=${this.#cluster.name}`;
  }

  /** A name for an empty database and its address by way of all servers. */
  async createDatabase(): Promise<string> {
    this.#databases += 1;
    return this.addressOf(`spread${this.#databases}`, [...this.#fronts.keys()]);
  }

  /** Resolves when every server that runs has what was written on its replicas. */
  async sync(database: string, among: readonly Replica[] = this.#cluster.replicas): Promise<void> {
    for (const replica of among) {
      for (const table of [...LOCAL, ...WHOLE]) await replica.query(`SYSTEM SYNC REPLICA ${database}.${table}`);
    }
  }

  /** One statement: an INSERT on the first server, anything else on every one. */
  async query(text: string): Promise<string> {
    let said = '';
    const old = text.replace(/ SYNC$/, '');
    for (const replica of this.#cluster.replicas) {
      said = await replica.query(old);
      if (/^INSERT/.test(old)) break;
    }
    return said;
  }

  #execute(replica: Replica, asked: Asked): Promise<Buffer> {
    const { text } = asked;
    if (/^(CREATE|DROP)/.test(text)) return askOld(replica, { ...asked, text: this.#definition(text) });
    if (/^DELETE/.test(text)) return this.#delete(replica, asked);
    return askOld(replica, /^INSERT/.test(text) ? insertInOldWords(asked) : askedInOldWords(asked));
  }

  /** The old server would send columns that are worked out to the shards: there they are, and here they have other names. */
  #definition(text: string): string {
    const old = definitionInOldWords(text);
    const [, local, columns] = /EXISTS (\w+_local) .*? (\(.*\)) ENGINE/s.exec(old) ?? [];
    if (local && columns) this.#columns.set(local, columns.replaceAll('MATERIALIZED', 'ALIAS'));
    return old.replace(
      /AS \S*\.(\w+_local)\s+(?=ENGINE = Distributed)/,
      (_, of: string) => `${this.#columns.get(of)} `,
    );
  }

  /** A deletion is a mutation, done when each server says so; it would take rows of which nobody knows, too. */
  async #delete(replica: Replica, asked: Asked): Promise<Buffer> {
    const [, table = '', where = '', condition = ''] =
      /^DELETE FROM (\w+)( ON CLUSTER '\w+') WHERE (.*)$/s.exec(asked.text) ?? [];
    const text = `ALTER TABLE ${table}${where} DELETE WHERE ifNull(${questionInOldWords(condition)}, 0)`;
    const said = await askOld(replica, { ...asked, text });
    const { replicas } = this.#cluster;
    for (const shard of [replicas.slice(0, 2), replicas.slice(2)]) {
      await untilDeleted(shard, { database: asked.database, table });
    }
    return said;
  }
}
