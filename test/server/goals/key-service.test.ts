/** Keys: shown once, verified, revoked, expired, imported. */
import { expect, test } from 'vitest';
import { permits } from '../../../src/server/goals/key-request.ts';
import { ORIGIN, temporaryConfiguration, withSite } from './temporary-configuration.ts';

test('a key names its site, is verified, and its text is stored nowhere', async () => {
  const { configuration, site } = await withSite();
  const { key: publicKey } = await configuration.sites.get(site);
  const created = await configuration.keys.create({ site, scopes: ['goals:read', 'stats:read'], name: 'CI' }, ORIGIN);
  expect(created.key).toMatch(new RegExp(`^gp_${publicKey}_[0-9a-z]{50}$`));
  expect(created.id).toMatch(/^key_[0-9a-z]{21}$/);
  const verified = await configuration.keys.verify(created.key);
  expect(verified).toMatchObject({ id: created.id, site_id: site, scopes: ['goals:read', 'stats:read'], name: 'CI' });
  const rows = await configuration.store.db.selectFrom('api_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(created.key);
  expect(JSON.stringify(await configuration.audit.list())).not.toContain(created.key);
});

test('an account key is for all sites', async () => {
  const { configuration } = await temporaryConfiguration();
  const created = await configuration.keys.create({ site: null, scopes: ['admin'] }, ORIGIN);
  expect(created.key).toMatch(/^gp_account_/);
  expect(await configuration.keys.verify(created.key)).toMatchObject({ site_id: null });
});

test('a wrong, revoked or expired key is nobody', async () => {
  const { configuration, site, clock } = await withSite();
  const expires_at = clock.ms + 1_000;
  const short = await configuration.keys.create({ site, scopes: ['admin'], expires_at }, ORIGIN);
  const revoked = await configuration.keys.create({ site, scopes: ['admin'] }, ORIGIN);
  await configuration.keys.revoke(revoked.id, ORIGIN);
  expect(await configuration.keys.verify(short.key)).toBeDefined();
  clock.ms = expires_at;
  for (const text of ['', short.key, revoked.key, `${short.key}x`]) {
    expect(await configuration.keys.verify(text)).toBeUndefined();
  }
  await expect(configuration.keys.revoke('key_none', ORIGIN)).rejects.toMatchObject({ code: 'not_found' });
});

test('a key of another product keeps working, once', async () => {
  const { configuration, site } = await withSite();
  const request = { site, scopes: ['goals:write'] };
  await configuration.keys.importKey('df_0123456789abcdef', request, ORIGIN);
  expect(await configuration.keys.verify('df_0123456789abcdef')).toMatchObject({ site_id: site });
  const again = configuration.keys.importKey('df_0123456789abcdef', request, ORIGIN);
  await expect(again).rejects.toMatchObject({ code: 'duplicate_key' });
  for (const text of ['short', 'x'.repeat(257), 'with space in the key', 7]) {
    const refused = configuration.keys.importKey(text, request, ORIGIN);
    await expect(refused).rejects.toMatchObject({ code: 'invalid_field', field: 'as' });
  }
});

test('the last use is written in time, and is what lists show', async () => {
  const { configuration, site, clock } = await withSite();
  const { key, id } = await configuration.keys.create({ site, scopes: ['admin'] }, ORIGIN);
  await configuration.keys.create({ site: null, scopes: ['admin'] }, ORIGIN);
  clock.ms += 5_000;
  await configuration.keys.verify(key);
  await configuration.keys.flush();
  expect(await configuration.keys.list(site)).toMatchObject([{ id, last_used_at: clock.ms }]);
  expect(await configuration.keys.list(null)).toMatchObject([{ site_id: null, last_used_at: null }]);
  expect(await configuration.keys.list()).toHaveLength(2);
});

test.each([
  ['scopes', { scopes: [] }],
  ['scopes', { scopes: ['goals:delete'] }],
  ['name', { name: 'x'.repeat(201) }],
  ['expires_at', { expires_at: 1 }],
  ['expires_at', { expires_at: Number.NaN }],
])('wrong %s are refused', async (field, wrong) => {
  const { configuration, site } = await withSite();
  const created = configuration.keys.create({ site, scopes: ['admin'], ...wrong }, ORIGIN);
  await expect(created).rejects.toMatchObject({ code: 'invalid_field', field });
});

test('admin permits everything, other scopes themselves', () => {
  expect(permits(['admin'], 'goals:write')).toBe(true);
  expect(permits(['goals:read'], 'goals:write')).toBe(false);
});
