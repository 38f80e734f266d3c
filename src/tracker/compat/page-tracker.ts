/** The tracker that other products' page code is mapped onto: the page's own, or one that is loaded for it. */
import type { TrackerOptions } from '../options.ts';
import type { Tracker } from '../public-api.ts';
import { safely } from '../safely.ts';

type Call = [method: string, ...given: unknown[]];

/** The page as far as compatible page code concerns it. */
export const page = window as unknown as Record<string, unknown> & { goalpost?: TrackerOptions };

/** Attributes by which other products' scripts name their site, and the parameter that does. */
const SITE_ATTRIBUTES = ['data-site', 'data-domain', 'data-website-id', 'data-project-key'];
const SITE_PARAMETERS = ['site', 'key', 'website_id'];

/** The page's tracker; calls wait in its queue until it is there. */
export function tracker(): Tracker {
  return page[page.goalpost?.global ?? 'tracker'] as Tracker;
}

/** Whether the value is a tracker, running or waiting to be. */
function isTracker(value: unknown): boolean {
  const candidate = value as { track?: unknown; q?: unknown; explain?: unknown } | undefined;
  return (
    typeof candidate?.track === 'function' && (Array.isArray(candidate.q) || typeof candidate.explain === 'function')
  );
}

/** A tracker that keeps every call until the real one replays them. */
function queueingTracker(whenLoaded: Promise<unknown>): object {
  const q: Call[] = [];
  const keep =
    (method: string) =>
    (...given: unknown[]): void => {
      q.push([method, ...given]);
    };
  const methods = ['track', 'page', 'identify', 'consent', 'optOut', 'optIn', 'on', 'stop'];
  // A page may wait for this before it goes on, so it settles where nothing could be loaded, too.
  const flush = (): Promise<unknown> => whenLoaded.then(() => tracker() !== queue && tracker().flush());
  const queue: object = { q, flush, ...Object.fromEntries(methods.map((method) => [method, keep(method)])) };
  return queue;
}

/** Makes sure there is a tracker. The element of this script, as other products write theirs, says for which site. */
export function ensureTracker(script: HTMLScriptElement | null, options: TrackerOptions): void {
  if (isTracker(tracker())) return;
  const source = script?.src ?? '';
  const parameters = new URL(source || location.href).searchParams;
  const site =
    SITE_ATTRIBUTES.map((name) => script?.getAttribute(name)).find(Boolean) ??
    SITE_PARAMETERS.map((name) => parameters.get(name)).find(Boolean);
  const api = source.replace(/\?.*/, '').replace(/\/[^/]*$/, '');
  const automation = script?.hasAttribute('data-allow-automation') ? { 'allow-automation': true } : {};
  // Plausible lists several domains with commas; the first is the site.
  page.goalpost = { ...(site ? { site: site.split(',')[0] } : {}), api, ...automation, ...options, ...page.goalpost };
  // As a module, because a script element with an address is refused where Trusted Types are enforced. Later than now,
  // so that the queue stands before the tracker looks for it.
  const loaded = Promise.resolve()
    .then(() => import(/* @vite-ignore */ `${api}/tracker.js`))
    .catch(() => undefined);
  page[page.goalpost.global ?? 'tracker'] = queueingTracker(loaded);
}

/** Calls a product's function with what the page queued before, and from then on; what makes no sense keeps no other from it. */
export function replay(queued: ArrayLike<unknown> | undefined, call: (...given: never[]) => unknown): void {
  for (const given of Array.from(queued ?? []))
    safely(() => call(...(Array.from(given as ArrayLike<unknown>) as never[])))();
}
