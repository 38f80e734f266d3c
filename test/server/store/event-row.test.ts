/** The journal's record: one line, whatever the text in it, and a checksum that notices any change. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONVERSION_SEPARATOR, encodeRow, isWholeRow, ROW_COLUMNS } from '../../../src/server/store/event-row.ts';
import { eventRow } from './rows.ts';

describe('encodeRow', () => {
  it('writes one field for every column', () => {
    expect(encodeRow(eventRow({})).split(',')).toHaveLength(Object.keys(ROW_COLUMNS).length);
  });

  it('quotes commas and quotes and turns line breaks into spaces', () => {
    const line = encodeRow(eventRow({ title: 'a,"b"\r\nc', path: '/é' }));
    expect(line).toContain(',"a,""b""  c",');
    expect(line.indexOf('\n')).toBe(line.length - 1);
  });

  it('joins conversions with a separator no text can contain', () => {
    const item = {
      goal: 7,
      generation: 1,
      version: 2,
      key: 'ab'.repeat(16),
      lasting: false,
      amount: 49_990_000n,
      currency: 'EUR',
    };
    const line = encodeRow(
      eventRow({
        title: CONVERSION_SEPARATOR,
        conversions: [item, { ...item, amount: undefined, currency: undefined }],
      }),
    );
    expect(line.split(CONVERSION_SEPARATOR)).toHaveLength(2);
    expect(line).toContain(`7:1:2:${item.key}:0:49990000:EUR${CONVERSION_SEPARATOR}7:1:2:${item.key}:0::,`);
  });

  it('gives a checksum that holds for the bytes on disk and for no changed line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(), (title, at) => {
        const line = Buffer.from(encodeRow(eventRow({ title })))
          .toString('utf8')
          .slice(0, -1);
        expect(isWholeRow(line)).toBe(true);
        const place = at % line.length;
        const changed = `${line.slice(0, place)}${line[place] === '1' ? '2' : '1'}${line.slice(place + 1)}`;
        expect(isWholeRow(changed)).toBe(false);
        expect(isWholeRow(line.slice(0, place))).toBe(false);
      }),
    );
  });
});
