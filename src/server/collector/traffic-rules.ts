/** A site's rules for its traffic, made ready: whose hosts count, what is left out, what is only a test. */
import ipaddr from 'ipaddr.js';
import { compileRule } from '../../core/compile-url.ts';
import { matchesRule } from '../../core/match-url.ts';
import type { CompiledRule } from '../../core/plan.ts';
import type { Site } from '../../core/site.ts';
import { AddressSet } from './client-address.ts';

const LOCAL_HOST = /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Whether one of the names is the host or, as `*.x`, a domain above it. */
function hasHost(names: ReadonlySet<string>, host: string): boolean {
  if (names.has(host)) return true;
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    if (names.has(`*${host.slice(dot)}`)) return true;
  }
  return false;
}

function withoutWww(host: string): string {
  return host.startsWith('www.') ? host.slice(4) : host;
}

/** Hosts are compared without `www.`, as `normalizeUrl` gives them. */
export class TrafficRules {
  readonly #allowed: ReadonlySet<string> | undefined;
  readonly #own: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;
  readonly #addresses: AddressSet;
  readonly #paths: readonly CompiledRule[];

  constructor(site: Site) {
    const own = site.domains.map(withoutWww);
    this.#own = new Set([...own, ...own.map((domain) => `*.${domain}`)]);
    this.#allowed = site.allowed_hosts.length > 0 ? new Set(site.allowed_hosts.map(withoutWww)) : undefined;
    this.#hosts = new Set(site.exclusions.hosts.map(withoutWww));
    this.#addresses = new AddressSet(
      // One unreadable range must not stop a whole site; saving refuses them.
      site.exclusions.addresses.filter((item) => ipaddr.isValid(item) || ipaddr.isValidCIDR(item)),
    );
    this.#paths = site.exclusions.paths.map((value) => compileRule({ match: 'path', value, on: 'path' }));
  }

  /** Whether events of this host count. */
  allowsHost(host: string): boolean {
    if (this.#hosts.size > 0 && hasHost(this.#hosts, host)) return false;
    if (this.#allowed) return hasHost(this.#allowed, host);
    return hasHost(this.#own, host) || LOCAL_HOST.test(host);
  }

  /** One of the site's own hosts, which lead nobody to it. */
  isOwnHost(host: string): boolean {
    return hasHost(this.#own, host) || (this.#allowed !== undefined && hasHost(this.#allowed, host));
  }

  /** Somebody working on the site. */
  isTestHost(host: string): boolean {
    return LOCAL_HOST.test(host) && !hasHost(this.#own, host);
  }

  excludesAddress(address: string): boolean {
    return !this.#addresses.isEmpty && this.#addresses.has(address);
  }

  /** `subjects` of the page, from `urlSubjects`. */
  excludesPath(subjects: string[]): boolean {
    return this.#paths.length > 0 && this.#paths.some((rule) => matchesRule(rule, subjects));
  }
}
