/** The native API: dialect number one. */
import { PEOPLE_ROUTES } from '../account-routes.ts';
import type { Dialect } from '../dialect.ts';
import { BACKUP_ROUTES } from '../native-backup.ts';
import { CHECK_ROUTES } from '../native-check.ts';
import { bearerKey, refuseNatively, siteInPath } from '../native-credentials.ts';
import { DIAGNOSIS_ROUTES } from '../native-diagnosis.ts';
import { EVENT_ROUTES } from '../native-events.ts';
import { GOAL_ACTION_ROUTES } from '../native-goal-actions.ts';
import { GOAL_ROUTES } from '../native-goals.ts';
import { GROUP_ROUTES } from '../native-groups.ts';
import { KEY_ROUTES } from '../native-keys.ts';
import { LIVE_ROUTES } from '../native-live.ts';
import { MOVE_ROUTES } from '../native-move.ts';
import { PAST_ROUTES } from '../native-past.ts';
import { PICKER_ROUTES } from '../native-picker.ts';
import { PRIVACY_ROUTES } from '../native-privacy.ts';
import { SERIES_ROUTES } from '../native-series.ts';
import { SHARE_ROUTES } from '../native-shares.ts';
import { SITE_ROUTES } from '../native-sites.ts';
import { STATS_ROUTES } from '../native-stats.ts';
import { TRANSFER_ROUTES } from '../native-transfer.ts';

export const native: Dialect = {
  name: 'native',
  prefixes: ['/'],
  routes: [
    ...SITE_ROUTES,
    ...DIAGNOSIS_ROUTES,
    ...GOAL_ROUTES,
    ...GOAL_ACTION_ROUTES,
    ...CHECK_ROUTES,
    ...GROUP_ROUTES,
    ...EVENT_ROUTES,
    ...STATS_ROUTES,
    ...SERIES_ROUTES,
    ...PAST_ROUTES,
    ...PICKER_ROUTES,
    ...LIVE_ROUTES,
    ...PRIVACY_ROUTES,
    ...TRANSFER_ROUTES,
    ...KEY_ROUTES,
    ...SHARE_ROUTES,
    ...BACKUP_ROUTES,
    ...MOVE_ROUTES,
    ...PEOPLE_ROUTES,
  ],
  credentials: bearerKey,
  siteRef: siteInPath,
  refuse: refuseNatively,
};
