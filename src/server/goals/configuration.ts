/** Everything that is kept about sites, opened and closed together. */
import { AccountService } from './account-service.ts';
import { AuditLog } from './audit-log.ts';
import { BackfillJobs } from './backfill-jobs.ts';
import { type ConfigStore, type ConfigStoreOptions, openConfigStore } from './config-store.ts';
import { EventNames } from './event-names.ts';
import { GoalService } from './goal-service.ts';
import { KeyService } from './key-service.ts';
import { Salts } from './salts.ts';
import { ShareLinks } from './share-links.ts';
import { SiteRegistry } from './site-registry.ts';
import { SiteService } from './site-service.ts';
import { UrlGroupService } from './url-group-service.ts';
import { WebSessions } from './web-sessions.ts';

/** The services over one store. */
export interface Configuration {
  readonly store: ConfigStore;
  readonly sites: SiteService;
  readonly goals: GoalService;
  readonly urlGroups: UrlGroupService;
  readonly keys: KeyService;
  readonly audit: AuditLog;
  readonly accounts: AccountService;
  readonly webSessions: WebSessions;
  readonly shareLinks: ShareLinks;
  readonly salts: Salts;
  readonly eventNames: EventNames;
  readonly backfills: BackfillJobs;
  /** Started. */
  readonly registry: SiteRegistry;
  close(): Promise<void>;
}

/** How to open it. */
export interface ConfigurationOptions extends ConfigStoreOptions {
  /**
   * Hears of work in the background that failed and will be done again: refreshing, last uses, destroying salts.
   * By default such an error is thrown where nobody catches it, since it must not go unseen.
   */
  onError?: (error: unknown) => void;
}

function throwUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}

/** Opens the store, migrates it, destroys old salts and starts the registry. Throws as `openConfigStore`. */
export async function openConfiguration({
  onError = throwUncaught,
  ...options
}: ConfigurationOptions): Promise<Configuration> {
  const store = await openConfigStore(options);
  const registry = new SiteRegistry(store, onError);
  const salts = new Salts(store, onError);
  const keys = new KeyService(store, onError);
  const accounts = new AccountService(store);
  await salts.destroyOld();
  await registry.start();
  return {
    store,
    sites: new SiteService(store),
    goals: new GoalService(store),
    urlGroups: new UrlGroupService(store),
    keys,
    audit: new AuditLog(store),
    accounts,
    webSessions: new WebSessions(store, accounts),
    shareLinks: new ShareLinks(store),
    salts,
    eventNames: new EventNames(store),
    backfills: new BackfillJobs(store),
    registry,
    async close() {
      salts.stop();
      await registry.stop();
      await keys.stop();
      await store.close();
    },
  };
}
