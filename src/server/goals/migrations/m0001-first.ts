/** Migration 1: sites, goals and their versions, URL groups, keys and the audit log. */
import { type Kysely, sql } from 'kysely';

async function createSites(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('numbers')
    .addColumn('name', 'text', (c) => c.primaryKey())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .execute();
  await schema
    .createTable('sites')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'bigint', (c) => c.notNull().unique())
    .addColumn('key', 'text', (c) => c.notNull().unique())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('settings', 'text', (c) => c.notNull())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addColumn('change', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .execute();
  await schema.createIndex('sites_change').on('sites').column('change').execute();
  await schema
    .createTable('site_domains')
    .addColumn('domain', 'text', (c) => c.primaryKey())
    .addColumn('site_id', 'text', (c) => c.notNull().references('sites.id'))
    .execute();
  await schema.createIndex('site_domains_site').on('site_domains').column('site_id').execute();
  await schema
    .createTable('url_groups')
    .addColumn('site_id', 'text', (c) => c.notNull().references('sites.id'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('rules', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('url_groups_primary', ['site_id', 'key'])
    .execute();
}

async function createGoals(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('goals')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('number', 'bigint', (c) => c.notNull().unique())
    .addColumn('site_id', 'text', (c) => c.notNull().references('sites.id'))
    .addColumn('key', 'text', (c) => c.notNull())
    .addColumn('definition', 'text', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('generation', 'bigint', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('updated_at', 'bigint', (c) => c.notNull())
    .addColumn('deleted_at', 'bigint')
    .execute();
  await schema
    .createIndex('goals_key')
    .unique()
    .on('goals')
    .columns(['site_id', 'key'])
    .where(sql.ref('deleted_at'), 'is', null)
    .execute();
  await schema.createIndex('goals_site').on('goals').columns(['site_id', 'number']).execute();
  await schema
    .createTable('goal_versions')
    .addColumn('goal_id', 'text', (c) => c.notNull().references('goals.id'))
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('site_id', 'text', (c) => c.notNull())
    .addColumn('revision', 'bigint', (c) => c.notNull())
    .addColumn('definition', 'text', (c) => c.notNull())
    .addColumn('deleted', 'integer', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('goal_versions_primary', ['goal_id', 'version'])
    .execute();
  await schema.createIndex('goal_versions_site').on('goal_versions').column('site_id').execute();
}

async function createKeys(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .createTable('api_keys')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('name', 'text', (c) => c.notNull())
    .addColumn('hash', 'text', (c) => c.notNull().unique())
    .addColumn('hint', 'text', (c) => c.notNull())
    .addColumn('site_id', 'text', (c) => c.references('sites.id'))
    .addColumn('scopes', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .addColumn('revoked_at', 'bigint')
    .execute();
  await schema
    .createTable('audit')
    .addColumn('number', 'bigint', (c) => c.primaryKey())
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('actor', 'text', (c) => c.notNull())
    .addColumn('action', 'text', (c) => c.notNull())
    .addColumn('site_id', 'text')
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('detail', 'text', (c) => c.notNull())
    .execute();
  await schema.createIndex('audit_site').on('audit').columns(['site_id', 'number']).execute();
}

/** Creates the tables that defining and counting goals needs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSites(db);
  await createGoals(db);
  await createKeys(db);
}
