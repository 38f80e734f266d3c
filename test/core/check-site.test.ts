/** Sites as requests describe them. */
import { describe, expect, it } from 'vitest';
import { checkSite, checkSitePatch } from '../../src/core/check-site.ts';
import { Problem } from '../../src/core/problem.ts';

/** The Problem the function throws. */
function problemOf(run: () => unknown): Problem {
  try {
    run();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const least = { domains: ['shop.example'] };
const hosts = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.example`);

describe('checkSite', () => {
  it('completes the least a site needs', () => {
    expect(checkSite(least)).toEqual({
      name: 'shop.example',
      domains: ['shop.example'],
      allowed_hosts: [],
      timezone: 'UTC',
      currency: 'USD',
      bots: 'exclude',
      exclusions: { addresses: [], paths: [], hosts: [] },
      retention_days: null,
      redact: [],
      suspended: false,
      plan_limits: { revenue_goals: false, properties: false },
    });
  });

  it('gives hosts and zones one spelling', () => {
    const site = checkSite({
      domains: ['https://WWW.Shop.example/', 'shop.example', 'münchen.example:8080'],
      allowed_hosts: ['*.Shop.example', 'https://pay.example'],
      timezone: 'asia/calcutta',
      currency: 'eur',
      redact: [' Voucher ', 'voucher'],
    });
    expect(site.domains).toEqual(['shop.example', 'xn--mnchen-3ya.example']);
    expect(site.allowed_hosts).toEqual(['*.shop.example', 'pay.example']);
    expect(site).toMatchObject({ timezone: 'Asia/Kolkata', currency: 'EUR', redact: ['voucher'] });
  });

  it.each<[string, object]>([
    ['a name of 200 characters', { name: 'n'.repeat(200) }],
    ['200 domains', { domains: hosts(200) }],
    ['200 allowed hosts', { allowed_hosts: hosts(200) }],
    ['the shortest retention', { retention_days: 1 }],
    ['the longest retention', { retention_days: 3_650 }],
    ['no retention', { retention_days: null }],
    ['500 excluded paths', { exclusions: { paths: Array.from({ length: 500 }, (_, i) => `/p${i}`) } }],
    ['100 parameters', { redact: Array.from({ length: 100 }, (_, i) => `p${i}`) }],
    ['a parameter of 100 characters', { redact: ['p'.repeat(100)] }],
    ['all kinds of ranges', { exclusions: { addresses: ['192.0.2.7', '192.0.2.0/24', '2001:db8::/32', '::1'] } }],
    ['localhost', { domains: ['localhost'] }],
    ['an address', { domains: ['192.0.2.7'] }],
    ['what the server gives', { id: 'site_x', number: 1, key: 'k', revision: 3, created_at: 1, updated_at: 2 }],
  ])('accepts %s', (_, fields) => {
    expect(() => checkSite({ ...least, ...fields })).not.toThrow();
  });

  it.each<[string, object, string]>([
    ['domains', { domains: undefined }, 'at least one'],
    ['domains', { domains: [] }, 'at least one'],
    ['domains', { domains: 'shop.example' }, 'list'],
    ['domains', { domains: hosts(201) }, 'at most 200'],
    ['domains.0', { domains: [5] }, 'text'],
    ['domains.1', { domains: ['a.example', 'not a host'] }, 'host name'],
    ['domains.0', { domains: ['*.shop.example'] }, 'host name'],
    ['domains.0', { domains: ['mailto:a@b.example'] }, 'host name'],
    ['domains.0', { domains: ['ftp://shop.example'] }, 'host name'],
    ['domains.0', { domains: ['-a.example'] }, 'host name'],
    ['domains.0', { domains: [`${'a'.repeat(64)}.example`] }, 'host name'],
    ['name', { name: '' }, 'at least one'],
    ['name', { name: 'n'.repeat(201) }, 'at most 200'],
    ['allowed_hosts.0', { allowed_hosts: ['*'] }, '*.shop.example'],
    ['allowed_hosts', { allowed_hosts: {} }, 'list'],
    ['timezone', { timezone: 'Mars/Olympus' }, 'Europe/Berlin'],
    ['timezone', { timezone: '+01:00' }, 'Europe/Berlin'],
    ['timezone', { timezone: 5 }, 'text'],
    ['currency', { currency: 'EURO' }, 'ISO 4217'],
    ['currency', { currency: '€' }, 'ISO 4217'],
    ['bots', { bots: true }, 'exclude, include'],
    ['exclusions', { exclusions: [] }, 'object'],
    ['exclusions.adresses', { exclusions: { adresses: [] } }, 'did you mean "addresses"'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['192.0.2.0/33'] } }, '192.0.2.0/24'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['192.0.2'] } }, '192.0.2.0/24'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['192.0.2.256'] } }, '192.0.2.0/24'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['192.0.02.7'] } }, '192.0.2.0/24'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['2001:db8::/129'] } }, '192.0.2.0/24'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['2001:db8::1::2'] } }, '192.0.2.0/24'],
    ['exclusions.addresses.0', { exclusions: { addresses: ['shop.example'] } }, '192.0.2.0/24'],
    ['exclusions.paths.0', { exclusions: { paths: ['admin'] } }, 'begins with "/"'],
    ['exclusions.paths', { exclusions: { paths: Array.from({ length: 501 }, () => '/x') } }, 'at most 500'],
    ['exclusions.hosts.0', { exclusions: { hosts: ['a b'] } }, 'host name'],
    ['retention_days', { retention_days: 0 }, 'from 1 to 3650'],
    ['retention_days', { retention_days: 3_651 }, 'from 1 to 3650'],
    ['retention_days', { retention_days: '30' }, 'without quotes'],
    ['redact.0', { redact: ['a=b'] }, 'bare name'],
    ['redact.0', { redact: ['p'.repeat(101)] }, 'at most 100'],
    ['redact', { redact: Array.from({ length: 101 }, (_, i) => `p${i}`) }, 'at most 100'],
    ['suspended', { suspended: 'no' }, 'true or false'],
    ['plan_limits.properties', { plan_limits: { properties: 1 } }, 'true or false'],
    ['plan_limits.revenue', { plan_limits: { revenue: true } }, 'no field'],
    ['domain', { domain: 'x' }, 'did you mean "domains"'],
  ])('refuses %s in %j', (field, fields, says) => {
    const problem = problemOf(() => checkSite({ ...least, ...fields }));
    expect(problem.code).toBe('invalid_field');
    expect(problem.field).toBe(field);
    expect(problem.message).toContain(says);
  });

  it.each([null, undefined, [], 'shop.example'])('refuses a body that is %j', (body) => {
    expect(problemOf(() => checkSite(body)).code).toBe('invalid_body');
  });
});

describe('checkSitePatch', () => {
  const site = checkSite({ ...least, exclusions: { paths: ['/a'] }, retention_days: 30, timezone: 'Europe/Kiev' });

  it('keeps what the patch does not name, inside exclusions and plan limits too', () => {
    expect(checkSitePatch(site, {})).toEqual(site);
    const patched = checkSitePatch(site, { exclusions: { hosts: ['b.example'] }, plan_limits: { properties: true } });
    expect(patched.exclusions).toEqual({ addresses: [], paths: ['/a'], hosts: ['b.example'] });
    expect(patched.plan_limits).toEqual({ revenue_goals: false, properties: true });
  });

  it('restores defaults for null', () => {
    expect(checkSitePatch(site, { retention_days: null, timezone: null, exclusions: null })).toMatchObject({
      retention_days: null,
      timezone: 'UTC',
      exclusions: { paths: [] },
    });
  });

  it('refuses what a new site would be refused for', () => {
    expect(problemOf(() => checkSitePatch(site, { domains: [] })).field).toBe('domains');
    expect(problemOf(() => checkSitePatch(site, { exclusions: [] })).field).toBe('exclusions');
    expect(problemOf(() => checkSitePatch(site, null)).code).toBe('invalid_body');
  });
});
