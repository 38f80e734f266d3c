/** What happens on a site right now, as the server tells it. */
import { useEffect, useState } from 'preact/hooks';
import { sitePath } from './api-client.ts';

/** One event, taken or not. */
export interface LiveEntry {
  kind: 'accepted' | 'dropped';
  /** ms since 1970 UTC. */
  at: number;
  /** Id of the event. */
  i: string;
  name?: string;
  url?: string;
  source?: 'browser' | 'server';
  /** Ids of goals that it met. */
  goals?: string[];
  reason?: string;
}

const ENTRIES = 200;

const OWN_NAMES: Readonly<Record<string, string>> = {
  $pageview: 'Page view',
  $click: 'Click',
  $submit: 'Form sent',
  $time: 'Time spent',
  $scroll: 'Scrolled',
  $visible: 'Element seen',
  $engagement: 'Attention',
  $diagnostic: 'Diagnosis',
};

/** What an event is called: the tracker's own in words, a page's as the page calls it. */
export function eventWords(name: string | undefined): string {
  return name === undefined ? '' : (OWN_NAMES[name] ?? name);
}

/** Newest first, beginning with the latest before the view was opened. The browser connects again by itself. */
export function useLive(site: string): { entries: readonly LiveEntry[]; state: 'opening' | 'open' | 'broken' } {
  const [entries, setEntries] = useState<readonly LiveEntry[]>([]);
  const [state, setState] = useState<'opening' | 'open' | 'broken'>('opening');
  useEffect(() => {
    const source = new EventSource(sitePath(site, 'live'));
    const take = (message: MessageEvent<string>) => {
      const entry = JSON.parse(message.data) as LiveEntry;
      setEntries((before) => [entry, ...before].slice(0, ENTRIES));
    };
    source.addEventListener('open', () => setState('open'));
    source.addEventListener('error', () => setState('broken'));
    source.addEventListener('accepted', take);
    source.addEventListener('dropped', take);
    return () => source.close();
  }, [site]);
  return { entries, state };
}
