/**
 * Two replicas of ClickHouse 18.16 as one server of today: takes what the official client sends, says it in the old words,
 * has one replica write, and asks the other, once that has all that was written.
 */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ClickHouseCluster, Replica } from './clickhouse-cluster.ts';
import { untilDeleted } from './old-deletion.ts';
import { type Asked, askedInOldWords, askOld, frontOf, insertInOldWords } from './old-request.ts';
import { definitionInOldWords, questionInOldWords } from './old-statement.ts';

/** Tables that every replica has. */
const REPLICATED = ['schema_version', 'events', 'conversions', 'drained'];
const NOTHING = Buffer.alloc(0);

/** A server of two replicas. */
export class OldServer {
  readonly #writer: Replica;
  readonly #reader: Replica;
  readonly #stale = new Set<string>();
  readonly #server = frontOf((asked) => this.#execute(asked));
  #databases = 0;

  constructor({ replicas }: ClickHouseCluster) {
    [this.#writer, this.#reader] = replicas as [Replica, Replica];
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async createDatabase(): Promise<string> {
    this.#databases += 1;
    const name = `old${this.#databases}`;
    for (const replica of [this.#writer, this.#reader]) await replica.query(`CREATE DATABASE ${name}`);
    return `clickhouse://default@127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`;
  }

  /** One statement on every replica. */
  async query(text: string): Promise<string> {
    let said = '';
    const old = text.replace(/ SYNC$/, '');
    if (/^INSERT/.test(old)) return this.#writer.query(old);
    for (const replica of [this.#writer, this.#reader]) said = await replica.query(old);
    return said;
  }

  #execute(asked: Asked): Promise<Buffer> {
    const { text } = asked;
    if (/^(CREATE|DROP)/.test(text)) return this.#define(asked);
    if (/^DELETE/.test(text)) return this.#delete(asked);
    if (/^INSERT/.test(text)) return this.#insert(asked);
    return this.#ask(asked);
  }

  /** Tables of a stage are the writer's alone. */
  async #define(asked: Asked): Promise<Buffer> {
    const text = definitionInOldWords(asked.text).replaceAll('{database}', asked.database);
    const isStage = /^\w+ TABLE (IF \w+ )*stage_/.test(text);
    let said: Buffer = NOTHING;
    for (const replica of isStage ? [this.#writer] : [this.#writer, this.#reader]) {
      said = await askOld(replica, { ...asked, text });
    }
    return said;
  }

  async #insert(asked: Asked): Promise<Buffer> {
    const said = await askOld(this.#writer, insertInOldWords(asked));
    this.#stale.add(asked.database);
    return said;
  }

  /** A deletion is a mutation, done when each replica says so; it would take rows of which nobody knows, too. */
  async #delete(asked: Asked): Promise<Buffer> {
    const [, table = '', condition = ''] = /^DELETE FROM (\w+) WHERE (.*)$/s.exec(asked.text) ?? [];
    const text = `ALTER TABLE ${table} DELETE WHERE ifNull(${questionInOldWords(condition)}, 0)`;
    await askOld(this.#writer, { ...asked, text });
    await untilDeleted([this.#writer, this.#reader], { database: asked.database, table });
    this.#stale.add(asked.database);
    return NOTHING;
  }

  async #ask(asked: Asked): Promise<Buffer> {
    const old = askedInOldWords(asked);
    if (/\bstage_/.test(old.text)) return askOld(this.#writer, old);
    if (this.#stale.delete(asked.database)) {
      for (const table of REPLICATED) await this.#reader.query(`SYSTEM SYNC REPLICA ${asked.database}.${table}`);
    }
    return askOld(this.#reader, old);
  }
}
