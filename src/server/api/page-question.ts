/** What a look at a page is asked, and what it answers with. */
import type { Site } from '../../core/site.ts';

/** One thing that was looked at. */
export interface Finding {
  check: string;
  ok: boolean;
  text: string;
}

/** Where to look, and for what. */
export interface PageQuestion {
  page: string;
  /** Base URL of the server as pages see it. */
  base: string;
  site: Pick<Site, 'id' | 'key' | 'domains' | 'allowed_hosts'>;
  /** Whether an address may be asked at all, the targets of redirections too; absent: any. */
  mayAsk?: (url: URL) => boolean;
}
