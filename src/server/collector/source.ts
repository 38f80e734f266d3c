/** Where a visit comes from: its campaign if the URL names one, else the page that led here. */
import { SOURCES_CHARACTERS } from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';
import { PAYMENT_HOSTS, SOURCE_NAMES, WORLDWIDE_HOSTS } from './source-names.ts';

/** The campaign parameters of a landing page; '' when absent. */
export interface Campaign {
  utm_source: string;
  utm_medium: string;
  utm_campaign: string;
  utm_term: string;
  utm_content: string;
}

/** What a session keeps of where it came from. */
export interface Origin extends Campaign {
  /** '' is direct. */
  source: string;
  /** Without `www.`; '' for none, the site's own pages and payment pages. */
  referrer_host: string;
  /** Full, '' as above. */
  referrer: string;
}

const CAMPAIGN_CHARACTERS = 500;
export const NO_CAMPAIGN: Campaign = Object.freeze({
  utm_source: '',
  utm_medium: '',
  utm_campaign: '',
  utm_term: '',
  utm_content: '',
});

const names = new Map(Object.entries(SOURCE_NAMES).flatMap(([name, keys]) => keys.map((key) => [key, name] as const)));
const payments = new Set(PAYMENT_HOSTS);
const sources = new GenerationMap<string>({
  entries: 10_000,
  period_ms: 86_400_000,
  text: { characters: SOURCES_CHARACTERS, of: (host) => host.length },
});

/** Whether the host, or a host it is a subdomain of, is in the set. */
function isWithin(host: string, set: { has(host: string): boolean }): string | undefined {
  for (let rest = host; rest.includes('.'); rest = rest.slice(rest.indexOf('.') + 1)) {
    if (set.has(rest)) return rest;
  }
  return undefined;
}

function nameOfHost(host: string): string {
  const known = isWithin(host, names);
  if (known !== undefined) return names.get(known)!;
  for (const [pattern, name] of WORLDWIDE_HOSTS) if (pattern.test(host)) return name;
  return host;
}

/** The source a referring host (without `www.`) counts as; '' for payment pages. */
export function sourceOfHost(host: string): string {
  const known = sources.get(host);
  if (known !== undefined) return known;
  const source = isWithin(host, payments) === undefined ? nameOfHost(host) : '';
  sources.set(host, source, 0);
  return source;
}

/** Campaign parameters of a URL's query; `ref` and `source` stand in for utm_source. */
export function campaignOf(query: string): Campaign {
  if (query.length < 4 || !(query.includes('utm_') || query.includes('ref=') || query.includes('source='))) {
    return NO_CAMPAIGN;
  }
  const parameters = new URLSearchParams(query);
  const read = (name: string): string => (parameters.get(name) ?? '').trim().slice(0, CAMPAIGN_CHARACTERS);
  return {
    utm_source: read('utm_source') || read('ref') || read('source'),
    utm_medium: read('utm_medium'),
    utm_campaign: read('utm_campaign'),
    utm_term: read('utm_term'),
    utm_content: read('utm_content'),
  };
}

/** One text per campaign; '' for none. Two sessions of different campaigns are two, however close. */
export function campaignKey(campaign: Campaign): string {
  if (campaign === NO_CAMPAIGN) return '';
  const { utm_source, utm_medium, utm_campaign, utm_term, utm_content } = campaign;
  const key = `${utm_source}\n${utm_medium}\n${utm_campaign}\n${utm_term}\n${utm_content}`;
  return key.length === 4 ? '' : key;
}

/** Host of a referrer without `www.`, lower case; '' when it has none. */
export function referrerHost(referrer: string): string {
  const start = referrer.indexOf('://');
  if (start < 0) return '';
  const end = referrer.slice(start + 3).search(/[/?#]/);
  const authority = end < 0 ? referrer.slice(start + 3) : referrer.slice(start + 3, start + 3 + end);
  return authority
    .slice(authority.lastIndexOf('@') + 1)
    .replace(/:\d*$/, '')
    .replace(/^www\./i, '')
    .toLowerCase();
}

/** Puts campaign and referrer together. `isOwn` tells the site's own hosts. */
export function originOf(campaign: Campaign, referrer: string, isOwn: (host: string) => boolean): Origin {
  const host = referrer === '' ? '' : referrerHost(referrer);
  const led = host !== '' && !isOwn(host) ? sourceOfHost(host) : '';
  const kept = led !== '';
  return {
    ...campaign,
    source: campaign.utm_source ? (names.get(campaign.utm_source.toLowerCase()) ?? campaign.utm_source) : led,
    referrer_host: kept ? host : '',
    referrer: kept ? referrer : '',
  };
}
