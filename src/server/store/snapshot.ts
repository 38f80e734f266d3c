/** Backup while running: every table as a Parquet file of one moment, and back into an empty store. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from './duckdb-engine.ts';
import { SCHEMA_STEPS } from './duckdb-schema.ts';

const TABLES = ['events', 'conversions', 'sessions', 'claims', 'drained'];
const MANIFEST = 'events.json';

/** A path as an SQL text. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", "''")}'`;
}

/** Writes all tables as they are at one moment. */
export async function writeSnapshot(run: Run, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const table of TABLES) {
    await run(`COPY ${table} TO ${quoted(join(folder, `${table}.parquet`))} (FORMAT parquet, COMPRESSION zstd)`);
  }
  await writeFile(join(folder, MANIFEST), `${JSON.stringify({ schema: SCHEMA_STEPS.length })}\n`);
}

/** Fills the tables, which must be empty. Columns that came later than the snapshot stay NULL. */
export async function readSnapshot(run: Run, folder: string): Promise<void> {
  const { schema } = JSON.parse(await readFile(join(folder, MANIFEST), 'utf8')) as { schema: number };
  if (schema > SCHEMA_STEPS.length) {
    throw new Error(
      `The backup has schema ${schema}, this program knows ${SCHEMA_STEPS.length}: a newer release wrote it.`,
    );
  }
  for (const table of TABLES) {
    const [row] = await run<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
    if (row!.count > 0) throw new Error('A backup can only be restored into an empty event store.');
    await run(`INSERT INTO ${table} BY NAME SELECT * FROM read_parquet(${quoted(join(folder, `${table}.parquet`))})`);
  }
}
