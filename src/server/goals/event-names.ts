/** Event names that an API announced: no goals, only known before the first such event. */
import { EVENT_NAME_CHARACTERS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import { recordAudit } from './audit-log.ts';
import { type ConfigStore, nextNumber, type Write } from './config-store.ts';
import { lockSite, readSite } from './site-rows.ts';
import type { Origin } from './site-service.ts';

const NAMES_PER_SITE = 1_000;

/** An announced name. */
export interface EventName {
  /** Unique in the installation, for dialects with integer ids. */
  number: number;
  name: string;
  /** What the dialect that made it keeps. */
  foreign: Record<string, unknown>;
  /** ms since 1970 UTC. */
  created_at: number;
}

async function readNames(db: ConfigStore['db'] | Write['tx'], siteId: string): Promise<EventName[]> {
  const rows = await db
    .selectFrom('event_names')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('number', 'desc')
    .execute();
  return rows.map(({ number, name, foreign_fields, created_at }) => ({
    number,
    name,
    foreign: JSON.parse(foreign_fields) as Record<string, unknown>,
    created_at,
  }));
}

/** Keeps announced names. */
export class EventNames {
  readonly #store: ConfigStore;

  constructor(store: ConfigStore) {
    this.#store = store;
  }

  /** Newest first. Throws `unknown_site`. */
  async list(site: string): Promise<EventName[]> {
    return readNames(this.#store.db, (await readSite(this.#store.db, site)).id);
  }

  /**
   * Gets or creates a name; `foreign` makes what the dialect keeps from the names that are there, under the site's
   * lock. Throws `unknown_site`, `invalid_field`, `limit_reached`.
   */
  async ensure(
    ref: string,
    { name, foreign }: { name: unknown; foreign: (existing: readonly EventName[]) => Record<string, unknown> },
    { origin }: Origin,
  ): Promise<EventName & { created: boolean }> {
    const text = typeof name === 'string' ? name.trim() : '';
    if (text === '' || [...text].length > EVENT_NAME_CHARACTERS) {
      throw new Problem('invalid_field', `An event name has 1 to ${EVENT_NAME_CHARACTERS} characters.`, {
        field: 'name',
      });
    }
    return this.#store.write(async (write) => {
      const site = await lockSite(write, ref);
      const existing = await readNames(write.tx, site.id);
      const known = existing.find((candidate) => candidate.name === text);
      if (known) return { ...known, created: false };
      if (existing.length >= NAMES_PER_SITE) {
        throw new Problem('limit_reached', `A site has at most ${NAMES_PER_SITE} announced event names.`);
      }
      const made: EventName = {
        number: await nextNumber(write.tx, 'event_name'),
        name: text,
        foreign: foreign(existing),
        created_at: write.at,
      };
      const { number, created_at } = made;
      const foreign_fields = JSON.stringify(made.foreign);
      await write.tx
        .insertInto('event_names')
        .values({ site_id: site.id, name: text, number, foreign_fields, created_at })
        .execute();
      await recordAudit(write, { actor: origin, action: 'event_name.create', site_id: site.id, subject: text });
      return { ...made, created: true };
    });
  }
}
