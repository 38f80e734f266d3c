/** The registry: what the hot path knows, and how soon. */
import { expect, test } from 'vitest';
import { ORIGIN, SIGNUP, temporaryConfiguration, withSite } from './temporary-configuration.ts';

test('a site is found by id, key, domain and the hosts below', async () => {
  const { configuration, site } = await withSite();
  const { key } = await configuration.sites.get(site);
  const { registry } = configuration;
  for (const ref of [site, key, 'shop.example', 'WWW.Shop.example', 'www.shop.example:8080', 'a.b.shop.example']) {
    expect(registry.find(ref)?.site.id).toBe(site);
  }
  for (const ref of ['', '.', 'example', 'notshop.example', 'shop.example.org', '__proto__', 'x'.repeat(3_000)]) {
    expect(registry.find(ref)).toBeUndefined();
  }
  const blog = await configuration.sites.create({ domains: ['blog.shop.example'] }, ORIGIN);
  expect(registry.find('de.blog.shop.example')?.site.id).toBe(blog.id);
});

test('a write of this process is known when it resolves', async () => {
  const { configuration, site } = await withSite();
  const { registry } = configuration;
  const changes: string[] = [];
  registry.on('change', (id) => changes.push(id));
  const before = registry.find(site);
  const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
  const after = registry.find(site);
  expect(before?.goals).toEqual([]);
  expect(after?.goals.map((compiled) => compiled.goal)).toEqual([goal]);
  expect(after?.plan).toMatchObject({ v: 1, r: 2, g: [{ i: goal.id }] });
  await configuration.goals.remove({ site, goal: goal.id }, ORIGIN);
  expect(registry.find(site)?.plan).toMatchObject({ r: 3, g: [] });
  await configuration.sites.update(site, { domains: ['new.example'] }, ORIGIN);
  expect(registry.find('shop.example')).toBeUndefined();
  expect(registry.find('new.example')?.site.id).toBe(site);
  await configuration.sites.remove(site, ORIGIN);
  expect(registry.find(site)).toBeUndefined();
  expect(registry.find('new.example')).toBeUndefined();
  expect(changes).toEqual([site, site, site, site]);
});

test('a write of another process is known after a refresh', async () => {
  const { configuration, site, path } = await withSite();
  const { configuration: other } = await temporaryConfiguration(path);
  expect(other.registry.find(site)?.revision).toBe(1);
  await configuration.goals.create(site, SIGNUP, ORIGIN);
  await other.registry.refresh();
  expect(other.registry.find(site)).toMatchObject({ revision: 2, goals: [{ goal: { key: 'signup' } }] });
});

test('a change of a group reaches the plan', async () => {
  const { configuration, site } = await withSite();
  const group = (value: string) => ({ key: 'thanks', rules: [{ match: 'simple', value }] });
  await configuration.urlGroups.create(site, group('/thanks'), ORIGIN);
  const trigger = { type: 'pageview', url: { match: 'group', value: 'thanks' } };
  await configuration.goals.create(site, { name: 'Order', trigger }, ORIGIN);
  const before = configuration.registry.find(site)?.plan;
  await configuration.urlGroups.put(site, group('/merci'), ORIGIN);
  const after = configuration.registry.find(site)?.plan;
  expect(JSON.stringify(before)).toContain('/thanks');
  expect(JSON.stringify(after)).toContain('/merci');
});

test('the version a browser decided by follows from the revision of its plan', async () => {
  const { configuration, site } = await withSite();
  const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
  const address = { site, goal: goal.id };
  await configuration.sites.update(site, { name: 'Shop' }, ORIGIN);
  await configuration.goals.update(address, { description: 'x' }, ORIGIN);
  await configuration.goals.update(address, { description: 'y' }, ORIGIN);
  const entry = configuration.registry.find(site);
  expect([0, 1, 2, 3, 4, 5, 99].map((revision) => entry?.goalVersionAt(goal.id, revision))).toEqual([
    3, 3, 1, 1, 2, 3, 3,
  ]);
});
