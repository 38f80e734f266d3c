/**
 * The script for pages written for another product: put in place of that product's, it maps its globals and markup
 * onto the tracker, replays what the page queued, and loads the tracker if the page has none.
 */
import { safely } from '../safely.ts';
import { mapDatafast } from './datafast.ts';
import { mapMida } from './mida.ts';
import { ensureTracker } from './page-tracker.ts';
import { mapPagesense } from './pagesense.ts';
import { mapPlausible, plausibleOptions } from './plausible.ts';
import { mapSparklytics } from './sparklytics.ts';

const { currentScript } = document;

safely(() => {
  const script =
    currentScript instanceof HTMLScriptElement
      ? currentScript
      : document.querySelector<HTMLScriptElement>('script[src*="/compat"]');
  ensureTracker(script, plausibleOptions());
  for (const map of [mapPlausible, mapSparklytics, mapDatafast, mapMida, mapPagesense]) safely(map)();
})();
