/** API keys: made and shown once, stored as their hash, checked on every request. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Selectable } from 'kysely';
import { Problem } from '../../core/problem.ts';
import { recordAudit } from './audit-log.ts';
import type { ApiKeyTable } from './config-schema.ts';
import type { ConfigStore } from './config-store.ts';
import { checkForeignKey, checkKeyRequest, type KeyRequest, type Scope } from './key-request.ts';
import { newId, newSecret } from './random-text.ts';
import { readSite } from './site-rows.ts';
import type { Origin } from './site-service.ts';

/** How often the last uses of keys are written. */
const TOUCH_INTERVAL_MS = 10_000;
const HINT_CHARACTERS = 12;

/** A key as it is listed: never the secret. */
export interface ApiKey {
  id: string;
  name: string;
  /** Its first characters. */
  hint: string;
  /** null: all sites. */
  site_id: string | null;
  scopes: Scope[];
  /** ms since 1970 UTC, as all times here. */
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function keyFromRow({ hash: _, scopes, ...row }: Selectable<ApiKeyTable>): ApiKey {
  return { ...row, scopes: scopes.split(' ') as Scope[] };
}

export class KeyService {
  readonly #store: ConfigStore;
  /** Uses that are not written yet: key id → ms. */
  readonly #used = new Map<string, number>();
  readonly #timer: NodeJS.Timeout;

  /** `onError` hears of last uses that could not be written. */
  constructor(store: ConfigStore, onError: (error: unknown) => void) {
    this.#store = store;
    this.#timer = setInterval(() => {
      this.flush().catch(onError);
    }, TOUCH_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Makes a key; the answer is the only place its text ever stands. Throws `invalid_field`, `unknown_site`. */
  async create(request: KeyRequest, { origin }: Origin): Promise<ApiKey & { key: string }> {
    const site = request.site === null ? null : await readSite(this.#store.db, request.site);
    const key = `gp_${site?.key ?? 'account'}_${newSecret()}`;
    return { ...(await this.#add(key, request, { origin })), key };
  }

  /** Takes over a key of another product. Throws `invalid_field`, `unknown_site`, `duplicate_key`. */
  async importKey(foreign: unknown, request: KeyRequest, { origin }: Origin): Promise<ApiKey> {
    return this.#add(checkForeignKey(foreign), request, { origin });
  }

  /**
   * The key whose text this is, or undefined when there is none, or it was revoked or has expired. Hashes are looked
   * up, then compared in constant time: timing tells nothing about the text.
   */
  async verify(presented: string): Promise<ApiKey | undefined> {
    const hash = sha256(presented);
    const row = await this.#store.db
      .selectFrom('api_keys')
      .selectAll()
      .where('hash', '=', hash.toString('hex'))
      .executeTakeFirst();
    if (row === undefined || !timingSafeEqual(hash, Buffer.from(row.hash, 'hex'))) return undefined;
    const now = this.#store.now();
    if (row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return undefined;
    this.#used.set(row.id, now);
    return keyFromRow(row);
  }

  /** Newest first; of one site (id, key or domain), of the account (null), or all. Throws `unknown_site`. */
  async list(site?: string | null): Promise<ApiKey[]> {
    let query = this.#store.db.selectFrom('api_keys').selectAll().orderBy('created_at', 'desc').orderBy('id');
    if (site === null) query = query.where('site_id', 'is', null);
    else if (site !== undefined) query = query.where('site_id', '=', (await readSite(this.#store.db, site)).id);
    return (await query.execute()).map(keyFromRow);
  }

  /** Ends a key at once; one that ended already stays so. Throws `not_found`. */
  async revoke(id: string, { origin }: Origin): Promise<ApiKey> {
    return this.#store.write(async (write) => {
      const row = await write.tx
        .updateTable('api_keys')
        .set((eb) => ({ revoked_at: eb.fn.coalesce('revoked_at', eb.val(write.at)) }))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) throw new Problem('not_found', `There is no key "${id.slice(0, 100)}".`);
      await recordAudit(write, { actor: origin, action: 'key.revoke', site_id: row.site_id, subject: id });
      return keyFromRow(row);
    });
  }

  /** Writes the last uses collected since the last time. */
  async flush(): Promise<void> {
    if (this.#used.size === 0) return;
    const used = [...this.#used];
    this.#used.clear();
    await this.#store.write(async ({ tx }) => {
      for (const [id, last_used_at] of used) {
        await tx.updateTable('api_keys').set({ last_used_at }).where('id', '=', id).execute();
      }
    });
  }

  /** Writes what is left and stops. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #add(key: string, request: KeyRequest, { origin }: Origin): Promise<ApiKey> {
    return this.#store.write(async (write) => {
      const { scopes, name, expires_at } = checkKeyRequest(request, write.at);
      const site_id = request.site === null ? null : (await readSite(write.tx, request.site)).id;
      const row = await write.tx
        .insertInto('api_keys')
        .values({
          id: newId('key'),
          name,
          hash: sha256(key).toString('hex'),
          hint: `${key.slice(0, Math.min(HINT_CHARACTERS, key.length / 2))}…`,
          site_id,
          scopes: scopes.join(' '),
          created_at: write.at,
          expires_at,
          last_used_at: null,
          revoked_at: null,
        })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) throw new Problem('duplicate_key', 'This key is known already.', { field: 'key' });
      const detail = { name, scopes };
      await recordAudit(write, { actor: origin, action: 'key.create', site_id, subject: row.id, detail });
      return keyFromRow(row);
    });
  }
}
