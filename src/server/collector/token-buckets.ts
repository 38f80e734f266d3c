/** Rate limits of the beacon route: a bucket of events per site and address, then one per site. */
import {
  ADDRESS_EVENTS_AT_ONCE,
  ADDRESS_EVENTS_PER_S,
  REMEMBERED_ADDRESSES,
  SITE_EVENTS_AT_ONCE,
  SITE_EVENTS_PER_S,
} from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';

/** A bucket's size and how fast it fills. */
export interface BucketRate {
  per_s: number;
  at_once: number;
}

/** What both kinds of buckets hold. */
export interface BeaconRates {
  address: BucketRate;
  site: BucketRate;
}

export const DEFAULT_RATES: BeaconRates = {
  address: { per_s: ADDRESS_EVENTS_PER_S, at_once: ADDRESS_EVENTS_AT_ONCE },
  site: { per_s: SITE_EVENTS_PER_S, at_once: SITE_EVENTS_AT_ONCE },
};

interface Bucket {
  tokens: number;
  filled_ms: number;
}

/** What is asked of the buckets. */
export interface RateRequest {
  /** The site's number. */
  site: number;
  /** From `addressBlock`. */
  block: string;
  events: number;
  now_ms: number;
}

/** Buckets in memory; a forgotten one counts as full. */
export class TokenBuckets {
  readonly #rates: BeaconRates;
  readonly #addresses: GenerationMap<Bucket>;
  readonly #sites = new Map<number, Bucket>();

  constructor(rates: BeaconRates = DEFAULT_RATES) {
    this.#rates = rates;
    this.#addresses = new GenerationMap({
      entries: REMEMBERED_ADDRESSES,
      period_ms: (rates.address.at_once / rates.address.per_s) * 1_000,
    });
  }

  /** Takes the events' tokens and answers 0, or takes none and answers after how many seconds to ask again. */
  take(request: RateRequest): number {
    const { now_ms, events } = request;
    const key = `${request.site} ${request.block}`;
    let address = this.#addresses.get(key);
    if (!address) {
      address = { tokens: this.#rates.address.at_once, filled_ms: now_ms };
      this.#addresses.set(key, address, now_ms);
    }
    const addressWait_s = missing(address, this.#rates.address, request);
    if (addressWait_s > 0) return addressWait_s;
    let site = this.#sites.get(request.site);
    if (!site) {
      site = { tokens: this.#rates.site.at_once, filled_ms: now_ms };
      this.#sites.set(request.site, site);
    }
    const siteWait_s = missing(site, this.#rates.site, request);
    if (siteWait_s > 0) return siteWait_s;
    address.tokens -= events;
    site.tokens -= events;
    return 0;
  }
}

/** Fills the bucket; whole seconds until the events fit, 0 when they do. */
function missing(bucket: Bucket, rate: BucketRate, request: RateRequest): number {
  const passed_ms = Math.max(0, request.now_ms - bucket.filled_ms);
  bucket.tokens = Math.min(rate.at_once, bucket.tokens + (passed_ms * rate.per_s) / 1_000);
  bucket.filled_ms = request.now_ms;
  const lacking = Math.min(request.events, rate.at_once) - bucket.tokens;
  return lacking <= 0 ? 0 : Math.max(1, Math.ceil(lacking / rate.per_s));
}
