/** Addresses and views: which view an address means, and how links change it without loading a page. */
import { useEffect, useState } from 'preact/hooks';

/** Views of one site, as their addresses name them. */
export const SITE_VIEWS = ['goals', 'funnels', 'live', 'install', 'settings'] as const;

/** A place within a site; of a shared one the name is ''. */
export type SitePlace =
  | { view: (typeof SITE_VIEWS)[number] | 'new-goal'; site: string }
  | { view: 'goal' | 'edit-goal'; site: string; goal: string };

/** What an address asks for. */
export type Place =
  | { view: 'sites' | 'new-site' | 'login' | 'members' | 'account' | 'unknown' }
  | { view: 'setup' | 'join'; token: string }
  | { view: 'shared'; token: string; shown: SitePlace | undefined }
  | SitePlace;

const NAMED: Readonly<Record<string, 'sites' | 'login' | 'members' | 'account'>> = {
  '/': 'sites',
  '/sites': 'sites',
  '/login': 'login',
  '/members': 'members',
  '/account': 'account',
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
  const [, root, name, ...sections] = path.split('/');
  if (name === undefined) return { view: 'unknown' };
  if (root === 'share') return { view: 'shared', token: decode(name), shown: placeBelow('', sections) };
  const place = root === 'sites' ? placeBelow(decode(name), sections) : undefined;
  return place ?? { view: 'unknown' };
}

function placeBelow(site: string, [section, rawGoal, action]: readonly string[]): SitePlace | undefined {
  if (section === undefined) return { view: 'goals', site };
  if (section === 'goals' && rawGoal !== undefined) {
    if (rawGoal === 'new') return { view: 'new-goal', site };
    return { view: action === 'edit' ? 'edit-goal' : 'goal', site, goal: decode(rawGoal) };
  }
  const view = SITE_VIEWS.find((known) => known === section);
  return view && { view, site };
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

/** The address of the same in what a share link shows. */
export function sharedAddress(token: string, ...parts: string[]): string {
  return ['/share', ...[token, ...parts].map(encodeURIComponent)].join('/');
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
