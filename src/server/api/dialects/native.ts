/** The native API: dialect number one. */
import type { Dialect } from '../dialect.ts';
import { bearerKey, refuseNatively, siteInPath } from '../native-credentials.ts';
import { GOAL_ROUTES } from '../native-goals.ts';
import { KEY_ROUTES } from '../native-keys.ts';
import { SITE_ROUTES } from '../native-sites.ts';
import { STATS_ROUTES } from '../native-stats.ts';

export const native: Dialect = {
  name: 'native',
  prefixes: ['/'],
  routes: [...SITE_ROUTES, ...GOAL_ROUTES, ...STATS_ROUTES, ...KEY_ROUTES],
  credentials: bearerKey,
  siteRef: siteInPath,
  refuse: refuseNatively,
};
