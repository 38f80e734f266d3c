/** What a session keeps of its first event: where it came from, where it is, and with what. */
import { DIMENSIONS_CHARACTERS } from '../../core/limits.ts';
import { encodeDimensions } from '../store/event-row.ts';
import type { SessionDimensions } from '../store/event-store.ts';
import { GenerationMap } from './generation-map.ts';
import type { Geo } from './geo.ts';
import type { Sighting } from './sighting.ts';
import { NO_CAMPAIGN, originOf } from './source.ts';

/** Dimensions and their place in a row, made once for all sessions that have the same. */
export interface KeptDimensions {
  dimensions: SessionDimensions;
  /** `encodeDimensions` of them. */
  encoded: string;
}

const KEPT = 20_000;

/** Reads dimensions off events; most sessions share theirs with many others. */
export class DimensionReader {
  readonly #geo: Geo;
  readonly #kept = new GenerationMap<KeptDimensions>({
    entries: KEPT,
    period_ms: 3_600_000,
    text: { characters: DIMENSIONS_CHARACTERS, of: (encoded) => 2 * encoded.length },
  });

  constructor(geo: Geo) {
    this.#geo = geo;
  }

  /** Of the event that begins a session. */
  read(sighting: Sighting): KeptDimensions {
    const { traffic, requester, agent, event, page } = sighting;
    const place = this.#geo.placeOf(requester.address);
    const origin = originOf(page?.campaign ?? NO_CAMPAIGN, event.referrer ?? '', (host) =>
      traffic.rules.isOwnHost(host),
    );
    return this.keep({
      referrer: origin.referrer,
      source: origin.source,
      referrer_host: origin.referrer_host,
      utm_source: origin.utm_source,
      utm_medium: origin.utm_medium,
      utm_campaign: origin.utm_campaign,
      utm_term: origin.utm_term,
      utm_content: origin.utm_content,
      country: place.country,
      region: place.region,
      city: place.city,
      language: event.language ?? '',
      browser: agent.browser,
      os: agent.os,
      device: agent.device,
    });
  }

  /** The kept ones that are equal to these. */
  keep(dimensions: SessionDimensions): KeptDimensions {
    const encoded = encodeDimensions(dimensions);
    const known = this.#kept.get(encoded);
    if (known) return known;
    const kept = { dimensions, encoded };
    this.#kept.add(encoded, kept, 0);
    return kept;
  }
}
