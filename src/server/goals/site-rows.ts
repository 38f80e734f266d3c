/** Sites as the store keeps them, and how a text refers to one. */
import type { Selectable } from 'kysely';
import type { SiteDefinition } from '../../core/check-site.ts';
import { normalizeHost } from '../../core/host.ts';
import { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import type { SiteTable } from './config-schema.ts';
import type { ConfigStore, Write } from './config-store.ts';

/** The parts of a row that a site's definition makes. */
export function siteColumns({ name, ...settings }: SiteDefinition): Pick<SiteTable, 'name' | 'settings'> {
  return { name, settings: JSON.stringify(settings) };
}

/** What an owner decided, without what the store added. */
export function siteDefinition(site: Site): SiteDefinition {
  const { id: _id, number: _n, key: _key, revision: _r, created_at: _c, updated_at: _u, ...definition } = site;
  return definition;
}

/** A site as the rest of the server knows it. */
export function siteFromRow(row: Selectable<SiteTable>): Site {
  const { id, number, key, name, revision, created_at, updated_at } = row;
  const settings = JSON.parse(row.settings) as Omit<SiteDefinition, 'name'>;
  return { ...settings, id, number, key, name, revision, created_at, updated_at };
}

/** The row whose id, key or domain `ref` is. Throws `unknown_site`. */
async function findSiteRow(db: ConfigStore['db'] | Write['tx'], ref: string): Promise<Selectable<SiteTable>> {
  const domain = normalizeHost(ref) ?? '';
  const row = await db
    .selectFrom('sites')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('id', '=', ref),
        eb('key', '=', ref),
        eb('id', 'in', eb.selectFrom('site_domains').select('site_id').where('domain', '=', domain)),
      ]),
    )
    .executeTakeFirst();
  if (row === undefined) throw new Problem('unknown_site', `There is no site "${ref.slice(0, 100)}".`);
  return row;
}

/** Throws `unknown_site`. */
export async function readSite(db: ConfigStore['db'] | Write['tx'], ref: string): Promise<Site> {
  return siteFromRow(await findSiteRow(db, ref));
}

/**
 * The site, locked until the transaction ends, so that limits and unique names hold under simultaneous writes; the
 * pointless update is the row lock that both SQLite and PostgreSQL understand.
 */
export async function lockSite(write: Write, ref: string): Promise<Site> {
  const { id } = await findSiteRow(write.tx, ref);
  const row = await write.tx
    .updateTable('sites')
    .set((eb) => ({ revision: eb.ref('revision') }))
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new Problem('unknown_site', `There is no site "${ref.slice(0, 100)}".`);
  return siteFromRow(row);
}

/** Begins the site's next revision, which browsers will fetch, and answers its number. */
export async function raiseRevision(write: Write, siteId: string): Promise<number> {
  write.touched.add(siteId);
  const { revision } = await write.tx
    .updateTable('sites')
    .set((eb) => ({ revision: eb('revision', '+', 1) }))
    .where('id', '=', siteId)
    .returning('revision')
    .executeTakeFirstOrThrow();
  return revision;
}
