/** Whoever sends long texts that nobody else sends makes the collector forget sooner; they do not take its memory. */
import { describe, expect, it } from 'vitest';
import {
  PAGES_CHARACTERS,
  REMEMBERED_VISITORS,
  VIEWS_CHARACTERS,
  VISITORS_CHARACTERS,
} from '../../../src/core/limits.ts';
import { pageOf } from '../../../src/server/collector/page-memory.ts';
import { type Session, SessionMemory } from '../../../src/server/collector/session-memory.ts';
import { encodeDimensions } from '../../../src/server/store/event-row.ts';
import { eventRow, freshId } from '../store/rows.ts';

const NOW_MS = 1_767_225_600_000;

/** A session of a visitor that came from such a page. */
function session(visitor: string, referrer: string): Session {
  const dimensions = eventRow({ referrer });
  const kept = { dimensions, encoded: encodeDimensions(dimensions) };
  return {
    id: freshId(),
    visitor,
    site: 1,
    identified: false,
    bot: false,
    test: false,
    campaign: '',
    kept,
    start_ms: NOW_MS,
    end_ms: NOW_MS,
    engaged_ms: 0,
    next: undefined,
  };
}

const LONG = `https://elsewhere.example/${'x'.repeat(5_000)}`;

describe('the memory of sessions', () => {
  it('holds a bounded number of characters, the newest of them', () => {
    const memory = new SessionMemory();
    for (let n = 0; n < 20_000; n += 1) {
      const one = session(String(n), LONG);
      memory.keep(one, NOW_MS);
      memory.keepView(freshId(), one, NOW_MS);
    }
    expect(memory.visitors * LONG.length).toBeLessThanOrEqual(VISITORS_CHARACTERS);
    expect(memory.views * LONG.length).toBeLessThanOrEqual(VIEWS_CHARACTERS);
    expect(memory.knows('19999')).toBe(true);
    expect(memory.knows('18000')).toBe(true);
    expect(memory.knows('0')).toBe(false);
  });

  it('holds as few visitors who begin one session after the other', () => {
    const memory = new SessionMemory();
    for (let n = 0; n < 40_000; n += 1) memory.keep(session(String(Math.floor(n / 8)), LONG), NOW_MS);
    expect(memory.visitors * 8 * LONG.length).toBeLessThanOrEqual(1.1 * VISITORS_CHARACTERS);
  });

  it('remembers as many ordinary visitors as it says', () => {
    const memory = new SessionMemory();
    for (let n = 0; n < REMEMBERED_VISITORS; n += 1)
      memory.keep(session(String(n), 'https://www.example.org/'), NOW_MS);
    expect(memory.visitors).toBeGreaterThanOrEqual(REMEMBERED_VISITORS / 2);
    expect(memory.knows(String(REMEMBERED_VISITORS / 2))).toBe(true);
  });
});

it('pages are remembered by a bounded number of characters, the newest of them', () => {
  const raws = Array.from({ length: 10_000 }, (_, n) => `https://shop.example/${n}/${'y'.repeat(1_900)}`);
  const pages = raws.map((raw) => pageOf(raw));
  let remembered = 0;
  while (pageOf(raws.at(-1 - remembered)!) === pages.at(-1 - remembered)) remembered += 1;
  expect(remembered).toBeGreaterThan(500);
  expect(remembered * 1_900 * 2).toBeLessThanOrEqual(PAGES_CHARACTERS);
});
