/** Sites: made, found by id, key and domain, changed, removed. */
import { describe, expect, test } from 'vitest';
import { ORIGIN, temporaryConfiguration, withSite } from './temporary-configuration.ts';

describe('sites', () => {
  test('get an id, a number, a public key and the defaults', async () => {
    const { configuration } = await temporaryConfiguration();
    const site = await configuration.sites.create({ domains: ['https://www.Shop.example/'] }, ORIGIN);
    expect(site).toMatchObject({ number: 1, domains: ['shop.example'], timezone: 'UTC', currency: 'USD', revision: 1 });
    expect(site.id).toMatch(/^site_[0-9a-z]{21}$/);
    expect(site.key).toMatch(/^[0-9a-z]{12}$/);
    expect(await configuration.sites.get(site.id)).toEqual(site);
    expect(await configuration.sites.get(site.key)).toEqual(site);
    expect(await configuration.sites.get('WWW.shop.example')).toEqual(site);
  });

  test('are listed in the order they were made', async () => {
    const { configuration } = await temporaryConfiguration();
    for (const domain of ['b.example', 'a.example']) await configuration.sites.create({ domains: [domain] }, ORIGIN);
    expect((await configuration.sites.list()).map((site) => site.name)).toEqual(['b.example', 'a.example']);
  });

  test('own their domains alone', async () => {
    const { configuration, site } = await withSite();
    const refused = { code: 'duplicate_domain', field: 'domains' };
    await expect(configuration.sites.create({ domains: ['www.shop.example'] }, ORIGIN)).rejects.toMatchObject(refused);
    const other = await configuration.sites.create({ domains: ['other.example'] }, ORIGIN);
    const greedy = { domains: ['other.example', 'shop.example'] };
    await expect(configuration.sites.update(other.id, greedy, ORIGIN)).rejects.toMatchObject(refused);
    await configuration.sites.update(site, { domains: ['new.example'] }, ORIGIN);
    expect(await configuration.sites.update(other.id, greedy, ORIGIN)).toMatchObject(greedy);
  });

  test('begin a new revision with every change', async () => {
    const { configuration, site, clock } = await withSite();
    clock.ms += 1_000;
    const changed = await configuration.sites.update(site, { timezone: 'Europe/Berlin', suspended: true }, ORIGIN);
    expect(changed).toMatchObject({ timezone: 'Europe/Berlin', suspended: true, revision: 2, updated_at: clock.ms });
    expect(await configuration.sites.get(site)).toEqual(changed);
  });

  test('are unknown once removed, and leave their domain to others', async () => {
    const { configuration, site } = await withSite();
    const key = await configuration.keys.create({ site, scopes: ['admin'] }, ORIGIN);
    await configuration.sites.remove(site, ORIGIN);
    await expect(configuration.sites.get(site)).rejects.toMatchObject({ code: 'unknown_site' });
    await expect(configuration.sites.remove(site, ORIGIN)).rejects.toMatchObject({ code: 'unknown_site' });
    expect(await configuration.keys.verify(key.key)).toBeUndefined();
    expect(await configuration.sites.create({ domains: ['shop.example'] }, ORIGIN)).toMatchObject({ number: 2 });
  });

  test('of one domain, asked for at once, are made once', async () => {
    const { configuration } = await temporaryConfiguration();
    const asked = Array.from({ length: 20 }, () => configuration.sites.create({ domains: ['one.example'] }, ORIGIN));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect(await configuration.sites.list()).toHaveLength(1);
  });

  test('write who changed what into the audit log', async () => {
    const { configuration, site } = await withSite();
    await configuration.sites.update(site, { name: 'Shop' }, { origin: 'user:anna' });
    const { audit, next } = await configuration.audit.list({ site_id: site, limit: 1 });
    expect(audit).toMatchObject([
      { actor: 'user:anna', action: 'site.update', site_id: site, subject: site, detail: { fields: ['name'] } },
    ]);
    const rest = await configuration.audit.list({ site_id: site, limit: 1, cursor: next ?? '' });
    expect(rest).toMatchObject({ audit: [{ action: 'site.create', actor: 'test' }], next: null });
    await expect(configuration.audit.list({ cursor: 'x' })).rejects.toMatchObject({ code: 'invalid_parameter' });
  });
});
