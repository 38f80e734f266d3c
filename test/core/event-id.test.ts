/** Ids of events in the form they are stored in. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventUuid, hexEventId, uuid7, uuid7Time } from '../../src/core/event-id.ts';

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const bytes = (value: number) => new Uint8Array(10).fill(value);

describe('uuid7', () => {
  it('begins with its time and says its version and variant', () => {
    expect(uuid7(1_767_225_600_000, bytes(0))).toBe('019b76da-a800-7000-8000-000000000000');
    expect(uuid7(1_767_225_600_000, bytes(255))).toBe('019b76da-a800-7fff-bfff-ffffffffffff');
    expect(uuid7(-5, bytes(0))).toBe('00000000-0000-7000-8000-000000000000');
  });

  it('gives its time back and sorts by it', () => {
    const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
    fc.assert(
      fc.property(time, time, random, (early, late, noise) => {
        expect(uuid7Time(uuid7(early, noise))).toBe(early);
        if (early < late) expect(uuid7(early, noise) < uuid7(late, noise)).toBe(true);
        expect(eventUuid(uuid7(early, noise), md5)).toBe(uuid7(early, noise));
      }),
    );
  });

  it('takes ten random bytes', () => {
    expect(() => uuid7(0, new Uint8Array(9))).toThrow(RangeError);
  });

  it.each(['', 'x', '019b76da-a800-4000-8000-000000000000', '019B76DA-A800-7000-8000-000000000000'])(
    'has no time in "%s"',
    (id) => {
      expect(uuid7Time(id)).toBeUndefined();
    },
  );
});

describe('eventUuid', () => {
  it('keeps UUIDs, in lower case', () => {
    expect(eventUuid('019B76DA-A800-7000-8000-00000000ABCD', md5)).toBe('019b76da-a800-7000-8000-00000000abcd');
  });

  it('finds ids of 24 hex digits again', () => {
    const uuid = eventUuid('65f1a2b3c4d5e6f708192a3b', md5);
    expect(uuid).toBe('00000000-65f1-a2b3-c4d5-e6f708192a3b');
    expect(hexEventId(uuid)).toBe('65f1a2b3c4d5e6f708192a3b');
    expect(hexEventId('019b76da-a800-7000-8000-000000000000')).toBeUndefined();
  });

  it('makes of anything else the UUID of its MD5', () => {
    expect(eventUuid('order-1', md5).replaceAll('-', '')).toBe(md5('order-1'));
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 128 }), (id) => {
        expect(eventUuid(id, md5)).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      }),
    );
  });
});
