/** Share links: who has one sees the statistics of one site, nothing else, until it is revoked. */
import type { Selectable } from 'kysely';
import { Problem } from '../../core/problem.ts';
import { checkPersonName } from './account-request.ts';
import { recordAudit } from './audit-log.ts';
import type { ShareLinkTable } from './config-schema.ts';
import type { ConfigStore } from './config-store.ts';
import { newId, newSecret } from './random-text.ts';
import { hashSecret } from './secret-hash.ts';
import { lockSite, readSite } from './site-rows.ts';
import type { Origin } from './site-service.ts';

const LINKS_PER_SITE = 100;

/** A link as it is listed: never its token. */
export interface ShareLink {
  id: string;
  site_id: string;
  name: string;
  /** ms since 1970 UTC. */
  created_at: number;
  expires_at: number | null;
}

function linkFromRow({ hash: _, ...row }: Selectable<ShareLinkTable>): ShareLink {
  return row;
}

/** Makes, finds and revokes links. */
export class ShareLinks {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** The token is in the answer only. Throws `unknown_site`, `invalid_field`, `limit_reached`. */
  async create(
    ref: string,
    { name = '', expires_at = null }: { name?: unknown; expires_at?: number | null },
    { origin }: Origin,
  ): Promise<ShareLink & { token: string }> {
    const title = checkPersonName(name);
    const token = newSecret();
    return this.#store.write(async (write) => {
      if (expires_at !== null && !(Number.isSafeInteger(expires_at) && expires_at > write.at)) {
        throw new Problem('invalid_field', 'The expiry is a time in the future.', { field: 'expires_at' });
      }
      const site = await lockSite(write, ref);
      const links = await write.tx.selectFrom('share_links').select('id').where('site_id', '=', site.id).execute();
      if (links.length >= LINKS_PER_SITE) {
        throw new Problem('limit_reached', `A site has at most ${LINKS_PER_SITE} share links.`);
      }
      const link = { id: newId('link'), site_id: site.id, name: title, created_at: write.at, expires_at };
      await write.tx
        .insertInto('share_links')
        .values({ ...link, hash: hashSecret(token) })
        .execute();
      await recordAudit(write, { actor: origin, action: 'share_link.create', site_id: site.id, subject: link.id });
      return { ...link, token };
    });
  }

  /** The link whose token this is, or undefined when there is none or it has expired. */
  async find(token: string): Promise<ShareLink | undefined> {
    const row = await this.#store.db
      .selectFrom('share_links')
      .selectAll()
      .where('hash', '=', hashSecret(token))
      .executeTakeFirst();
    if (row === undefined || (row.expires_at !== null && row.expires_at <= this.#store.now())) return undefined;
    return linkFromRow(row);
  }

  /** Newest first. Throws `unknown_site`. */
  async list(ref: string): Promise<ShareLink[]> {
    const { id } = await readSite(this.#store.db, ref);
    const rows = await this.#store.db
      .selectFrom('share_links')
      .selectAll()
      .where('site_id', '=', id)
      .orderBy('created_at', 'desc')
      .orderBy('id')
      .execute();
    return rows.map(linkFromRow);
  }

  /** Ends a link at once. Throws `unknown_site`, `not_found`. */
  async revoke(ref: string, id: string, { origin }: Origin): Promise<void> {
    await this.#store.write(async (write) => {
      const site = await readSite(write.tx, ref);
      const removed = await write.tx
        .deleteFrom('share_links')
        .where('site_id', '=', site.id)
        .where('id', '=', id)
        .executeTakeFirst();
      if (removed.numDeletedRows === 0n) throw new Problem('not_found', `There is no link "${id.slice(0, 100)}".`);
      await recordAudit(write, { actor: origin, action: 'share_link.revoke', site_id: site.id, subject: id });
    });
  }
}
