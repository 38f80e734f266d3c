/** What every view of a site gets. */
import type { SharedSite, Site } from './answers.ts';

/** A view that members see. */
export interface SiteViewOptions {
  site: Site;
  /** Loads the site again after it was changed. */
  onSiteChange: () => void;
}

/** A view that a share link shows too. */
export interface SharedViewOptions {
  site: SharedSite;
}
