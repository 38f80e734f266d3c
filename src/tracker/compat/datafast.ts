/** Page code of DataFast: `datafast(name, params)`, its queue, `data-fast-goal` and `data-fast-scroll`. */
import { safely } from '../safely.ts';
import { attribute, observeMarkup, prefixed } from './markup.ts';
import { page, replay, tracker } from './page-tracker.ts';

type Datafast = ((name: string, params?: Record<string, unknown> | null) => void) & { q?: ArrayLike<unknown>[] };

/** The share of an element that must be on screen unless it says otherwise, and its longest delay, ms. */
const SCROLL_THRESHOLD = 0.5;
const SCROLL_DELAY_MS = 10_000;

const spelled = (name: string): string => name.trim().toLowerCase().replace(/\s+/g, '_');

/** The product's server code looks a visitor up by this cookie; it is set only where the page keeps ids at all. */
function shareVisitor(): void {
  const id = tracker().visitorId?.();
  if (id) document.cookie = `datafast_visitor_id=${encodeURIComponent(id)};path=/;max-age=31536000;samesite=lax`;
}

/** Records the goal of each element with `data-fast-scroll` once it has been on screen. */
function observeScroll(datafast: Datafast): void {
  const told = new WeakSet<Element>();
  const watch = (element: Element): void => {
    if (told.has(element)) return;
    told.add(element);
    const given = Number(attribute(element, 'data-fast-scroll-threshold') ?? SCROLL_THRESHOLD);
    const threshold = given >= 0 && given <= 1 ? given : SCROLL_THRESHOLD;
    const delay_ms = Math.min(SCROLL_DELAY_MS, Number(attribute(element, 'data-fast-scroll-delay')) || 0);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver(
      ([entry]) => {
        clearTimeout(timer);
        if (!entry?.isIntersecting) return;
        timer = setTimeout(() => {
          observer.disconnect();
          const { threshold: _, delay: __, ...params } = prefixed(element, 'data-fast-scroll-');
          datafast(attribute(element, 'data-fast-scroll') ?? '', params);
        }, delay_ms);
      },
      { threshold },
    );
    observer.observe(element);
  };
  const search = (): void => document.querySelectorAll('[data-fast-scroll]').forEach(watch);
  search();
  new MutationObserver(search).observe(document, { childList: true, subtree: true });
}

/** Takes over `window.datafast`. */
export function mapDatafast(): void {
  const before = page.datafast as Datafast | undefined;
  const datafast: Datafast = safely((name, params) => {
    if (name === 'identify') tracker().identify(`${params?.user_id ?? ''}` || null);
    else tracker().track(spelled(`${name ?? ''}`), params ?? {});
  });
  page.datafast = datafast;
  replay(before?.q, datafast);
  observeMarkup(
    (element) => {
      const name = attribute(element, 'data-fast-goal');
      return name ? { name, properties: prefixed(element, 'data-fast-goal-') } : undefined;
    },
    ({ name, properties }) => datafast(name, properties),
  );
  observeScroll(datafast);
  tracker().on('event', shareVisitor);
}
