/** Whether anything may be sent or written: consent, opt-out, the browser's signals, automation, excluded pages. */
import { isOn, options } from './options.ts';
import { safely } from './safely.ts';

/** Stopped, waiting for consent, running. */
export type Permission = -1 | 0 | 1;

/** What is permitted at present. */
export let permission: Permission = -1;

/** Changes what is permitted. */
export const setPermission = (state: Permission): void => {
  permission = state;
};

/** Whether this browser must not be counted: automation, respected signals, the visitor's opt-out. */
export const isRefused = (): boolean => {
  const { respect = 'gpc dnt' } = options;
  const { webdriver, globalPrivacyControl, doNotTrack } = navigator as Navigator & {
    globalPrivacyControl?: boolean;
    doNotTrack?: string;
  };
  return (
    (webdriver && !isOn('allow-automation')) ||
    (globalPrivacyControl && respect.includes('gpc')) ||
    ((doNotTrack as never) > 0 && respect.includes('dnt')) ||
    safely(() => localStorage.gp_optout)()
  );
};

/** Whether a list of path patterns, separated by commas, has one that matches the path, which browsers give encoded; `*` is any run of characters. */
export const lists = (patterns: string, path: string): boolean =>
  new RegExp(
    `^(${patterns.replace(/[^\w%]/gu, (mark) => (mark === '*' ? '.*' : mark === ',' ? '|' : mark.trim() && `\\${encodeURI(mark)}`))})$`,
  ).test(path);
