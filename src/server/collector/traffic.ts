/** A site as the hot path needs it: its rules and goals made ready once per change. */
import type { Site } from '../../core/site.ts';
import { re2Regex } from '../goals/re2-regex.ts';
import type { SiteEntry } from '../goals/site-registry.ts';
import { GoalIndex } from './goal-index.ts';
import { UrlMemory } from './page-memory.ts';
import { TrafficRules } from './traffic-rules.ts';

/** One site, ready for events. */
export interface SiteTraffic {
  entry: SiteEntry;
  site: Site;
  rules: TrafficRules;
  goals: GoalIndex;
  /** `readUrl` for this site, remembered. */
  readUrl: (raw: unknown) => string | undefined;
}

const ready = new WeakMap<SiteEntry, SiteTraffic>();

/** The registry gives another entry whenever anything of the site changed. */
export function trafficOf(entry: SiteEntry): SiteTraffic {
  const known = ready.get(entry);
  if (known) return known;
  const urls = new UrlMemory(entry.site.redact);
  const made = {
    entry,
    site: entry.site,
    rules: new TrafficRules(entry.site),
    goals: new GoalIndex(entry.goals, re2Regex),
    readUrl: (raw: unknown) => urls.read(raw),
  };
  ready.set(entry, made);
  return made;
}
