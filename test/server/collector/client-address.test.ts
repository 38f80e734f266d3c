/** Whose address a request has. */
import { describe, expect, it } from 'vitest';
import { AddressSet, addressBlock, ClientAddress, plainAddress } from '../../../src/server/collector/client-address.ts';

describe('the address of a request', () => {
  const loopback = new ClientAddress(new AddressSet(['loopback']));
  const both = new ClientAddress(new AddressSet(['loopback', '10.0.0.0/8', '2001:db8:1::/48']));

  it.each([
    ["the socket's without a header", '203.0.113.7', undefined, '203.0.113.7'],
    ["the socket's when the peer is no proxy", '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ["the header's behind a proxy", '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ["the header's behind a proxy on an IPv6 socket", '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['the rightmost, because anybody can write the others', '127.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['without its port', '::1', '198.51.100.1:4711', '198.51.100.1'],
    ['without its brackets', '::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ["the proxy's when the header is no address", '127.0.0.1', 'unknown', '127.0.0.1'],
    ["the proxy's when the header is empty", '127.0.0.1', '', '127.0.0.1'],
  ])('is %s', (_, peer, forwarded, expected) => {
    expect(loopback.of(peer, forwarded)).toBe(expected);
  });

  it('is that of the last hop that is no trusted proxy', () => {
    expect(both.of('::1', '1.1.1.1, 198.51.100.1, 10.1.2.3, 2001:db8:1::5')).toBe('198.51.100.1');
  });

  it('is the first when every hop is trusted', () => {
    expect(both.of('::1', '10.9.9.9, 10.1.2.3')).toBe('10.9.9.9');
  });

  it('is read across repeated headers', () => {
    expect(loopback.of('::1', ['1.1.1.1', '198.51.100.1'])).toBe('198.51.100.1');
  });

  it('is nothing without a socket', () => {
    expect(loopback.of(undefined, undefined)).toBe('');
  });

  it('is limited per IPv6 /64, per IPv4 address', () => {
    expect(addressBlock('198.51.100.1')).toBe('198.51.100.1');
    expect(addressBlock('2001:db8:0:1::9')).toBe(addressBlock('2001:db8:0:1:ffff::1'));
    expect(addressBlock('2001:db8:0:1::9')).not.toBe(addressBlock('2001:db8:0:2::9'));
  });

  it('has one spelling', () => {
    expect(plainAddress('2001:0DB8::0001')).toBe('2001:db8::1');
    expect(plainAddress('::ffff:198.51.100.1')).toBe('198.51.100.1');
    expect(plainAddress('shop.example')).toBe('');
  });
});

describe('a set of addresses', () => {
  it('knows the words', () => {
    const set = new AddressSet(['private']);
    expect(['10.1.1.1', '192.168.0.9', 'fd00::1', '127.0.0.1', '::1'].every((address) => set.has(address))).toBe(true);
    expect(set.has('8.8.8.8')).toBe(false);
  });

  it('refuses, by name, what is neither a word, an address nor a range', () => {
    expect(() => new AddressSet(['10.0.0.0/99'])).toThrow('"10.0.0.0/99" is no address');
  });
});
