/** Pages by their URL: parsed once, because a few pages make nearly all the traffic. */
import type { PageUrl } from '../../core/page-url.ts';
import { normalizeUrl, urlSubjects } from '../../core/page-url.ts';
import { GenerationMap } from './generation-map.ts';
import { type Campaign, campaignKey, campaignOf } from './source.ts';

/** What is read of a URL. */
export interface Page {
  url: PageUrl;
  /** What rules are compared with. */
  subjects: string[];
  campaign: Campaign;
  campaign_key: string;
}

const PAGES = 20_000;
const pages = new GenerationMap<Page>({ entries: PAGES, period_ms: 3_600_000 });

/** undefined when the URL (already checked and redacted) has no host. */
export function pageOf(raw: string): Page | undefined {
  const known = pages.get(raw);
  if (known) return known;
  const url = normalizeUrl(raw);
  if (!url?.host) return undefined;
  const campaign = campaignOf(url.query);
  const page = { url, subjects: urlSubjects(url), campaign, campaign_key: campaignKey(campaign) };
  pages.set(raw, page, 0);
  return page;
}
