/** Checks what a request says of a site and completes it. */
import {
  type Fields,
  readChoice,
  readCurrencyCode,
  readFlag,
  readList,
  readNumber,
  readObject,
  readText,
  refuse,
} from './check-field.ts';
import { normalizeAddressRange, normalizeHost } from './host.ts';
import {
  EXCLUSION_RULES,
  REDACT_PARAMETER_CHARACTERS,
  REDACT_PARAMETERS,
  RETENTION_DAYS,
  RULE_VALUE_CHARACTERS,
  SITE_HOSTS,
  SITE_NAME_CHARACTERS,
  TIMEZONE_CHARACTERS,
} from './limits.ts';
import type { Exclusions, PlanLimits, Site } from './site.ts';
import { canonicalTimezone } from './timezone.ts';

/** What an owner decides of a site. */
export type SiteDefinition = Omit<Site, 'id' | 'number' | 'key' | 'revision' | 'created_at' | 'updated_at'>;

const SETTABLE = [
  'name',
  'domains',
  'allowed_hosts',
  'timezone',
  'currency',
  'bots',
  'exclusions',
  'retention_days',
  'redact',
  'suspended',
  'plan_limits',
] as const satisfies readonly (keyof SiteDefinition)[];
/** What every answer has and no request sets; ignored, so that a site that was read can be sent back. */
const GIVEN_BY_SERVER = ['id', 'number', 'key', 'revision', 'created_at', 'updated_at'] as const;

const SHAPE = {
  what: 'A site',
  members: [...SETTABLE, ...GIVEN_BY_SERVER],
  example: '{"name": "Shop", "domains": ["shop.example"]}',
};
const BOTS = ['exclude', 'include'] as const;

/** The site a request to create one describes; the name defaults to the first domain. Throws `invalid_field`. */
export function checkSite(input: unknown): SiteDefinition {
  return readSite(readObject(input, '', SHAPE));
}

/**
 * The site after a change. A member that the patch names replaces the stored one whole, except that `exclusions` and
 * `plan_limits` keep the members they leave out; `null` restores a default. Throws `invalid_field`.
 */
export function checkSitePatch(existing: SiteDefinition, patch: unknown): SiteDefinition {
  readObject(patch, '', SHAPE);
  const merged: Record<string, unknown> = { ...existing };
  for (const member of SETTABLE) {
    const value = (patch as Fields)[member];
    if (value === undefined) continue;
    const merges = (member === 'exclusions' || member === 'plan_limits') && typeof value === 'object' && value !== null;
    merged[member] = merges && !Array.isArray(value) ? { ...existing[member], ...value } : value;
  }
  return readSite(readObject(merged, '', SHAPE));
}

function readSite(fields: Fields): SiteDefinition {
  const domains = readHosts(fields.domains ?? [], 'domains', { subdomains: false });
  const first = domains[0] ?? refuse('domains', 'Name at least one domain, such as ["shop.example"].');
  return {
    name:
      fields.name === undefined
        ? first.slice(0, SITE_NAME_CHARACTERS)
        : readText(fields.name, 'name', { most: SITE_NAME_CHARACTERS }),
    domains,
    allowed_hosts: readHosts(fields.allowed_hosts ?? [], 'allowed_hosts', { subdomains: true }),
    timezone: readTimezone(fields.timezone ?? 'UTC'),
    currency: readCurrencyCode(fields.currency ?? 'USD', 'currency', { free: false }),
    bots: readChoice(fields.bots ?? 'exclude', 'bots', BOTS),
    exclusions: readExclusions(fields.exclusions ?? {}),
    retention_days:
      fields.retention_days === undefined
        ? null
        : readNumber(fields.retention_days, 'retention_days', { least: 1, most: RETENTION_DAYS, whole: true }),
    redact: readRedact(fields.redact ?? []),
    suspended: readFlag(fields.suspended ?? false, 'suspended'),
    plan_limits: readPlanLimits(fields.plan_limits ?? {}),
  };
}

/** The items of a list, read one by one; repeated ones once. */
function readItems(
  value: unknown,
  field: string,
  { most, read }: { most: number; read: (item: unknown, field: string) => string },
): string[] {
  return [...new Set(readList(value, field, { most }).map((item, index) => read(item, `${field}.${index}`)))];
}

function readHosts(value: unknown, field: string, { subdomains }: { subdomains: boolean }): string[] {
  return readItems(value, field, {
    most: SITE_HOSTS,
    read: (item, place) => {
      const text = readText(item, place, { most: RULE_VALUE_CHARACTERS });
      const any = subdomains && text.startsWith('*.') ? '*.' : '';
      const host = normalizeHost(text.slice(any.length));
      return host === undefined
        ? refuse(place, `Write a host name such as "shop.example"${subdomains ? ' or "*.shop.example"' : ''}.`)
        : any + host;
    },
  });
}

function readTimezone(value: unknown): string {
  const name = readText(value, 'timezone', { most: TIMEZONE_CHARACTERS });
  return canonicalTimezone(name) ?? refuse('timezone', 'Write an IANA time zone such as "Europe/Berlin" or "UTC".');
}

function readExclusions(value: unknown): Exclusions {
  const fields = readObject(value, 'exclusions', {
    what: 'The exclusions',
    members: ['addresses', 'paths', 'hosts'],
    example: '{"addresses": ["192.0.2.0/24"], "paths": ["/admin/*"]}',
  });
  return {
    addresses: readItems(fields.addresses ?? [], 'exclusions.addresses', {
      most: EXCLUSION_RULES,
      read: (item, place) =>
        normalizeAddressRange(readText(item, place, { most: RULE_VALUE_CHARACTERS })) ??
        refuse(place, 'Write an address or a range, such as "192.0.2.7", "192.0.2.0/24" or "2001:db8::/32".'),
    }),
    paths: readItems(fields.paths ?? [], 'exclusions.paths', {
      most: EXCLUSION_RULES,
      read: (item, place) => {
        const path = readText(item, place, { most: RULE_VALUE_CHARACTERS });
        return /^[/*]/.test(path)
          ? path
          : refuse(place, 'Write a path that begins with "/" or "*", such as "/admin/*".');
      },
    }),
    hosts: readHosts(fields.hosts ?? [], 'exclusions.hosts', { subdomains: true }),
  };
}

/** Names are compared without case, so they are kept in lower case. */
function readRedact(value: unknown): string[] {
  return readItems(value, 'redact', {
    most: REDACT_PARAMETERS,
    read: (item, place) => {
      const name = readText(item, place, { most: REDACT_PARAMETER_CHARACTERS }).toLowerCase();
      return /[\s&=#?]/.test(name)
        ? refuse(place, 'Write the bare name of a query parameter, such as "voucher".')
        : name;
    },
  });
}

function readPlanLimits(value: unknown): PlanLimits {
  const fields = readObject(value, 'plan_limits', {
    what: 'The plan limits',
    members: ['revenue_goals', 'properties'],
    example: '{"revenue_goals": true}',
  });
  return {
    revenue_goals: readFlag(fields.revenue_goals ?? false, 'plan_limits.revenue_goals'),
    properties: readFlag(fields.properties ?? false, 'plan_limits.properties'),
  };
}
