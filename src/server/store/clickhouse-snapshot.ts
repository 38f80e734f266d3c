/**
 * Backup of ClickHouse in its own format, through its client: for moving and for small clusters. One that does not fit
 * through one process is backed up with ClickHouse's `BACKUP`.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Claim, Claims } from './claims.ts';
import type { ClickhouseNode } from './clickhouse-node.ts';
import { SCHEMA_STEPS } from './clickhouse-schema.ts';
import { EVENT_COLUMNS } from './event-rules.ts';
import { CONVERSION_COLUMNS } from './load-conversions.ts';

const MANIFEST = 'events.json';
const CLAIMS = 'claims.json';
const CLAIMS_AT_ONCE = 5_000;

/**
 * In this order: what is loaded meanwhile is in the journal's copy too. A segment that is noted has all its events here, and
 * an event that is here has all its conversions.
 */
const TABLES = [
  { table: 'drained', columns: 'segment, drained_at' },
  { table: 'events', columns: EVENT_COLUMNS.join(', ') },
  { table: 'conversions', columns: CONVERSION_COLUMNS },
] as const;

async function* linesOf(claims: Claims): AsyncGenerator<string> {
  for (let page = await claims.page('', CLAIMS_AT_ONCE); page.length > 0; ) {
    for (const claim of page) yield `${JSON.stringify(claim)}\n`;
    page = await claims.page(page.at(-1)!.key, CLAIMS_AT_ONCE);
  }
}

/** Writes all tables and claims into a folder. */
export async function writeNative(node: ClickhouseNode, claims: Claims, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { table, columns } of TABLES) {
    const rows = await node.read(`SELECT ${columns} FROM ${table}`, 'Native');
    await pipeline(rows, createWriteStream(join(folder, `${table}.native`)));
  }
  await pipeline(Readable.from(linesOf(claims)), createWriteStream(join(folder, CLAIMS)));
  await writeFile(join(folder, MANIFEST), `${JSON.stringify({ engine: 'clickhouse', schema: SCHEMA_STEPS.length })}\n`);
}

/** Fills the tables, which must be empty, and the claims. */
export async function readNative(node: ClickhouseNode, claims: Claims, folder: string): Promise<void> {
  const { engine, schema } = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as {
    engine?: string;
    schema: number;
  };
  if (engine !== 'clickhouse') throw new Error('The backup was made of an embedded event store, not of ClickHouse.');
  if (schema > SCHEMA_STEPS.length) {
    throw new Error(
      `The backup has schema ${schema}, this program knows ${SCHEMA_STEPS.length}: a newer release wrote it.`,
    );
  }
  for (const { table } of TABLES) {
    if ((await node.ask(`SELECT 1 AS one FROM ${table} LIMIT 1`)).length > 0) {
      throw new Error('A backup can only be restored into an empty event store.');
    }
  }
  const lines = (await readFile(join(folder, CLAIMS), 'utf8')).split('\n').slice(0, -1);
  for (let from = 0; from < lines.length; from += CLAIMS_AT_ONCE) {
    await claims.claim(lines.slice(from, from + CLAIMS_AT_ONCE).map((line) => JSON.parse(line) as Claim));
  }

  for (const { table, columns } of TABLES.toReversed()) {
    const file = join(folder, `${table}.native`);
    // Of no rows there are no bytes, and an insert of nothing is refused.
    if ((await stat(file)).size > 0) await node.fill(`${table} (${columns})`, 'Native', createReadStream(file));
  }
}
