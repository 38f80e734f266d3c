/** The script of pages: finds its own element and options, takes its global, and replays what was called before. */
import { attributesOf, elements } from './element.ts';
import { load } from './load.ts';
import type { TrackerOptions } from './options.ts';
import { safely } from './safely.ts';
import { createTracker } from './tracker.ts';

safely(() => {
  const page = window as unknown as Record<string, unknown> & { goalpost?: TrackerOptions };
  const { currentScript } = document;
  // Null in modules and with some tag managers; anything at all where a form took the name.
  const script =
    currentScript instanceof HTMLScriptElement
      ? currentScript
      : (elements('script[src*="tracker.js"],script[src*="tracker-"]')[0] as HTMLScriptElement | undefined);
  const given: TrackerOptions = { ...(script && attributesOf(script, 'data-')), ...page.goalpost };
  const name = given.global || 'tracker';
  const before = page[name] as { q?: [string, ...unknown[]][]; explain?: { call?: unknown } } | undefined;
  if (before?.explain?.call) return;
  const tracker = createTracker(given, script?.src) as unknown as Record<string, (...given: unknown[]) => void>;
  page[name] = tracker;
  if (before?.q) {
    // Whoever kept the stub has the tracker from now on.
    for (const [method, ...call] of before.q) tracker[method]?.(...call);
    Object.assign(before, tracker);
  }
  // What an owner asks by the page's address: to point at a goal, or not to be counted in this browser.
  if (/^#goalpost-/.test(location.hash)) load('picker', (picker) => picker.obey?.(tracker));
})();
