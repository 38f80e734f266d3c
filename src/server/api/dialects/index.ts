/** Every dialect the server speaks; the prefix of a path decides whose it is. */
import type { Dialect } from '../dialect.ts';
import { datafast } from './datafast.ts';
import { mida } from './mida.ts';
import { native } from './native.ts';
import { pagesense } from './pagesense.ts';
import { plausible } from './plausible.ts';
import { plausibleEvents, plausibleSites } from './plausible-sites.ts';
import { sparklytics } from './sparklytics.ts';
import { sparklyticsCollect } from './sparklytics-collect.ts';

export const DIALECTS: readonly Dialect[] = [
  native,
  plausible,
  plausibleSites,
  plausibleEvents,
  pagesense,
  sparklytics,
  sparklyticsCollect,
  datafast,
  mida,
];
