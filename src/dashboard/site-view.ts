/** What every view of a site gets. */
import type { Site } from './answers.ts';

export interface SiteViewOptions {
  site: Site;
  /** Loads the site again after it was changed. */
  onSiteChange: () => void;
}
