/** Whose address a request has: the rightmost hop of X-Forwarded-For that is no trusted proxy. */
import ipaddr from 'ipaddr.js';
import { REMEMBERED_ADDRESSES } from '../../core/limits.ts';
import { GenerationMap } from './generation-map.ts';

/** Ranges that stand for a word of GOALPOST_TRUSTED_PROXIES (names as ipaddr.js has them). */
const WORDS: Record<string, readonly string[]> = {
  none: [],
  loopback: ['loopback'],
  private: ['loopback', 'private', 'uniqueLocal', 'linkLocal', 'carrierGradeNat'],
};

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Network = [Address, number];

/** A set of addresses: CIDR ranges, single addresses, or the words above. */
export class AddressSet {
  readonly #ranges = new Set<string>();
  readonly #networks: Network[] = [];
  readonly #known = new GenerationMap<boolean>({ entries: 10_000, period_ms: 3_600_000 });

  /** Throws an Error naming the item that is neither a word, an address nor a range. */
  constructor(items: readonly string[]) {
    for (const item of items) {
      const word = WORDS[item];
      if (word) for (const range of word) this.#ranges.add(range);
      else this.#networks.push(parseNetwork(item));
    }
  }

  get isEmpty(): boolean {
    return this.#ranges.size === 0 && this.#networks.length === 0;
  }

  /** `address` as `plainAddress` writes it. */
  has(address: string): boolean {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const found = this.#decide(address);
    this.#known.set(address, found, 0);
    return found;
  }

  #decide(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    if (this.#ranges.has(parsed.range())) return true;
    return this.#networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits));
  }
}

function parseNetwork(item: string): Network {
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
  return `${(ipaddr.parse(address) as ipaddr.IPv6).parts.slice(0, 4).join(':')}::/64`;
}

/** Reads the address a request comes from. */
export class ClientAddress {
  readonly #trusted: AddressSet;

  constructor(trusted: AddressSet) {
    this.#trusted = trusted;
  }

  /** `peer` is the socket's address, `forwarded` the X-Forwarded-For header. '' when neither is an address. */
  of(peer: string | undefined, forwarded: string | string[] | undefined): string {
    let address = plainAddress(peer ?? '');
    if (forwarded === undefined || !this.#trusted.has(address)) return address;
    const hops = (typeof forwarded === 'string' ? forwarded : forwarded.join(',')).split(',');
    for (let index = hops.length - 1; index >= 0; index -= 1) {
      const hop = plainAddress(hops[index]!.trim());
      // What stands left of something unreadable was written by anybody.
      if (hop === '') return address;
      address = hop;
      if (!this.#trusted.has(hop)) return address;
    }
    return address;
  }
}
