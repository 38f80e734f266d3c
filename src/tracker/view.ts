/** The view: the page or route being shown. Every event belongs to one. */
import { lists } from './consent.ts';
import { newId } from './event-id.ts';
import { options } from './options.ts';

/** Id of the view's `$pageview` event. */
export let viewId: string;
/** Absolute URL of the view, not redacted. */
export let viewUrl: string;
/** Whether the view is left out by the options: nothing of it is recorded. */
export let isExcludedView: boolean;

/** Begins a view at an address, which may be relative. */
export const setView = (address: string | Location): void => {
  const { href, pathname } = new URL(address as string, location as never);
  viewUrl = href;
  viewId = newId();
  isExcludedView = lists(options.exclude || '', pathname) || !lists(options.include || '*', pathname);
};
