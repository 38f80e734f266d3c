/** Brings a configuration store to the schema this program knows; refuses a newer one. */
import { type Kysely, type Migration, Migrator } from 'kysely';
import type { ConfigSchema } from './config-schema.ts';
import { up as first } from './migrations/m0001-first.ts';
import { up as people } from './migrations/m0002-people.ts';
import { up as claims } from './migrations/m0003-claims.ts';

/** In the order of their names; a released migration never changes. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-first': { up: first },
  '0002-people': { up: people },
  '0003-claims': { up: claims },
};

/** Migrations that this store has and this program does not know. */
async function unknownMigrations(db: Kysely<ConfigSchema>): Promise<string[]> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === 'kysely_migration')) return [];
  const rows = await db
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  return rows.map((row) => row.name).filter((name) => !Object.hasOwn(MIGRATIONS, name));
}

/** Throws an Error whose message an operator can act on when the store was written by a newer release. */
export async function migrateConfig(db: Kysely<ConfigSchema>): Promise<void> {
  const unknown = await unknownMigrations(db);
  if (unknown.length > 0) {
    throw new Error(
      `The configuration store has the schema of a newer release (${unknown.join(', ')}), which this program does not ` +
        'know. Start that release or restore a backup made with this one.',
    );
  }
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
