/** Whose address a request has: the rightmost hop of X-Forwarded-For that is no trusted proxy. */
import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { ADDRESS_CHARACTERS, REMEMBERED_ADDRESSES } from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Ranges that stand for a word of GOALPOST_TRUSTED_PROXIES. */
const WORDS: Record<string, readonly string[]> = {
  none: [],
  loopback: LOOPBACK,
  private: [
    ...LOOPBACK,
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '169.254.0.0/16',
    '100.64.0.0/10',
    'fc00::/7',
    'fe80::/10',
  ],
};

/** The 32 bits of a plain IPv4 address. */
function bitsOf(address: string): number {
  let bits = 0;
  let part = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === 46) {
      bits = (bits << 8) | part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return (bits << 8) | part;
}

/** A set of addresses: CIDR ranges, single addresses, or the words above. */
export class AddressSet {
  /** First address and mask of IPv4 ranges, in turn: every request asks. */
  readonly #ranges: number[] = [];
  readonly #networks: [ipaddr.IPv6, number][] = [];
  readonly #known = new GenerationMap<boolean>({ entries: 10_000, period_ms: 3_600_000 });

  /** Throws an Error naming the item that is neither a word, an address nor a range. */
  constructor(items: readonly string[]) {
    for (const item of items) for (const network of WORDS[item] ?? [item]) this.#add(network);
  }

  get isEmpty(): boolean {
    return this.#ranges.length === 0 && this.#networks.length === 0;
  }

  /** `address` as `plainAddress` writes it. */
  has(address: string): boolean {
    if (address === '') return false;
    if (address.includes(':')) return this.#hasSix(address);
    const bits = bitsOf(address);
    for (let index = 0; index < this.#ranges.length; index += 2) {
      if ((bits & this.#ranges[index + 1]!) === this.#ranges[index]) return true;
    }
    return false;
  }

  #hasSix(address: string): boolean {
    if (this.#networks.length === 0) return false;
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const parsed = ipaddr.IPv6.parse(address);
    const found = this.#networks.some(([network, length]) => parsed.match(network, length));
    this.#known.set(address, found, 0);
    return found;
  }

  #add(item: string): void {
    const [network, length] = parseNetwork(item);
    if (network instanceof ipaddr.IPv6) this.#networks.push([network, length]);
    else {
      const mask = length === 0 ? 0 : -1 << (32 - length);
      this.#ranges.push(bitsOf(network.toString()) & mask, mask);
    }
  }
}

function parseNetwork(item: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  try {
    if (item.includes('/')) return ipaddr.parseCIDR(item);
    const address = ipaddr.process(item);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (error) {
    throw new Error(`"${item}" is no address and no range such as 10.0.0.0/8.`, { cause: error });
  }
}

const plain = new GenerationMap<string>({ entries: REMEMBERED_ADDRESSES, period_ms: 3_600_000 });

/** One spelling for one address: no port, no brackets, IPv4 within IPv6 as IPv4; '' when it is none. */
export function plainAddress(text: string): string {
  if (isIPv4(text)) return text;
  if (text.length > ADDRESS_CHARACTERS) return '';
  const known = plain.get(text);
  if (known !== undefined) return known;
  const bare = text.startsWith('[')
    ? text.slice(1, text.lastIndexOf(']'))
    : text.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  const address = ipaddr.isValid(bare) ? ipaddr.process(bare).toString() : '';
  plain.set(text, address, 0);
  return address;
}

/** What one subscriber is given: the address itself, or the /64 of an IPv6 address. */
export function addressBlock(address: string): string {
  if (!address.includes(':')) return address;
  return `${ipaddr.IPv6.parse(address).parts.slice(0, 4).join(':')}::/64`;
}

/** Reads the address a request comes from. */
export class ClientAddress {
  readonly #trusted: AddressSet;

  constructor(trusted: AddressSet) {
    this.#trusted = trusted;
  }

  /** Whether what this socket's address says of its client is believed. */
  trusts(peer: string | undefined): boolean {
    return this.#trusted.has(plainAddress(peer ?? ''));
  }

  /** `peer` is the socket's address, `forwarded` the X-Forwarded-For header. '' when neither is an address. */
  of(peer: string | undefined, forwarded: string | string[] | undefined): string {
    let address = plainAddress(peer ?? '');
    if (forwarded === undefined || !this.#trusted.has(address)) return address;
    const header = typeof forwarded === 'string' ? forwarded : forwarded.join(',');
    for (let end = header.length; end >= 0; ) {
      const comma = header.lastIndexOf(',', end - 1);
      const hop = plainAddress(header.slice(comma + 1, end).trim());
      // What stands left of something unreadable was written by anybody.
      if (hop === '') return address;
      address = hop;
      if (comma < 0 || !this.#trusted.has(hop)) return address;
      end = comma;
    }
    return address;
  }
}
