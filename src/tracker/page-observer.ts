/** Sees pages and routes being shown. */
import type { Properties } from '../core/event.ts';
import { TITLE_CHARACTERS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { PLAN_SIGNALS } from '../core/plan.ts';
import { redactText } from '../core/redact.ts';
import { withPrefix } from './element.ts';
import { isOn, options } from './options.ts';
import { partsOf } from './page-subjects.ts';
import { record } from './record.ts';
import { listen, safely } from './safely.ts';
import { restartTime } from './time-observer.ts';
import { setView, viewId, viewUrl } from './view.ts';
import { watchElements } from './visibility-observer.ts';

/** A router that replaces the URL it has just pushed means one view. */
const SETTLE_MS = 50;

/** The part of the address that makes another view when it changes; empty until the page was first seen. */
let route = '';

/** Records the view that is settling. */
export let settle: (() => void) | null | undefined;
/** Records the view, again if it was: under the same id, it counts once. */
export let show: (() => void) | undefined;
let timer = 0;

const currentRoute = (): string => {
  return location.href.replace(isOn('hash') ? '' : /#.*/, '').replace(options.query === 'ignore' ? /\?[^#]*/ : '', '');
};

/** Ends the view and begins another, to be recorded by `settle`: virtual, or a load. */
export const begin = (url: string | Location, kind: 0 | 1, properties?: Properties): void => {
  settle?.();
  restartTime();
  setView(url);
  settle = show = () => {
    settle = null;
    record(
      {
        i: viewId,
        n: PLAN_SIGNALS.view,
        d: redactText(`${document.title}`).slice(0, TITLE_CHARACTERS),
        p: { ...withPrefix('prop-', Object.entries(options)), ...properties },
        ...(kind ? { vk: kind } : { f: document.referrer }),
      },
      ({ u: rule, k: wanted }) => (wanted ?? kind) === kind && matchesRule(rule!, partsOf(viewUrl)),
    );
    watchElements();
  };
};

/** Shows the page itself, once it is visible: not in the background, not while it is prerendered. */
export const showLoad = (): void => {
  if (document.hidden === true || /^false/.test(options.auto as never)) return;
  route = currentRoute();
  begin(location, 0);
  settle?.();
};

/** The page has become visible, perhaps for the first time, perhaps with a plan that came meanwhile. */
export const showAgain = (): void => (route ? watchElements() : showLoad());

/** The address may have changed. */
export const follow = safely(({ navigationType: how }: { navigationType?: string }): void => {
  const next = currentRoute();
  if (!route || next === route) return;
  route = next;
  if (how === 'replace') settle = null;
  begin(location, 1);
  clearTimeout(timer);
  timer = setTimeout(
    safely(() => settle?.()),
    SETTLE_MS,
  );
});

/** Shows the page and begins to see its routes. */
export const observePages = (): void => {
  showLoad();
  listen<PageTransitionEvent>('pageshow', ({ persisted }) => persisted && showLoad());
  listen('popstate hashchange', follow as () => void);
  const { navigation } = window as unknown as { navigation?: EventTarget & { currentEntry?: unknown } };
  navigation?.addEventListener('currententrychange', follow as () => void);
  // Without the Navigation API, where an element may be called so, the methods themselves are wrapped.
  for (const how of navigation?.currentEntry ? [] : (['push', 'replace'] as const)) {
    const native = history[`${how}State`];
    history[`${how}State`] = function (...change) {
      native.apply(this, change);
      follow({ navigationType: how });
    };
  }
};
