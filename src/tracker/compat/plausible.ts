/** Page code of Plausible: `plausible(name, options)`, its queue and options, and its classes. */
import type { TrackerOptions } from '../options.ts';
import { safely } from '../safely.ts';
import { attribute, type MarkedEvent, observeMarkup } from './markup.ts';
import { page, replay, tracker } from './page-tracker.ts';

interface Revenue {
  amount: number | string;
  currency?: string;
}
interface EventOptions {
  props?: Record<string, unknown>;
  revenue?: Revenue;
  /** Called when the event was answered or failed. */
  callback?: (answer: { status: number }) => void;
  u?: string;
  url?: string;
}
interface Settings {
  customProperties?: Record<string, unknown> | ((name: string) => Record<string, unknown>);
  autoCapturePageviews?: boolean;
  hashBasedRouting?: boolean;
}
type Plausible = ((name: string, options?: EventOptions | null) => void) & {
  q?: ArrayLike<unknown>[];
  o?: Settings;
  init?: (settings?: Settings | null) => void;
};

/** What the page's options mean to the tracker. */
export function plausibleOptions(): TrackerOptions {
  const { autoCapturePageviews, hashBasedRouting } = (page.plausible as Plausible | undefined)?.o ?? {};
  return { ...(autoCapturePageviews === false ? { auto: false } : {}), ...(hashBasedRouting ? { hash: true } : {}) };
}

/** The event that an element's classes name; `--` may stand for `=`, and `+` for a space. */
function readClasses(element: Element): MarkedEvent | undefined {
  const read: Record<string, string> = {};
  for (const name of (attribute(element, 'class') ?? '').split(/\s+/)) {
    const [, kind, key, value] = /^plausible-(event|revenue)-(.+?)(?:=|--)(.+)$/.exec(name) ?? [];
    if (kind && key && value) read[`${kind} ${key}`] = value.replace(/\+/g, ' ');
  }
  const { 'event name': name, 'revenue amount': amount, 'revenue currency': currency, ...rest } = read;
  if (!name) return undefined;
  const properties = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key.slice(6), value]));
  return { name, properties: { ...properties, ...(amount ? { amount } : {}), ...(currency ? { currency } : {}) } };
}

/** Takes over `window.plausible`. */
export function mapPlausible(): void {
  const before = page.plausible as Plausible | undefined;
  let settings = before?.o ?? {};
  const plausible: Plausible = safely((name, given) => {
    const options = given ?? {};
    const { customProperties: custom } = settings;
    const own = typeof custom === 'function' ? custom(name) : custom;
    const properties = { ...own, ...options.props };
    if (name === 'pageview') tracker().page(options.u ?? options.url, properties as Record<string, string>);
    else tracker().track(name, { ...properties, ...(options.revenue ? { revenue: options.revenue } : {}) });
    const { callback } = options;
    if (callback)
      tracker()
        .flush()
        .then(() => callback({ status: 202 }));
  });
  plausible.init = (given) => {
    settings = given ?? {};
  };
  page.plausible = plausible;
  replay(before?.q, plausible);
  observeMarkup(readClasses, ({ name, properties }) => tracker().track(name, properties));
}
