/** The only writer of sites. */
import { checkSite, checkSitePatch } from '../../core/check-site.ts';
import { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import { recordAudit } from './audit-log.ts';
import { type ConfigStore, nextNumber, type Write } from './config-store.ts';
import { newId, newSiteKey } from './random-text.ts';
import { lockSite, raiseRevision, readSite, siteColumns, siteDefinition, siteFromRow } from './site-rows.ts';

/** Who does it, for the audit log. */
export interface Origin {
  /** `key:key_…`, `user:user_…`, `socket`, `setup`. */
  origin: string;
}

/** Makes the domains the site's own, in an order that keeps two writers from waiting for each other; throws `duplicate_domain` for one that is another's. */
async function claimDomains({ tx }: Write, siteId: string, domains: readonly string[]): Promise<void> {
  await tx.deleteFrom('site_domains').where('site_id', '=', siteId).execute();
  for (const domain of [...domains].sort()) {
    const claimed = await tx
      .insertInto('site_domains')
      .values({ domain, site_id: siteId })
      .onConflict((conflict) => conflict.column('domain').doNothing())
      .executeTakeFirst();
    if (claimed.numInsertedOrUpdatedRows !== 1n) {
      throw new Problem('duplicate_domain', `The domain "${domain}" belongs to another site.`, { field: 'domains' });
    }
  }
}

export class SiteService {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** Throws `invalid_field`, `duplicate_domain`. */
  async create(input: unknown, { origin }: Origin): Promise<Site> {
    const definition = checkSite(input);
    return this.#store.write(async (write) => {
      const id = newId('site');
      const number = await nextNumber(write.tx, 'site');
      const times = { created_at: write.at, updated_at: write.at, deleted_at: null };
      const row = { ...siteColumns(definition), ...times, id, number, key: newSiteKey(), revision: 1, change: 0 };
      await write.tx.insertInto('sites').values(row).execute();
      await claimDomains(write, id, definition.domains);
      await recordAudit(write, { actor: origin, action: 'site.create', site_id: id, subject: id });
      write.touched.add(id);
      return siteFromRow(row);
    });
  }

  /** By id, key or domain. Throws `unknown_site`. */
  async get(ref: string): Promise<Site> {
    return readSite(this.#store.db, ref);
  }

  /** All sites, oldest first. */
  async list(): Promise<Site[]> {
    const rows = await this.#store.db
      .selectFrom('sites')
      .selectAll()
      .where('deleted_at', 'is', null)
      .orderBy('number')
      .execute();
    return rows.map(siteFromRow);
  }

  /** Changes the fields that `patch` names. Throws `unknown_site`, `invalid_field`, `duplicate_domain`. */
  async update(ref: string, patch: unknown, { origin }: Origin): Promise<Site> {
    return this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const definition = checkSitePatch(siteDefinition(site), patch);
      if (definition.domains.join() !== site.domains.join()) await claimDomains(write, site.id, definition.domains);
      const revision = await raiseRevision(write, site.id);
      const columns = { ...siteColumns(definition), updated_at: write.at };
      await write.tx.updateTable('sites').set(columns).where('id', '=', site.id).execute();
      const detail = { fields: Object.keys(patch as object) };
      await recordAudit(write, { actor: origin, action: 'site.update', site_id: site.id, subject: site.id, detail });
      return { ...site, ...definition, revision, updated_at: write.at };
    });
  }

  /**
   * Removes the site: its domains are free again, its keys and share links end. What was counted stays in the event
   * store until it is erased there. Throws `unknown_site`.
   */
  async remove(ref: string, { origin }: Origin): Promise<Site> {
    return this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const { tx, at } = write;
      await tx.deleteFrom('site_domains').where('site_id', '=', site.id).execute();
      await tx.deleteFrom('share_links').where('site_id', '=', site.id).execute();
      await tx
        .updateTable('api_keys')
        .set({ revoked_at: at })
        .where('site_id', '=', site.id)
        .where('revoked_at', 'is', null)
        .execute();
      await tx.updateTable('sites').set({ deleted_at: at }).where('id', '=', site.id).execute();
      await recordAudit(write, { actor: origin, action: 'site.remove', site_id: site.id, subject: site.id });
      write.touched.add(site.id);
      return site;
    });
  }
}
