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

/** What the address asks of the tracker, by the word after `#goalpost-`: to leave this browser out, or to count it again. */
const WISHES: Record<string, [method: 'optOut' | 'optIn', answer: string]> = {
  '#goalpost-off': ['optOut', 'Goalpost does not count this browser on this site any more.'],
  '#goalpost-on': ['optIn', 'Goalpost counts this browser on this site again.'],
};

/** Does what the page's address asks; the tracker calls this when the address begins with `#goalpost-`. */
export function obey(tracker: Record<'optOut' | 'optIn', () => void>): void {
  const wish = WISHES[location.hash];
  if (wish === undefined) return;
  const [method, answer] = wish;
  history.replaceState(history.state, '', location.pathname + location.search);
  tracker[method]();
  alert(answer);
}

// The token is for this page view alone: neither a copied address nor the history shall keep it.
if (location.hash.startsWith(MARK)) {
  const token = location.hash.slice(MARK.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  pick(token);
}
