/** The script of pages: finds its own element and options, takes its global, and replays what was called before. */
import { attributesOf } from './element.ts';
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
      : document.querySelector<HTMLScriptElement>('script[src*="/tracker"]');
  const given: TrackerOptions = { ...(script && attributesOf(script, 'data-')), ...page.goalpost };
  const { global: name = 'tracker' } = given;
  const before = page[name] as { q?: [string, ...unknown[]][]; explain?: { call?: unknown } } | undefined;
  if (before?.explain?.call) return;
  const tracker = createTracker(given, script?.src) as unknown as Record<string, (...given: unknown[]) => void>;
  page[name] = tracker;
  for (const [method, ...call] of before?.q ?? []) tracker[method]?.(...call);
})();
