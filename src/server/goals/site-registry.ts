/**
 * Every site in memory for the hot path: look-ups are synchronous, a write of this process shows before it resolves,
 * one of another process within REFRESH_INTERVAL_MS.
 */
import { EventEmitter } from 'node:events';
import type { Goal } from '../../core/goal.ts';
import { normalizeHost } from '../../core/host.ts';
import type { UrlGroup } from '../../core/site.ts';
import type { ConfigStore } from './config-store.ts';
import { goalFromRow } from './goal-rows.ts';
import { type GenerationInWork, SiteEntry, type SiteSnapshot, type VersionStart } from './site-entry.ts';
import { siteFromRow } from './site-rows.ts';
import { groupFromRow } from './url-group-rows.ts';

export { SiteEntry } from './site-entry.ts';

const REFRESH_INTERVAL_MS = 3_000;

/** Rows by their site. */
function bySite<Row extends { site_id: string }, Item>(rows: Row[], read: (row: Row) => Item): Map<string, Item[]> {
  const items = new Map<string, Item[]>();
  for (const row of rows) {
    const list = items.get(row.site_id);
    if (list === undefined) items.set(row.site_id, [read(row)]);
    else list.push(read(row));
  }
  return items;
}

/** Emits `change` with the id of each site that changed, was added or removed, and `read` after each reading, with their number. */
export class SiteRegistry extends EventEmitter<{ change: [siteId: string]; read: [changed: number] }> {
  readonly #store: ConfigStore;
  readonly #onError: (error: unknown) => void;
  readonly #entries = new Map<string, SiteEntry>();
  /** Keys and domains → site id. */
  readonly #names = new Map<string, string>();
  #change = -1;
  #timer: NodeJS.Timeout | undefined;
  #ignoreWrites: (() => void) | undefined;
  /** Refreshes follow one another, so that an older reading never replaces a newer one. */
  #refreshing: Promise<void> = Promise.resolve();

  /** `onError` hears of refreshes that failed; the next one does their work. */
  constructor(store: ConfigStore, onError: (error: unknown) => void) {
    super();
    this.#store = store;
    this.#onError = onError;
  }

  /** Reads everything and keeps it current until `stop`. */
  async start(): Promise<void> {
    this.#ignoreWrites = this.#store.onWritten(() => this.refresh());
    await this.refresh();
    this.#timer = setInterval(() => {
      this.refresh().catch(this.#onError);
    }, REFRESH_INTERVAL_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#ignoreWrites?.();
    await this.#refreshing.catch(() => undefined);
  }

  /** By id, public key or domain; the host of a page of a site finds it too, subdomains of its domains included. */
  find(ref: string): SiteEntry | undefined {
    return this.#entries.get(ref) ?? this.#entries.get(this.#names.get(ref) ?? '') ?? this.#findByHost(ref);
  }

  /** All sites, in no particular order. */
  all(): IterableIterator<SiteEntry> {
    return this.#entries.values();
  }

  /** Reads what changed since the last time. */
  async refresh(): Promise<void> {
    const next = this.#refreshing.catch(() => undefined).then(() => this.#readChanges());
    this.#refreshing = next;
    return next;
  }

  #findByHost(text: string): SiteEntry | undefined {
    for (let host = normalizeHost(text) ?? ''; host !== ''; host = host.slice(host.indexOf('.') + 1)) {
      const id = this.#names.get(host);
      if (id !== undefined) return this.#entries.get(id);
      if (!host.includes('.')) return undefined;
    }
    return undefined;
  }

  async #readChanges(): Promise<void> {
    const rows = await this.#store.db.selectFrom('sites').selectAll().where('change', '>', this.#change).execute();
    if (rows.length === 0) {
      this.emit('read', 0);
      return;
    }
    const live = rows.filter((row) => row.deleted_at === null);
    const parts = await this.#readParts(live.map((row) => row.id));
    for (const row of rows) this.#forgetNames(row.id);
    for (const { id } of rows.filter((row) => row.deleted_at !== null)) this.#entries.delete(id);
    for (const row of live) {
      const snapshot: SiteSnapshot = {
        site: siteFromRow(row),
        goals: parts.goals.get(row.id) ?? [],
        groups: parts.groups.get(row.id) ?? [],
        versions: parts.versions.get(row.id) ?? [],
        building: parts.building.get(row.id) ?? [],
      };
      this.#entries.set(row.id, new SiteEntry(snapshot, this.#entries.get(row.id)));
      for (const name of [row.key, ...snapshot.site.domains]) this.#names.set(name, row.id);
    }
    this.#change = Math.max(this.#change, ...rows.map((row) => row.change));
    for (const row of rows) this.emit('change', row.id);
    this.emit('read', rows.length);
  }

  #forgetNames(siteId: string): void {
    const known = this.#entries.get(siteId)?.site;
    if (known === undefined) return;
    for (const name of [known.key, ...known.domains]) {
      if (this.#names.get(name) === siteId) this.#names.delete(name);
    }
  }

  async #readParts(ids: string[]): Promise<{
    goals: Map<string, Goal[]>;
    groups: Map<string, UrlGroup[]>;
    versions: Map<string, VersionStart[]>;
    building: Map<string, GenerationInWork[]>;
  }> {
    const { db } = this.#store;
    // At the first reading all sites are asked for; naming each would exceed SQLite's number of parameters.
    const some = this.#change >= 0;
    if (some && ids.length === 0)
      return { goals: new Map(), groups: new Map(), versions: new Map(), building: new Map() };
    let goals = db.selectFrom('goals').selectAll().where('deleted_at', 'is', null).orderBy('number', 'desc');
    let groups = db.selectFrom('url_groups').selectAll().orderBy('key');
    let versions = db
      .selectFrom('goal_versions')
      .select(['site_id', 'goal_id', 'version', 'revision'])
      .orderBy('goal_id')
      .orderBy('version');
    let building = db
      .selectFrom('backfill_jobs')
      .innerJoin('goals', 'goals.id', 'backfill_jobs.goal_id')
      .select(['site_id', 'goal_id', 'backfill_jobs.generation'])
      .where('state', '=', 'running');
    if (some) {
      goals = goals.where('site_id', 'in', ids);
      groups = groups.where('site_id', 'in', ids);
      versions = versions.where('site_id', 'in', ids);
      building = building.where('site_id', 'in', ids);
    }
    return {
      goals: bySite(await goals.execute(), goalFromRow),
      groups: bySite(await groups.execute(), groupFromRow),
      versions: bySite(await versions.execute(), ({ goal_id, version, revision }) => ({ goal_id, version, revision })),
      building: bySite(await building.execute(), ({ goal_id, generation }) => ({ goal_id, generation })),
    };
  }
}
