/** Pages by their URL: parsed once, because a few pages make nearly all the traffic. */
import { PAGES_CHARACTERS, SITE_URLS_CHARACTERS, URL_CHARACTERS } from '../../core/limits.ts';
import type { PageUrl } from '../../core/page-url.ts';
import { normalizeUrl, urlSubjects } from '../../core/page-url.ts';
import { readUrl } from '../../core/read-event.ts';
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
const PAGES_PER_SITE = 5_000;
const pages = new GenerationMap<Page>({
  entries: PAGES,
  period_ms: 3_600_000,
  text: {
    characters: PAGES_CHARACTERS,
    of: (raw, { subjects, campaign_key }) =>
      subjects.reduce((sum, subject) => sum + subject.length, raw.length + 2 * campaign_key.length),
  },
});

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

/** URLs of one site as they are sent, checked and redacted once. */
export class UrlMemory {
  readonly #redact: readonly string[];
  readonly #known = new GenerationMap<string>({
    entries: PAGES_PER_SITE,
    period_ms: 3_600_000,
    text: { characters: SITE_URLS_CHARACTERS, of: (raw, url) => raw.length + url.length },
  });

  constructor(redact: readonly string[]) {
    this.#redact = redact;
  }

  /** As `readUrl`. */
  read(raw: unknown): string | undefined {
    if (typeof raw !== 'string') return undefined;
    const known = this.#known.get(raw);
    if (known !== undefined) return known;
    const url = readUrl(raw, this.#redact);
    // An endless URL that nobody accepts is not worth remembering.
    if (url !== undefined && raw.length <= URL_CHARACTERS) this.#known.add(raw, url, 0);
    return url;
  }
}
