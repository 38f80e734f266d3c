/** What surrounds every view: the bar with the mark, the site's views and the member, then title and content. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useAccount } from '../account.ts';
import type { Site } from '../answers.ts';
import { siteAddress } from '../router.ts';
import { Mark } from './mark.tsx';

const VIEW_NAMES = [
  ['goals', 'Goals'],
  ['live', 'Live'],
  ['install', 'Set-up'],
  ['settings', 'Settings'],
] as const;

/** What a view tells its frame. */
export interface FrameOptions {
  title: string;
  /** Beside the title, at the end of the line. */
  actions?: ComponentChildren;
  /** Above the title: where this view belongs. */
  crumb?: ComponentChildren;
  /** Below the title: what it is, in a line. */
  lead?: ComponentChildren;
  site?: Site;
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

function Bar({ site, tab }: { site: Site | undefined; tab: FrameOptions['tab'] | undefined }) {
  return (
    <header class="bar">
      <div class="bar-row">
        <a class="brand" href="/" aria-label="Goalpost: your sites">
          <Mark />
          <span>Goalpost</span>
        </a>
        {site && (
          <a class="bar-site" href={siteAddress(site.domains[0] ?? site.id)}>
            {site.name}
          </a>
        )}
        <MemberMenu />
      </div>
      {site && (
        <nav class="tabs" aria-label="Views of this site">
          {VIEW_NAMES.map(([view, name]) => (
            <a
              key={view}
              href={siteAddress(site.domains[0] ?? site.id, ...(view === 'goals' ? [] : [view]))}
              aria-current={view === tab ? 'page' : undefined}
            >
              {name}
            </a>
          ))}
        </nav>
      )}
    </header>
  );
}

function MemberMenu() {
  const { member, onLogout } = useAccount();
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
        {member.role === 'owner' && <a href="/members">Members</a>}
        <button type="button" class="plain" onClick={onLogout}>
          Log out
        </button>
      </div>
    </details>
  );
}
