/** Puts together what is known of an event into the record that is kept of it. */
import type { GoalpostEvent } from '../../core/event.ts';
import type { EventRow, RowConversion } from '../store/event-row.ts';
import type { SessionDimensions } from '../store/event-store.ts';
import type { Belonging } from './find-session.ts';
import type { Sighting } from './sighting.ts';

/** What an event outside any session has for dimensions. */
export const NO_DIMENSIONS: SessionDimensions = Object.freeze({
  referrer: '',
  source: '',
  referrer_host: '',
  utm_source: '',
  utm_medium: '',
  utm_campaign: '',
  utm_term: '',
  utm_content: '',
  country: '',
  region: '',
  city: '',
  language: '',
  browser: '',
  os: '',
  device: '',
});

/** One row; every member is set, in the order of the columns, so that all rows share one shape in memory. */
export function buildRow(
  sighting: Sighting,
  { belonging, conversions }: { belonging: Belonging; conversions: readonly RowConversion[] },
): EventRow {
  const { event, page } = sighting;
  const { session } = belonging;
  const d = session?.kept.dimensions ?? NO_DIMENSIONS;
  return {
    site: sighting.site,
    id: sighting.id,
    ts: event.time_ms,
    received: sighting.requester.received_ms,
    name: event.name,
    origin: event.source,
    view_kind: event.view_kind ?? '',
    view: sighting.view,
    action: sighting.action,
    visitor: belonging.visitor,
    session: session?.id ?? '',
    identified: belonging.identified,
    url: event.url ?? '',
    hostname: page?.url.host ?? '',
    path: page?.url.path ?? '',
    title: event.title ?? '',
    referrer: d.referrer,
    source: d.source,
    referrer_host: d.referrer_host,
    utm_source: d.utm_source,
    utm_medium: d.utm_medium,
    utm_campaign: d.utm_campaign,
    utm_term: d.utm_term,
    utm_content: d.utm_content,
    country: d.country,
    region: d.region,
    city: d.city,
    language: d.language,
    browser: d.browser,
    os: d.os,
    device: d.device as EventRow['device'],
    viewport: event.viewport_px ?? 0,
    amount: event.amount_micros,
    currency: event.currency ?? '',
    order_id: event.order_id ?? '',
    props: propertiesText(event),
    engaged_ms: event.engaged_ms,
    scroll: event.scroll_percent,
    bot: session?.bot ?? sighting.bot,
    test: session?.test ?? sighting.test,
    foreign_id: sighting.id === event.id.toLowerCase() ? '' : event.id,
    conversions,
  };
}

function propertiesText(event: GoalpostEvent): string {
  for (const _ in event.properties) return JSON.stringify(event.properties);
  return '';
}
