/** Retention: what is older than a site wants to keep is erased, and bots after BOT_DAYS; with a report. */
import { BOT_DAYS } from '../../core/limits.ts';
import type { Site } from '../../core/site.ts';
import type { EraseReport, EventStore } from '../store/event-store.ts';

const DAY_MS = 86_400_000;

/** What one run removed. */
export interface RetentionReport {
  /** By the site's id; sites that keep everything are not in it. */
  sites: ({ site_id: string; before_ms: number } & EraseReport)[];
  bots: EraseReport;
}

/** Applies every site's `retention_days` once. */
export async function applyRetention(
  store: EventStore,
  sites: Iterable<Pick<Site, 'id' | 'number' | 'retention_days'>>,
  now_ms: number,
): Promise<RetentionReport> {
  const report: RetentionReport = { sites: [], bots: await store.eraseBots(now_ms - BOT_DAYS * DAY_MS) };
  for (const { id, number, retention_days } of sites) {
    if (retention_days === null) continue;
    const before_ms = now_ms - retention_days * DAY_MS;
    report.sites.push({ site_id: id, before_ms, ...(await store.eraseBefore(number, before_ms)) });
  }
  return report;
}
