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

/** Set on the window once a copy of this script has taken over: a second one would see every click again. */
const TAKEN = Symbol.for('goalpost compat');

safely(() => {
  const page = window as unknown as Record<symbol, unknown>;
  if (page[TAKEN]) return;
  page[TAKEN] = true;
  const script =
    currentScript instanceof HTMLScriptElement
      ? currentScript
      : document.querySelector<HTMLScriptElement>('script[src*="/compat"]');
  ensureTracker(script, plausibleOptions());
  for (const map of [mapPlausible, mapSparklytics, mapDatafast, mapMida, mapPagesense]) safely(map)();
})();
