/** Migration 3: keys of conversions that are unique for ever, for event stores that several collectors write to. */
import type { Kysely } from 'kysely';

/** Creates the table of claims. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('claims')
    .addColumn('key', 'text', (c) => c.primaryKey())
    .addColumn('event', 'text', (c) => c.notNull())
    .addColumn('ts', 'bigint', (c) => c.notNull())
    .execute();
}
