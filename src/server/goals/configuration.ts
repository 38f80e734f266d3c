/** Everything that is kept about sites, opened and closed together. */
import { AuditLog } from './audit-log.ts';
import { type ConfigStore, type ConfigStoreOptions, openConfigStore } from './config-store.ts';
import { GoalService } from './goal-service.ts';
import { KeyService } from './key-service.ts';
import { SiteRegistry } from './site-registry.ts';
import { SiteService } from './site-service.ts';
import { UrlGroupService } from './url-group-service.ts';

export interface Configuration {
  readonly store: ConfigStore;
  readonly sites: SiteService;
  readonly goals: GoalService;
  readonly urlGroups: UrlGroupService;
  readonly keys: KeyService;
  readonly audit: AuditLog;
  /** Started. */
  readonly registry: SiteRegistry;
  close(): Promise<void>;
}

/** Opens the store, migrates it and starts the registry. Throws as `openConfigStore`. */
export async function openConfiguration(options: ConfigStoreOptions): Promise<Configuration> {
  const store = await openConfigStore(options);
  const registry = new SiteRegistry(store);
  await registry.start();
  const keys = new KeyService(store);
  return {
    store,
    sites: new SiteService(store),
    goals: new GoalService(store),
    urlGroups: new UrlGroupService(store),
    keys,
    audit: new AuditLog(store),
    registry,
    async close() {
      await registry.stop();
      await keys.stop();
      await store.close();
    },
  };
}
