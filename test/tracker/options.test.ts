/** Options come from the script's address and attributes, from an object, or are the defaults. */
// @vitest-environment happy-dom
import { expect, test } from 'vitest';
import { api, isOn, options, setOptions, site } from '../../src/tracker/options.ts';

test.each([
  ['https://g.example/tracker.js', {}, 'https://g.example'],
  ['https://g.example/a/b/tracker-1.0-abc.js?x=/y/', {}, 'https://g.example/a/b'],
  ['https://g.example/tracker.js', { api: '/stats' }, `${location.origin}/stats`],
  ['', {}, location.origin],
  ['https://g.example/tracker.js', { api: 'https://c.example/x/' }, 'https://c.example/x'],
])('the collector of %s with %j is %s', (script, given, expected) => {
  setOptions(given, script);
  expect(api).toBe(expected);
});

test('the site is what is said, else the host of the page', () => {
  setOptions({ site: 'KEY' }, 'https://g.example/tracker.js?site=QUERY');
  expect(site).toBe('KEY');
  setOptions({}, 'https://g.example/tracker.js?site=QUERY&store=none');
  expect([site, options.store]).toEqual(['QUERY', 'none']);
  setOptions({});
  expect(site).toBe(location.hostname);
});

test.each([
  [true, true],
  ['true', true],
  ['', true],
  [false, false],
  ['false', false],
  ['no', false],
  [undefined, false],
])('a switch given as %j is %j', (value, expected) => {
  setOptions(value === undefined ? {} : { hash: value });
  expect(isOn('hash')).toBe(expected);
});
