/** Hosts and addresses in their one spelling. */
import { describe, expect, it } from 'vitest';
import { normalizeAddressRange, normalizeHost } from '../../src/core/host.ts';

describe('normalizeHost', () => {
  it.each([
    ['shop.example', 'shop.example'],
    ['https://Shop.example/', 'shop.example'],
    ['//shop.example/x?y#z', 'shop.example'],
    ['WWW.shop.example', 'shop.example'],
    ['shop.example.', 'shop.example'],
    ['shop.example:8080', 'shop.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['localhost:3000', 'localhost'],
    ['a_b.example', 'a_b.example'],
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]:80', '[::1]'],
    ['::1', '[::1]'],
    ['2001:DB8::1', '[2001:db8::1]'],
  ])('reads %s as %s', (text, host) => {
    expect(normalizeHost(text)).toBe(host);
  });

  it.each([
    '',
    ' ',
    'a b',
    '*.x',
    'user@host.example',
    'http://',
    'file:///x',
    '..',
    'a..b',
    '%',
    `${'a.'.repeat(127)}ab`,
  ])('finds no host in "%s"', (text) => {
    expect(normalizeHost(text)).toBeUndefined();
  });
});

describe('normalizeAddressRange', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    [' 192.0.2.0/24 ', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['192.0.2.7/32', '192.0.2.7/32'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8::/128', '2001:db8::/128'],
  ])('reads %s as %s', (text, range) => {
    expect(normalizeAddressRange(text)).toBe(range);
  });

  it.each([
    '',
    'x',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '1.2.3.4/33',
    '1.2.3.4/',
    '1.2.3.4/-1',
    ':::',
    '2001:db8::/129',
    'fe80::1%eth0',
    '1.2.3.4/24/8',
  ])('finds no address in "%s"', (text) => {
    expect(normalizeAddressRange(text)).toBeUndefined();
  });
});
