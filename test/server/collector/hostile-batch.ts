/** Beacons that nobody's tracker would send, at random. */
import fc from 'fast-check';

/** Texts that break CSV, SQL, JSON, logs, terminals or prototypes somewhere. */
export const NASTY = [
  '',
  ' ',
  '"',
  '""',
  ',',
  '\\',
  '\n',
  '\r\n',
  '\u0000',
  '\u001f',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\udfff\ud800',
  '🙂',
  'é',
  'ｆｕｌｌ',
  "'; DROP TABLE events; --",
  '{{7*7}}',
  '=cmd|x!A1',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  'null',
  '-0',
  '1e400',
  '٣',
  'x'.repeat(5_000),
  'https://shop.example/',
  'https://shop.example/%00?a="b",c',
  'https://shop.example/\u202e/ü?q=\u0000#x',
  'https://user:pass@shop.example/',
];

/** Any text, often one of those. */
export const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 60 }));
const value = fc.oneof({ weight: 3, arbitrary: text }, fc.integer(), fc.double(), fc.jsonValue({ maxDepth: 3 }));
const url = fc.oneof(
  text.map((path) => `https://shop.example/${path}`),
  text.map((query) => `https://shop.example/?utm_source=${query}&x=${query}`),
  value,
);
const properties = fc.oneof(fc.dictionary(text, value, { maxKeys: 40 }), value);
const goals = fc.oneof(fc.array(fc.oneof(text, fc.array(value, { maxLength: 4 })), { maxLength: 5 }), value);

/** An event of any content; `i` is often `fresh`, for an id that nobody has had. */
export const event = fc.record(
  {
    i: fc.oneof({ weight: 5, arbitrary: fc.constant('fresh') }, value),
    n: fc.oneof(fc.constantFrom('$pageview', '$click', '$engagement', '$diagnostic', 'buy'), text, value),
    a: fc.oneof(fc.integer({ min: -700_000_000, max: 400_000 }), value),
    pv: value,
    ac: value,
    u: url,
    f: url,
    d: value,
    vk: value,
    g: goals,
    m: value,
    c: fc.oneof(fc.constantFrom('EUR', 'USD'), value),
    o: value,
    p: properties,
    en: value,
    sc: value,
    vi: value,
    si: value,
    l: value,
    w: value,
    z: value,
  },
  { requiredKeys: ['i', 'n'] },
);
/** What may surround events, of any content. */
export const batch = fc.record(
  { vi: value, si: value, l: value, w: value, z: value, t: value, r: value, extra: value },
  { requiredKeys: [] },
);
