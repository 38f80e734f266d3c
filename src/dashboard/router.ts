/** Addresses and views: which view an address means, and how links change it without loading a page. */
import { useEffect, useState } from 'preact/hooks';

/** Views of one site, as their addresses name them. */
export const SITE_VIEWS = ['goals', 'live', 'install', 'settings'] as const;

/** What an address asks for. */
export type Place =
  | { view: 'sites' | 'new-site' | 'login' | 'members' | 'unknown' }
  | { view: 'setup' | 'join'; token: string }
  | { view: (typeof SITE_VIEWS)[number] | 'new-goal'; site: string }
  | { view: 'goal' | 'edit-goal'; site: string; goal: string };

const NAMED: Readonly<Record<string, 'sites' | 'login' | 'members'>> = {
  '/': 'sites',
  '/sites': 'sites',
  '/login': 'login',
  '/members': 'members',
};

/** The place of an address, `/sites/shop.example/goals/goal_…?period=30d`. */
export function placeOf(address: string): Place {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const path = pathname.length > 1 ? pathname.replace(/\/+$/, '') : pathname;
  const named = NAMED[path];
  if (named !== undefined) return { view: named };
  if (path === '/setup' || path === '/join') {
    return { view: path === '/setup' ? 'setup' : 'join', token: searchParams.get('token') ?? '' };
  }
  if (path === '/sites/new') return { view: 'new-site' };
  const [, root, rawSite, section, rawGoal, action] = path.split('/');
  if (root !== 'sites' || rawSite === undefined) return { view: 'unknown' };
  const [site, goal] = [decode(rawSite), rawGoal === undefined ? undefined : decode(rawGoal)];
  if (section === undefined) return { view: 'goals', site };
  if (section === 'goals' && goal !== undefined) {
    if (goal === 'new') return { view: 'new-goal', site };
    return { view: action === 'edit' ? 'edit-goal' : 'goal', site, goal };
  }
  const known = SITE_VIEWS.find((view) => view === section);
  return known === undefined ? { view: 'unknown' } : { view: known, site };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a site's view or goal; `parts` are escaped. */
export function siteAddress(site: string, ...parts: string[]): string {
  return ['/sites', ...[site, ...parts].map(encodeURIComponent)].join('/');
}

const MOVED = 'goalpost:moved';

/** Goes to another view. `replace` leaves no entry in the history. */
export function go(address: string, { replace = false }: { replace?: boolean } = {}): void {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  window.dispatchEvent(new Event(MOVED));
}

/** The address that is shown, path and query; the component follows it. */
export function useAddress(): string {
  const read = () => location.pathname + location.search;
  const [address, setAddress] = useState(read);
  useEffect(() => {
    const follow = () => setAddress(read());
    const click = (domEvent: MouseEvent) => followLink(domEvent);
    window.addEventListener('popstate', follow);
    window.addEventListener(MOVED, follow);
    document.addEventListener('click', click);
    return () => {
      window.removeEventListener('popstate', follow);
      window.removeEventListener(MOVED, follow);
      document.removeEventListener('click', click);
    };
  }, []);
  return address;
}

/** A plain click on a link to a view shows it at once; files, other tabs and other sites are the browser's. */
function followLink(domEvent: MouseEvent): void {
  if (domEvent.defaultPrevented || domEvent.button !== 0) return;
  if (domEvent.metaKey || domEvent.ctrlKey || domEvent.shiftKey || domEvent.altKey) return;
  const link = domEvent.target instanceof Element ? domEvent.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
  domEvent.preventDefault();
  const samePath = link.pathname === location.pathname;
  go(link.pathname + link.search);
  if (!samePath) window.scrollTo(0, 0);
}
