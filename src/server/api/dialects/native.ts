/** The native API: dialect number one. */
import type { Dialect } from '../dialect.ts';
import { CHECK_ROUTES } from '../native-check.ts';
import { bearerKey, refuseNatively, siteInPath } from '../native-credentials.ts';
import { EVENT_ROUTES } from '../native-events.ts';
import { GOAL_ACTION_ROUTES } from '../native-goal-actions.ts';
import { GOAL_ROUTES } from '../native-goals.ts';
import { GROUP_ROUTES } from '../native-groups.ts';
import { KEY_ROUTES } from '../native-keys.ts';
import { LIVE_ROUTES } from '../native-live.ts';
import { SERIES_ROUTES } from '../native-series.ts';
import { SITE_ROUTES } from '../native-sites.ts';
import { STATS_ROUTES } from '../native-stats.ts';

export const native: Dialect = {
  name: 'native',
  prefixes: ['/'],
  routes: [
    ...SITE_ROUTES,
    ...GOAL_ROUTES,
    ...GOAL_ACTION_ROUTES,
    ...CHECK_ROUTES,
    ...GROUP_ROUTES,
    ...EVENT_ROUTES,
    ...STATS_ROUTES,
    ...SERIES_ROUTES,
    ...LIVE_ROUTES,
    ...KEY_ROUTES,
  ],
  credentials: bearerKey,
  siteRef: siteInPath,
  refuse: refuseNatively,
};
