/** Sees pages and routes being shown. */
import type { Properties } from '../core/event.ts';
import { TITLE_CHARACTERS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { PLAN_TRIGGERS } from '../core/plan.ts';
import { redactText } from '../core/redact.ts';
import { emit, on } from './listeners.ts';
import { isOn, options } from './options.ts';
import { redacted, subjectsOf } from './page-subjects.ts';
import { goalsOf } from './plan-goals.ts';
import { record } from './record.ts';
import { listen, safely } from './safely.ts';
import { beginView, viewId, viewUrl } from './view.ts';

/** A router that replaces the URL it has just pushed means one view. */
const SETTLE_MS = 50;

/** The part of the address that makes another view when it changes; empty until the page was first seen. */
let route = '';
/** Records the view that is settling. */
let settle: (() => void) | undefined;
let timer = 0;

function currentRoute(): string {
  const page = isOn('hash') ? location.href : location.href.replace(/#.*/, '');
  return options.query === 'ignore' ? page.replace(/\?[^#]*/, '') : page;
}

/** Begins a view, to be recorded by `settle`: a load, or a virtual one. */
function begin(url: string, properties: Properties, isVirtual?: 1): void {
  beginView(url);
  settle = () => {
    settle = undefined;
    const subjects = () => subjectsOf(viewUrl);
    record(
      {
        i: viewId,
        n: '$pageview',
        d: redactText(document.title).slice(0, TITLE_CHARACTERS),
        p: properties,
        ...(isVirtual ? { vk: 1 } : { f: redacted(document.referrer) }),
      },
      () => goalsOf(PLAN_TRIGGERS.pageview),
      ({ u: rule, k: kind }) => (!kind || (kind > 1) === !!isVirtual) && matchesRule(rule!, subjects()),
    );
    emit('shown');
  };
}

/** Properties of every view. */
function viewProperties(): Properties {
  const named = Object.entries(options).flatMap(([name, value]) => /^prop-/.test(name) ? [[name.slice(5), value]] : []);
  return Object.fromEntries(named);
}

/** Shows a virtual view at the page's own wish. */
export function showView(url = location.href, properties: Properties = {}): void {
  begin(url, { ...viewProperties(), ...properties }, 1);
  settle?.();
}

function showLoad(): void {
  if (document.hidden) return;
  route = currentRoute();
  begin(location.href, viewProperties());
  settle?.();
}

/** The address may have changed. */
function follow(isReplaced?: unknown): void {
  const next = currentRoute();
  if (!route || next === route) return;
  route = next;
  if (isReplaced) settle = undefined;
  begin(location.href, viewProperties(), 1);
  clearTimeout(timer);
  timer = setTimeout(() => settle?.(), SETTLE_MS);
}

/** Has every change of the address followed: by the Navigation API, or where that is missing by wrapping history. */
function observeRoutes(): void {
  const { navigation } = window as unknown as { navigation?: EventTarget };
  navigation?.addEventListener('currententrychange', safely((change) => follow((change as unknown as {navigationType: string}).navigationType === 'replace')));
  if (!navigation) {
    for (const name of ['pushState', 'replaceState'] as const) {
      const native = history[name];
      history[name] = function (...change) {
        native.apply(this, change);
        safely(follow)(name === 'replaceState');
      };
    }
  }
  listen('popstate', () => follow());
  listen('hashchange', () => follow());
}

export function observePages(): void {
  on('leave', () => settle?.());
  if (`${options.auto}` === 'false') return;
  showLoad();
  listen('visibilitychange' as 'focus', () => route || showLoad());
  listen('pageshow', ({ persisted }) => persisted && showLoad());
  safely(observeRoutes)();
}
