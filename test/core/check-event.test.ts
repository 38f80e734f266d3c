/** Events as browsers and servers send them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckedEvent, checkBeaconEvent, checkServerEvent } from '../../src/core/check-event.ts';
import { decodeBeacon } from '../../src/core/decode-beacon.ts';
import { Problem } from '../../src/core/problem.ts';
import { redactAgain } from '../../src/core/read-event.ts';
import { redactUrl } from '../../src/core/redact.ts';
import { readCases } from './read-cases.ts';

interface EventCase {
  why: string;
  sent: unknown;
  event?: Record<string, unknown>;
  noted?: string;
  absent?: string[];
  drop?: string;
  id?: string;
}

const cases = readCases<{
  browser: EventCase[];
  server: EventCase[];
  batches: { why: string; body: unknown; decoded?: Record<string, unknown>; code?: string }[];
}>('beacons');

const received_ms = Date.UTC(2026, 0, 1);
const site = { redact: ['voucher'], currency: 'USD' };
const beacon = { sender: { language: 'en', viewport_px: 1280, timezone: 'Europe/Berlin' } };

const browser = (sent: unknown) => checkBeaconEvent(sent, { beacon, received_ms, site });
const server = (sent: unknown) => checkServerEvent(sent, { received_ms, site, makeId: () => 'made' });

function expectCase(checked: CheckedEvent, { event, noted, absent = [], drop, id }: EventCase): void {
  if (!('event' in checked)) {
    expect(checked).toEqual({ id, drop });
    return;
  }
  expect(drop).toBeUndefined();
  expect(checked.noted).toBe(noted);
  const { time_ms, amount_micros, ...plain } = checked.event;
  const seen: Record<string, unknown> = { ...plain, age: time_ms - received_ms };
  if (amount_micros !== undefined) seen.amount_micros = String(amount_micros);
  for (const [member, value] of Object.entries(event ?? {}))
    expect({ [member]: seen[member] }).toEqual({ [member]: value });
  for (const member of absent) expect(seen).not.toHaveProperty(member);
}

describe('checkBeaconEvent', () => {
  it.each(cases.browser)('handles $why: $sent', (row) => {
    expectCase(browser(row.sent), row);
  });

  it('redacts before it cuts, so that no half of a secret stays', () => {
    const checked = browser({ i: 'e', n: 'x', u: `https://shop.example/?q=${'a'.repeat(1_960)}&token=SECRET&x=1` });
    const url = 'event' in checked ? (checked.event.url ?? '') : '';
    expect(url.length).toBeLessThanOrEqual(2_000);
    expect(url).not.toContain('SEC');
  });

  it('never throws, whatever arrives', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.string(),
      fc.double(),
      fc.constantFrom('https://shop.example/', '$pageview', 'EUR'),
    );
    const names = fc.constantFrom(
      ...'invapuacfdgmopwlz'.split(''),
      'pv',
      'ac',
      'vk',
      'en',
      'sc',
      'vi',
      'si',
      '__proto__',
    );
    const anything = fc.dictionary(names, value);
    fc.assert(
      fc.property(anything, (sent) => {
        const checked = browser({ i: 'e', n: 'x', a: 0, u: 'https://shop.example/', ...sent });
        expect('drop' in checked || Number.isSafeInteger(checked.event.time_ms)).toBe(true);
        server({ id: 's', name: 'x', ...sent, time: sent.a, url: sent.u, amount: sent.m, properties: sent.p });
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps the journal's lines and every UTF-8 text whole", () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const checked = browser({
          i: `e${text}`.slice(0, 100),
          n: `n${text}`,
          a: 0,
          u: 'https://shop.example/',
          d: text,
          o: text,
        });
        if (!('event' in checked)) return;
        const { id, name, title = '', order_id = '' } = checked.event;
        for (const kept of [id, name, title, order_id]) expect(kept).not.toMatch(/[\p{Cc}\p{Surrogate}\u2028\u2029]/u);
      }),
    );
  });
});

describe('checkServerEvent', () => {
  it.each(cases.server)('handles $why: $sent', (row) => {
    expectCase(server(row.sent), row);
  });
});

describe('decodeBeacon', () => {
  it.each(cases.batches)('handles $why', ({ body, decoded, code }) => {
    if (decoded !== undefined) {
      expect(decodeBeacon(body)).toMatchObject(decoded);
      return;
    }
    try {
      decodeBeacon(body);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Problem);
      expect((error as Problem).code).toBe(code);
    }
  });
});

describe('redactAgain', () => {
  it('is redactUrl, whatever the URL', () => {
    const piece = fc.constantFrom(
      '/a',
      '?token=x',
      '&email=',
      'a@b.example',
      '%40',
      '#code=1',
      ';sid=2',
      'www.',
      '.html',
      'ü',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const url = `https://shop.example${pieces.join('')}`;
        expect(redactAgain(url, ['voucher'])).toBe(redactUrl(url, ['voucher']));
      }),
    );
  });
});
