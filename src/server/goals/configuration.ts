/** Everything that is kept about sites, opened and closed together. */
import { PASSWORD_COST } from '../config.ts';
import { AccountService } from './account-service.ts';
import { AuditLog } from './audit-log.ts';
import { BackfillJobs } from './backfill-jobs.ts';
import { type ConfigStore, type ConfigStoreOptions, openConfigStore, throwUncaught } from './config-store.ts';
import { EventNames } from './event-names.ts';
import { GoalService } from './goal-service.ts';
import { KeyService } from './key-service.ts';
import { PickTokens } from './pick-tokens.ts';
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
  readonly pickTokens: PickTokens;
  readonly eventNames: EventNames;
  readonly backfills: BackfillJobs;
  /** Started. */
  readonly registry: SiteRegistry;
  close(): Promise<void>;
}

/** How to open it. */
export type ConfigurationOptions = ConfigStoreOptions & {
  /** false: wrong passwords are not counted, as for load tests. Default true. */
  rate_limit?: boolean;
  /** What a password costs: see PASSWORD_COST. */
  password_cost?: number;
};

/** Opens the store, migrates it, destroys old salts and starts the registry. Throws as `openConfigStore`. */
export async function openConfiguration(options: ConfigurationOptions): Promise<Configuration> {
  const { onError = throwUncaught, rate_limit = true, password_cost = PASSWORD_COST.usual } = options;
  const store = await openConfigStore(options);
  const registry = new SiteRegistry(store, onError);
  const salts = new Salts(store, onError);
  const keys = new KeyService(store, onError);
  const accounts = new AccountService(store, { password_cost });
  const close = async (): Promise<void> => {
    salts.stop();
    await registry.stop();
    await keys.stop();
    await store.close();
  };
  try {
    await salts.destroyOld();
    await registry.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    store,
    sites: new SiteService(store),
    goals: new GoalService(store),
    urlGroups: new UrlGroupService(store),
    keys,
    audit: new AuditLog(store),
    accounts,
    webSessions: new WebSessions(store, accounts, { rate_limit }),
    shareLinks: new ShareLinks(store),
    salts,
    pickTokens: new PickTokens(store, salts),
    eventNames: new EventNames(store),
    backfills: new BackfillJobs(store),
    registry,
    close,
  };
}
