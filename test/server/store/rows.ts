/** Rows for tests: a whole one from the few members a test is about. */
import { createHash } from 'node:crypto';
import type { EventRow, RowConversion } from '../../../src/server/store/event-row.ts';

let made = 0;

/** A UUIDv7-like id that no other call gives. */
export function freshId(ts = 1_767_225_600_000): string {
  made += 1;
  const time = ts.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${made.toString(16).padStart(12, '0')}`;
}

/** An event of the site with number 1 at 2026-01-01 00:00 UTC unless told otherwise. */
export function eventRow(known: Partial<EventRow>): EventRow {
  const ts = known.ts ?? 1_767_225_600_000;
  const id = known.id ?? freshId(ts);
  return {
    site: 1,
    id,
    ts,
    received: ts,
    name: '$pageview',
    origin: 'browser',
    view_kind: 'load',
    view: id,
    action: '',
    visitor: '1',
    session: '1',
    identified: false,
    url: 'https://shop.example/',
    hostname: 'shop.example',
    path: '/',
    title: '',
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
    viewport: 0,
    amount: undefined,
    currency: '',
    order_id: '',
    props: '',
    engaged_ms: undefined,
    scroll: undefined,
    bot: false,
    test: false,
    foreign_id: '',
    conversions: [],
    ...known,
  };
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** A conversion of goal 7 with a key made of its goal, generation and scope. */
export function conversion(known: Partial<RowConversion> & { scope: string }): RowConversion {
  const { scope, ...given } = known;
  const item = { goal: 7, generation: 1, version: 1, lasting: false, ...given };
  return { ...item, key: md5(`${item.goal} ${item.generation} ${scope}`) };
}
