/** Whether anything may be sent or written: consent, opt-out, the browser's signals, automation, excluded pages. */
import { matchesParts } from '../core/match-url.ts';
import { isOn, options } from './options.ts';
import { safely } from './safely.ts';

const OPT_OUT_KEY = 'gp_optout';

/** 0 waiting for consent, 1 granted, 2 stopped. */
export let permission = 0;

/** Changes what is permitted. */
export function setPermission(state: 0 | 1 | 2): void {
  permission = state;
}

/** Keeps or forgets the visitor's wish not to be counted; the one thing written whatever `data-store` says. */
export const rememberOptOut = safely((isOut: boolean): void => {
  if (isOut) localStorage.setItem(OPT_OUT_KEY, '1');
  else localStorage.removeItem(OPT_OUT_KEY);
});

/** Whether this browser must not be counted: automation, respected signals, the visitor's opt-out. */
export function isRefused(): boolean {
  const respected = options.respect ?? 'gpc dnt';
  const { webdriver, globalPrivacyControl, doNotTrack } = navigator as Navigator & {
    globalPrivacyControl?: boolean;
    doNotTrack?: string;
  };
  return (
    (webdriver && !isOn('allow-automation')) ||
    (globalPrivacyControl && respected.includes('gpc')) ||
    (doNotTrack === '1' && respected.includes('dnt')) ||
    !!safely(() => localStorage.getItem(OPT_OUT_KEY))()
  );
}

/** Whether a list of path patterns has one that matches the path. */
function lists(patterns: string, path: string): boolean {
  return patterns.split(',').some((pattern) => matchesParts(pattern.trim().split('*'), path));
}

/** Whether the page at this path is left out by `data-exclude` or `data-include`. */
export function isExcluded(path: string): boolean {
  const { exclude, include } = options;
  return (!!exclude && lists(exclude, path)) || (!!include && !lists(include, path));
}
