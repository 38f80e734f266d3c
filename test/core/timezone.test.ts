/** Time zones under one name each. */
import { describe, expect, it } from 'vitest';
import { canonicalTimezone } from '../../src/core/timezone.ts';

describe('canonicalTimezone', () => {
  it.each([
    ['UTC', 'UTC'],
    ['etc/utc', 'UTC'],
    ['europe/berlin', 'Europe/Berlin'],
    ['US/Eastern', 'America/New_York'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
  ])('knows %s as %s', (name, zone) => {
    expect(canonicalTimezone(name)).toBe(zone);
  });

  it('gives only names that the engine accepts again', () => {
    for (const name of Intl.supportedValuesOf('timeZone')) {
      const zone = canonicalTimezone(name);
      expect(zone).toBeDefined();
      expect(canonicalTimezone(zone ?? '')).toBe(zone);
    }
  });

  it.each(['', '+01:00', 'Mars/Olympus', 'Europe', '5', 'Europe/Berlin '])('refuses "%s"', (name) => {
    expect(canonicalTimezone(name)).toBeUndefined();
  });
});
