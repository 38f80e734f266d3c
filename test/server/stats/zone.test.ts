/** Local days of zones whose clocks do odd things. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayFromText,
  dayStart,
  dayText,
  localDay,
  localText,
  offsetAt,
  zoneNamed,
} from '../../../src/server/stats/zone.ts';

const HOUR = 3_600_000;
const DAY = 86_400_000;

/** Length of a local day in hours. */
function hoursOf(zone: string, text: string): number {
  const day = dayFromText(text)!;
  return (dayStart(zone, day + 1) - dayStart(zone, day)) / HOUR;
}

describe('a local day', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29', 23],
    ['Europe/Berlin', '2026-10-25', 25],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Asia/Kathmandu', '2026-01-01', 24],
    ['Africa/Cairo', '2026-04-24', 23],
    ['Africa/Cairo', '2026-10-29', 25],
    ['Pacific/Apia', '2011-12-29', 24],
    ['Pacific/Apia', '2011-12-30', 0],
    ['Pacific/Apia', '2011-12-31', 24],
    ['UTC', '2026-02-28', 24],
  ])('in %s on %s has %d hours', (zone, text, hours) => {
    expect(hoursOf(zone, text)).toBe(hours);
  });

  it('without a midnight begins at its first instant', () => {
    expect(localText('Africa/Cairo', dayStart('Africa/Cairo', dayFromText('2026-04-24')!))).toBe(
      '2026-04-24T01:00:00+03:00',
    );
  });

  it('begins where its date does, to the millisecond, anywhere', () => {
    const zones = [
      'Europe/Berlin',
      'Australia/Lord_Howe',
      'Africa/Cairo',
      'Pacific/Apia',
      'America/St_Johns',
      'Asia/Kathmandu',
      'Africa/Casablanca',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer({ min: 7_000, max: 25_000 }), (zone, day) => {
        const start = dayStart(zone, day);
        expect(localDay(zone, start)).toBeGreaterThanOrEqual(day);
        expect(localDay(zone, start - 1)).toBeLessThan(day);
      }),
    );
  });
});

describe('names', () => {
  it('of zones are known or not', () => {
    expect(['Europe/Berlin', 'UTC', 'Mars/Base', '', '+01:00'].map(zoneNamed)).toEqual([
      'Europe/Berlin',
      'UTC',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('of days must exist', () => {
    expect(['2026-02-29', '2026-13-01', '26-01-01', '2026-1-1', '', '2026-02-28x'].map(dayFromText)).toEqual(
      Array(6).fill(undefined),
    );
    expect(dayText(dayFromText('2024-02-29')!)).toBe('2024-02-29');
  });

  it('of instants carry the offset, minutes too', () => {
    expect(localText('Asia/Kathmandu', 0)).toBe('1970-01-01T05:30:00+05:30');
    expect(localText('America/St_Johns', 20_000 * DAY)).toBe('2024-10-03T21:30:00-02:30');
    expect(offsetAt('UTC', 1)).toBe(0);
  });
});

describe('zones', () => {
  it('have one name, however it is written', () => {
    const spellings = ['europe/berlin', 'EUROPE/BERLIN', 'eUrOpE/bErLiN'];
    expect(new Set(spellings.map(zoneNamed))).toEqual(new Set(['Europe/Berlin']));
  });

  it('take no more memory for being written in thousands of ways', () => {
    const now = Date.UTC(2026, 5, 1);
    const ask = (text: string) => offsetAt(zoneNamed(text)!, now);
    for (const zone of Intl.supportedValuesOf('timeZone')) ask(zone);
    const before = process.memoryUsage().rss;
    const name = 'America/Argentina/Buenos_Aires';
    for (let bits = 0; bits < 8_000; bits += 1) {
      ask([...name].map((letter, at) => ((bits >> at) & 1 ? letter.toUpperCase() : letter.toLowerCase())).join(''));
    }
    // A formatter for each would be more than 200 MB.
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1_048_576);
  });
});
