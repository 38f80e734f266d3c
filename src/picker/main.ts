/**
 * The goal picker: lies over the owner's own page, lets them point at what should count, and saves it as a goal. A file
 * of its own that ordinary visitors never load; nothing of it stays on the page when it is closed.
 */
import { Picker } from './picker.ts';

const MARK = '#goalpost-pick=';

let open: Picker | undefined;

/** Opens the picker with the token that the dashboard made; a second call replaces the first. */
export function pick(token: string): void {
  open?.close();
  open = new Picker({ token, api: new URL('.', import.meta.url).href });
}

// The token is for this page view alone: neither a copied address nor the history shall keep it.
if (location.hash.startsWith(MARK)) {
  const token = location.hash.slice(MARK.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  pick(token);
}
