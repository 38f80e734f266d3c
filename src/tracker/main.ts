/** The script of pages: finds its own element and options, takes its global, and replays what was called before. */
import { attributesOf } from './element.ts';
import type { TrackerOptions } from './options.ts';
import { safely } from './safely.ts';
import { createTracker } from './tracker.ts';

safely(() => {
  const page = window as unknown as Record<string, unknown>;
  // Null in modules and with some tag managers; anything at all where a form took the name.
  const { currentScript } = document;
  const script =
    currentScript instanceof HTMLScriptElement
      ? currentScript
      : document.querySelector<HTMLScriptElement>('script[src*="/tracker"]');
  const given: TrackerOptions = { ...(script ? attributesOf(script, 'data-') : {}), ...(page.goalpost as TrackerOptions) };
  const name = given.global ?? 'tracker';
  const before = page[name] as { q?: [string, ...unknown[]][]; explain?: unknown } | undefined;
  if (typeof before?.explain === 'function') return;
  const tracker = createTracker(given, script?.src);
  page[name] = tracker;
  for (const [method, ...given] of before?.q ?? []) (tracker as unknown as Record<string, (...given: unknown[]) => void>)[method]?.(...given);
})();
