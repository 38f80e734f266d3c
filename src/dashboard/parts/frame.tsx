/** What surrounds every view: the bar with the mark, the site's views and the member, then title and content. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useAccount, useMayEdit, useSiteAddress } from '../account.ts';
import type { Member, SharedSite } from '../answers.ts';
import { Mark } from './mark.tsx';

const VIEW_NAMES = [
  ['goals', 'Goals'],
  ['funnels', 'Funnels'],
  ['live', 'Live'],
  ['install', 'Set-up'],
  ['settings', 'Settings'],
] as const;

/** Views that a share link shows too. */
const SHARED_VIEWS: readonly string[] = ['goals', 'funnels'];

/** What a view tells its frame. */
export interface FrameOptions {
  title: string;
  /** Beside the title, at the end of the line. */
  actions?: ComponentChildren;
  /** Above the title: where this view belongs. */
  crumb?: ComponentChildren;
  /** Below the title: what it is, in a line. */
  lead?: ComponentChildren;
  site?: SharedSite;
  /** The view of the site that is shown. */
  tab?: (typeof VIEW_NAMES)[number][0];
  children: ComponentChildren;
}

/** A whole page. The title gets the focus when it changes, so that screen readers follow. */
export function Frame({ title, actions, crumb, lead, site, tab, children }: FrameOptions) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title}${site === undefined || title === site.name ? '' : ` · ${site.name}`} · Goalpost`;
    if (document.activeElement === null || document.activeElement === document.body) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [title, site]);
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <Bar site={site} tab={tab} />
      <main id="content" class="page">
        {crumb && <p class="crumb">{crumb}</p>}
        <div class="headline">
          <div>
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {lead && <p class="lead">{lead}</p>}
          </div>
          {actions && <div class="actions">{actions}</div>}
        </div>
        {children}
      </main>
    </>
  );
}

function Bar({ site, tab }: { site: SharedSite | undefined; tab: FrameOptions['tab'] | undefined }) {
  const { member, onLogout } = useAccount();
  return (
    <header class="bar">
      <div class="bar-row">
        {member === null ? (
          <span class="brand">
            <Mark />
            <span>Goalpost</span>
          </span>
        ) : (
          <a class="brand" href="/" aria-label="Goalpost: your sites">
            <Mark />
            <span>Goalpost</span>
          </a>
        )}
        {site && <SiteName site={site} />}
        {member === null ? (
          <span class="bar-note">Shared, read only</span>
        ) : (
          <MemberMenu member={member} onLogout={onLogout} />
        )}
      </div>
      {site && <Tabs site={site} tab={tab} />}
    </header>
  );
}

function SiteName({ site }: { site: SharedSite }) {
  const address = useSiteAddress(site);
  return (
    <a class="bar-site" href={address()}>
      {site.name}
    </a>
  );
}

function Tabs({ site, tab }: { site: SharedSite; tab: FrameOptions['tab'] | undefined }) {
  const address = useSiteAddress(site);
  const { details } = useMayEdit();
  return (
    <nav class="tabs" aria-label="Views of this site">
      {VIEW_NAMES.filter(([view]) => details || SHARED_VIEWS.includes(view)).map(([view, name]) => (
        <a
          key={view}
          href={address(...(view === 'goals' ? [] : [view]))}
          aria-current={view === tab ? 'page' : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

function MemberMenu({ member, onLogout }: { member: Member; onLogout: () => void }) {
  return (
    <details class="menu">
      <summary>
        <span class="menu-name">{member.name || member.email}</span>
      </summary>
      <div class="menu-list">
        <p>
          {member.email}
          <br />
          <span class="quiet">{member.role}</span>
        </p>
        <a href="/">Sites</a>
        <a href="/account">Your account</a>
        {member.role === 'owner' && <a href="/members">Members</a>}
        <button type="button" class="plain" onClick={onLogout}>
          Log out
        </button>
      </div>
    </details>
  );
}
