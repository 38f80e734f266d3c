/** Copies a whole configuration, logins and salts included, into another database, as often as it takes. */
import { type Kysely, sql, type Transaction } from 'kysely';
import { Problem } from '../../core/problem.ts';
import type { ConfigSchema } from './config-schema.ts';
import type { ConfigStore } from './config-store.ts';

/** Whom others refer to comes before them. Claims are the event store's. */
const TABLES = [
  'numbers',
  'sites',
  'site_domains',
  'url_groups',
  'goals',
  'goal_versions',
  'api_keys',
  'audit',
  'users',
  'invitations',
  'web_sessions',
  'share_links',
  'salts',
  'backfill_jobs',
  'event_names',
] as const satisfies readonly (keyof ConfigSchema)[];

/** Name in `numbers` that says that a move into this database is not finished. */
const MOVING = 'moving';
/** Rows of one statement: PostgreSQL takes 65,535 parameters. */
const AT_ONCE = 500;

/** Whether a move into this database was begun and not finished. */
export async function isBeingMovedInto(db: Kysely<ConfigSchema>): Promise<boolean> {
  const row = await db.selectFrom('numbers').select('value').where('name', '=', MOVING).executeTakeFirst();
  return row !== undefined;
}

/** Says so; throws `conflict` when the database has a configuration that no move brought there. */
export async function beginMoveInto(to: ConfigStore): Promise<void> {
  if (await isBeingMovedInto(to.db)) return;
  const known = await Promise.all([
    to.db.selectFrom('sites').select('id').limit(1).executeTakeFirst(),
    to.db.selectFrom('users').select('id').limit(1).executeTakeFirst(),
    to.db.selectFrom('api_keys').select('id').limit(1).executeTakeFirst(),
  ]);
  if (known.some((row) => row !== undefined)) {
    throw new Problem('conflict', 'The database has a configuration already; give an empty one.');
  }
  await to.db.insertInto('numbers').values({ name: MOVING, value: 1 }).execute();
}

/** The move is done: servers may work with the database. */
export async function endMoveInto(db: Kysely<ConfigSchema>): Promise<void> {
  await db.deleteFrom('numbers').where('name', '=', MOVING).execute();
}

async function copyTable(
  table: (typeof TABLES)[number],
  { from, to }: { from: Kysely<ConfigSchema>; to: Transaction<ConfigSchema> },
): Promise<number> {
  const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(from);
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    // The same table on both sides, by name: its rows fit.
    await to
      .insertInto(table)
      .values(rows.slice(start, start + AT_ONCE) as never)
      .execute();
  }
  return rows.length;
}

/** Makes every table of `to` that of `from`, in one transaction. Answers how many rows there are. */
export async function copyConfig(from: ConfigStore, to: ConfigStore): Promise<number> {
  return to.db.transaction().execute(async (tx) => {
    for (const table of TABLES.toReversed()) await tx.deleteFrom(table).execute();
    let rows = 0;
    for (const table of TABLES) rows += await copyTable(table, { from: from.db, to: tx });
    await tx.insertInto('numbers').values({ name: MOVING, value: 1 }).execute();
    return rows;
  });
}

/** How many rows each table has, for comparing both sides. */
export async function countConfig({ db }: ConfigStore): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const count = db.fn.countAll<number>().as('rows');
    const some = db.selectFrom(table).select(count);
    const { rows } = await (table === 'numbers'
      ? some.where(sql.ref('name'), '!=', MOVING)
      : some
    ).executeTakeFirstOrThrow();
    counts[table] = Number(rows);
  }
  return counts;
}
