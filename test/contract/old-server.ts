/**
 * Two replicas of ClickHouse 18.16 as one server of today: takes what the official client sends, says it in the old words,
 * has one replica write, and asks the other, once that has all that was written.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClickHouseCluster, Replica } from './clickhouse-cluster.ts';
import { definitionInOldWords, questionInOldWords, TRUTHS } from './old-statement.ts';

/** Tables that every replica has. */
const REPLICATED = ['schema_version', 'events', 'conversions', 'drained'];
/** What the old server knows of the client's settings. */
const KNOWN_SETTINGS = [
  'insert_deduplicate',
  'max_threads',
  'join_use_nulls',
  'output_format_json_quote_64bit_integers',
];

const NOTHING = Buffer.alloc(0);

/** What one request asks. */
interface Asked {
  text: string;
  /** Rows to insert. */
  rows: Buffer | undefined;
  database: string;
  address: URLSearchParams;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Parameters written into the text; a client has escaped them as texts are between quotes. */
function inlined(text: string, address: URLSearchParams): string {
  return text.replace(/\{(p\d+):([^}]+)\}/g, (_, name: string, type: string) => {
    const value = address.get(`param_${name}`) ?? '\\N';
    if (value === '\\N') return 'NULL';
    return type.includes('String') ? `'${value}'` : value === 'true' ? '1' : value === 'false' ? '0' : value;
  });
}

/** Records with every field quoted, and those without anything NULL: the old reader takes `'` for a quote. */
function oldCsv(rows: string): string {
  return rows.replace(/("(?:[^"]|"")*"|[^,\n]*)(,|\n)/g, (_, field: string, end: string) =>
    field === '' ? `\\N${end}` : field.startsWith('"') ? `${field}${end}` : `"${field}"${end}`,
  );
}

/** Rows of JSON arrays as CSV: the old server reads none such. */
function csvOfArrays(rows: string): string {
  const field = (value: unknown) => (value === null ? '\\N' : `"${String(value).replaceAll('"', '""')}"`);
  const lines = rows.split('\n').slice(0, -1);
  return lines.map((line) => `${(JSON.parse(line) as unknown[]).map(field).join(',')}\n`).join('');
}

async function askOld(replica: Replica, { text, rows, database, address }: Asked): Promise<Buffer> {
  const url = new URL(replica.url);
  url.searchParams.set('database', database);
  for (const name of KNOWN_SETTINGS) {
    const value = address.get(name);
    if (value !== null) url.searchParams.set(name, value);
  }
  if (rows !== undefined) url.searchParams.set('query', text);
  const answer = await fetch(url, { method: 'POST', body: rows === undefined ? text : new Uint8Array(rows) });
  const said = Buffer.from(await answer.arrayBuffer());
  if (!answer.ok) throw new Error(said.toString('utf8').trim());
  return said;
}

/** Flags as today's servers answer them. */
function withTruths(said: Buffer): Buffer | string {
  if (said[0] !== '{'.charCodeAt(0)) return said;
  const { meta, data, ...rest } = JSON.parse(said.toString('utf8')) as {
    meta: { name: string; type: string }[];
    data: unknown[][];
  };
  const flags = meta.flatMap(({ name, type }, place) => (TRUTHS.includes(name) && /UInt8/.test(type) ? [place] : []));
  for (const row of data) for (const place of flags) if (row[place] !== null) row[place] = Number(row[place]) === 1;
  return JSON.stringify({ meta, data, ...rest });
}

/** A server of two replicas. */
export class OldServer {
  readonly #writer: Replica;
  readonly #reader: Replica;
  readonly #stale = new Set<string>();
  readonly #server = createServer((request, response) => {
    this.#serve(request, response).catch((error: Error) => {
      const [, code = '1002', words = error.message] =
        /Code: (\d+), e\.displayText\(\) = DB::Exception: (.*?), e\.what/s.exec(error.message) ?? [];
      response.writeHead(500, { 'x-clickhouse-exception-code': code });
      response.end(`Code: ${code}. DB::Exception: ${words}. (OLD)`);
    });
  });
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

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = new URL(String(request.url), 'http://localhost').searchParams;
    const body = await bodyOf(request);
    const statement = address.get('query');
    const asked: Asked = {
      text: inlined(statement ?? body.toString('utf8'), address).trim(),
      rows: statement === null || body.length === 0 ? undefined : body,
      database: address.get('database') ?? 'default',
      address,
    };
    const said = await this.#execute(asked);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(withTruths(said));
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
    const { rows: given } = asked;
    const [, format] = /FORMAT (\w+)\s*$/.exec(asked.text) ?? [];
    const read = format === 'CSV' ? oldCsv : format === 'JSONCompactEachRow' ? csvOfArrays : undefined;
    const rows = given && read ? Buffer.from(read(given.toString('utf8'))) : given;
    const text =
      given === undefined
        ? this.#withFinal(asked, questionInOldWords(asked.text))
        : asked.text.replace(/JSONCompactEachRow\s*$/, 'CSV');
    const said = await askOld(this.#writer, { ...asked, text, rows });
    this.#stale.add(asked.database);
    return said;
  }

  /** A deletion is a mutation, done when each replica says so; it would take rows of which nobody knows, too. */
  async #delete(asked: Asked): Promise<Buffer> {
    const [, table = '', condition = ''] = /^DELETE FROM (\w+) WHERE (.*)$/s.exec(asked.text) ?? [];
    const text = `ALTER TABLE ${table} DELETE WHERE ifNull(${questionInOldWords(condition)}, 0)`;
    await askOld(this.#writer, { ...asked, text });
    const of = `database = '${asked.database}' AND table = '${table}'`;
    const id = await this.#lastMutation(of);
    // A replica that has not heard of it yet has nothing left to do either.
    const known = `SELECT count() FROM system.mutations WHERE ${of} AND mutation_id = '${id}'`;
    const left = `SELECT count() FROM system.mutations WHERE ${of} AND mutation_id <= '${id}' AND NOT is_done`;
    for (const replica of [this.#writer, this.#reader]) {
      while (Number(await replica.query(known)) === 0 || Number(await replica.query(left)) > 0)
        await replica.query(`SYSTEM SYNC REPLICA ${asked.database}.${table}`);
    }
    this.#stale.add(asked.database);
    return NOTHING;
  }

  /** The newest of a table, as the keeper has it: replicas hear of it from there. */
  async #lastMutation(of: string): Promise<string> {
    const path = (await this.#writer.query(`SELECT zookeeper_path FROM system.replicas WHERE ${of}`)).trim();
    return (await this.#writer.query(`SELECT max(name) FROM system.zookeeper WHERE path = '${path}/mutations'`)).trim();
  }

  async #ask(asked: Asked): Promise<Buffer> {
    const text = this.#withFinal(asked, questionInOldWords(asked.text));
    if (/\bstage_/.test(text)) return askOld(this.#writer, { ...asked, text });
    if (this.#stale.delete(asked.database)) {
      for (const table of REPLICATED) await this.#reader.query(`SYSTEM SYNC REPLICA ${asked.database}.${table}`);
    }
    return askOld(this.#reader, { ...asked, text });
  }

  /** `FINAL` is a setting today; the translation names it after every table. */
  #withFinal({ address }: Asked, text: string): string {
    if (address.get('final') === '0') return text.replace(/\bFROM (\w+) FINAL\b/g, 'FROM $1');
    return text
      .replace(/\bFROM (drained|schema_version)\b/g, 'FROM $1 FINAL')
      .replace(/FINAL FINAL/g, 'FINAL')
      .replace(/FROM conversions FINAL r\b/g, 'FROM (SELECT * FROM conversions FINAL) r');
  }
}
