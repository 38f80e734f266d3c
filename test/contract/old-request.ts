/** A request of today's official client, and what of it ClickHouse 18.16 understands: its settings, rows and answers. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Replica } from './clickhouse-cluster.ts';
import { questionInOldWords, TRUTHS } from './old-statement.ts';

/** What the old server knows of the client's settings, and under which name. */
const KNOWN_SETTINGS: Record<string, string> = {
  insert_deduplicate: 'insert_deduplicate',
  max_threads: 'max_threads',
  join_use_nulls: 'join_use_nulls',
  output_format_json_quote_64bit_integers: 'output_format_json_quote_64bit_integers',
  distributed_product_mode: 'distributed_product_mode',
  distributed_foreground_insert: 'insert_distributed_sync',
  load_balancing: 'load_balancing',
};

/** What one request asks. */
export interface Asked {
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

/** Asks an old server; throws what it says against it. */
export async function askOld(replica: Replica, { text, rows, database, address }: Asked): Promise<Buffer> {
  const url = new URL(replica.url);
  url.searchParams.set('database', database);
  for (const [name, old] of Object.entries(KNOWN_SETTINGS)) {
    const value = address.get(name);
    if (value !== null) url.searchParams.set(old, value);
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

/** Reads a request; parameters are written into its statement. */
async function readAsked(request: IncomingMessage): Promise<Asked> {
  const address = new URL(String(request.url), 'http://localhost').searchParams;
  const body = await bodyOf(request);
  const statement = address.get('query');
  return {
    text: inlined(statement ?? body.toString('utf8'), address).trim(),
    rows: statement === null || body.length === 0 ? undefined : body,
    database: address.get('database') ?? 'default',
    address,
  };
}

/** Rows that come with an INSERT, in a format that the old server reads. */
function withOldRows(asked: Asked): Asked {
  const [, format] = /FORMAT (\w+)\s*$/.exec(asked.text) ?? [];
  const read = format === 'CSV' ? oldCsv : format === 'JSONCompactEachRow' ? csvOfArrays : undefined;
  const rows = asked.rows && read ? Buffer.from(read(asked.rows.toString('utf8'))) : asked.rows;
  return { ...asked, rows, text: asked.text.replace(/JSONCompactEachRow\s*$/, 'CSV') };
}

/** `FINAL` is a setting today; the translation names it after every table. */
function withFinal({ address }: Asked, text: string): string {
  if (address.get('final') === '0') return text.replace(/\bFROM (\w+) FINAL\b/g, 'FROM $1');
  return text
    .replace(/\bFROM (drained|schema_version)\b/g, 'FROM $1 FINAL')
    .replace(/FINAL FINAL/g, 'FINAL')
    .replace(/FROM conversions FINAL r\b/g, 'FROM (SELECT * FROM conversions FINAL) r');
}

/** A server that speaks to clients as one of today, and has their requests executed by an old one. */
export function frontOf(execute: (asked: Asked) => Promise<Buffer>): Server {
  return createServer(async (request, response) => {
    try {
      const said = withTruths(await execute(await readAsked(request)));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(said);
    } catch (error) {
      // A server that is away answers nothing.
      if (error instanceof TypeError && error.message === 'fetch failed') return response.destroy();
      const message = error instanceof Error ? error.message : String(error);
      const [, code = '1002', words = message] =
        /Code: (\d+), e\.displayText\(\) = DB::Exception: (.*?), e\.what/s.exec(message) ?? [];
      response.writeHead(500, { 'x-clickhouse-exception-code': code });
      response.end(`Code: ${code}. DB::Exception: ${words}. (OLD)`);
    }
  });
}

/** `INSERT` in the old words. */
export function insertInOldWords(asked: Asked): Asked {
  return asked.rows === undefined
    ? { ...asked, text: withFinal(asked, questionInOldWords(asked.text)) }
    : withOldRows(asked);
}

/** A question in the old words. */
export function askedInOldWords(asked: Asked): Asked {
  return { ...asked, text: withFinal(asked, questionInOldWords(asked.text)) };
}
