/** Who made a version or wrote into the audit log, as people know them. */
import { expect, test } from 'vitest';
import { SIGNUP, withSite } from './temporary-configuration.ts';

test('members and keys are shown by their names, others as they are; only members see addresses', async () => {
  const { configuration, site } = await withSite();
  const { accounts, keys, goals } = configuration;
  const owner = { email: 'anna@example.com', name: 'Anna', password: 'correct horse battery' };
  const anna = await accounts.join({ ...owner, token: (await accounts.setupToken()) ?? '' });
  const { token } = await accounts.invite({ email: 'bob@example.com', role: 'owner' }, { origin: `user:${anna.id}` });
  const bob = await accounts.join({ password: 'another long password', token });
  const named = await keys.create({ site, scopes: ['goals:write'], name: 'Shop' }, { origin: 'socket' });
  const bare = await keys.create({ site, scopes: ['goals:write'] }, { origin: 'socket' });
  const { goal } = await goals.create(site, SIGNUP, { origin: `user:${anna.id}` });
  const address = { site, goal: goal.id };
  const origins = [`user:${bob.id}`, `key:${named.id}`, `key:${bare.id}`, 'socket', 'user:user_gone'];
  for (const [index, origin] of origins.entries()) await goals.update(address, { name: `Name ${index}` }, { origin });
  const versions = await goals.versions(address, 'member');
  const names = ['user_gone', 'Command line', bare.id, 'Key “Shop”', 'bob@example.com', 'Anna'];
  expect(versions.map(({ actor_name }) => actor_name)).toEqual(names);
  expect(versions.map(({ actor }) => actor)).toEqual([...origins.toReversed(), `user:${anna.id}`]);
  const { audit } = await configuration.audit.list({ limit: 6, site_id: site, reader: 'member' });
  expect(audit.map(({ actor_name }) => actor_name)).toEqual(names);
  expect(new Set(audit.map(({ subject_name }) => subject_name))).toEqual(new Set(['Name 4']));
  const toPrograms = names.map((name) => (name === 'bob@example.com' ? bob.id : name));
  expect((await goals.versions(address)).map(({ actor_name }) => actor_name)).toEqual(toPrograms);
  const { audit: told } = await configuration.audit.list({ limit: 6, site_id: site });
  expect(told.map(({ actor_name }) => actor_name)).toEqual(toPrograms);
  const { audit: all } = await configuration.audit.list({ reader: 'program' });
  const subjects = new Map(all.map(({ action, subject_name }) => [action, subject_name]));
  expect(subjects.get('site.create')).toBe('shop.example');
  const joined = all.filter(({ action }) => action === 'member.join').map(({ subject_name }) => subject_name);
  expect(joined).toEqual([bob.id, 'Anna']);
});
