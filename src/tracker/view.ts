/** The view: the page or route being shown. Every event belongs to one. */
import { isExcluded } from './consent.ts';
import { newId } from './event-id.ts';
import { emit } from './listeners.ts';

/** Id of the view's `$pageview` event. */
export let viewId = newId();
/** Absolute URL of the view, not redacted. */
export let viewUrl = '';
/** Whether the view is left out by the options: nothing of it is recorded. */
export let isExcludedView = false;

/** Ends the view and begins another: time, scroll and visibility start again. */
export function beginView(address: string): void {
  emit('leave');
  const url = new URL(address, location.href);
  viewId = newId();
  viewUrl = url.href;
  isExcludedView = isExcluded(url.pathname);
  emit('view');
}
