/** What a site is: one tracked website, its public key, and the rules for its traffic. */
import type { UrlRule } from './goal.ts';

/** What a site leaves out of its statistics before anything is written. */
export interface Exclusions {
  /** Addresses or CIDR ranges, IPv4 or IPv6. */
  addresses: string[];
  /** Path patterns as the `path` operator reads them: `*` is any run of characters. */
  paths: string[];
  /** Host names. */
  hosts: string[];
}

/** Refusals that hosted products have and this one has only on request; all off by default. */
export interface PlanLimits {
  /** Refuse revenue goals with 402 in dialects that have that answer. */
  revenue_goals: boolean;
  /** Refuse property filters with 402 in dialects that have that answer. */
  properties: boolean;
}

/** A stored list of URL rules that a rule with `match: "group"` refers to by key. */
export interface UrlGroup {
  key: string;
  name: string;
  rules: UrlRule[];
}

/** One tracked website. */
export interface Site {
  /** `site_` + 21 of `[0-9a-z]`. */
  id: string;
  /** Unique in the installation; the event store's `site` column. */
  number: number;
  /** Public key; it stands in pages. */
  key: string;
  name: string;
  /** At least one host name, lower-case ASCII. Paths of the APIs accept id, key or any of these. */
  domains: string[];
  /** Hosts whose events count; empty means: the domains, their subdomains and localhost. `*.x` is any subdomain. */
  allowed_hosts: string[];
  /** IANA name; default UTC. */
  timezone: string;
  /** ISO 4217; default USD. */
  currency: string;
  /** Whether statistics leave bots out unless asked. */
  bots: 'exclude' | 'include';
  exclusions: Exclusions;
  /** Days after which events are erased; null keeps them. */
  retention_days: number | null;
  /** Query parameters whose values are removed besides the built-in list. */
  redact: string[];
  /** A suspended site refuses events. */
  suspended: boolean;
  plan_limits: PlanLimits;
  /** Grows by one with every change that browsers must learn of. */
  revision: number;
  /** Milliseconds since 1970 UTC. */
  created_at: number;
  updated_at: number;
}
