/** Goals: their life from creation to restoring, their versions, and what is refused. */
import { describe, expect, test } from 'vitest';
import { GOALS_PER_SITE } from '../../../src/core/limits.ts';
import { ORIGIN, SIGNUP, withSite } from './temporary-configuration.ts';

describe('a goal', () => {
  test('is created with id, number, key and version', async () => {
    const { configuration, site, clock } = await withSite();
    const { goal, warnings } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    expect(goal).toMatchObject({
      key: 'signup',
      number: 1,
      site_id: site,
      version: 1,
      generation: 1,
      deleted_at: null,
    });
    expect(goal).toMatchObject({ created_at: clock.ms, updated_at: clock.ms });
    expect(goal.id).toMatch(/^goal_[0-9a-z]{21}$/);
    expect(warnings).toEqual([]);
    expect(await configuration.goals.get({ site: 'shop.example', goal: goal.id })).toEqual(goal);
    expect(await configuration.goals.get({ site, goal: goal.number })).toEqual(goal);
  });

  test('gets a numbered key when its name makes a taken one, or none at all', async () => {
    const { configuration, site } = await withSite();
    const keys: string[] = [];
    for (const name of ['Signup', 'Signup', 'SIGNUP!', '登録']) {
      keys.push((await configuration.goals.create(site, { ...SIGNUP, name }, ORIGIN)).goal.key);
    }
    expect(keys).toEqual(['signup', 'signup_2', 'signup_3', 'goal_4']);
  });

  test('is refused a key that is taken, given or made', async () => {
    const { configuration, site } = await withSite();
    await configuration.goals.create(site, SIGNUP, ORIGIN);
    const refused = { code: 'duplicate_key', field: 'key' };
    await expect(configuration.goals.create(site, { ...SIGNUP, key: 'signup' }, ORIGIN)).rejects.toMatchObject(refused);
    const made = configuration.goals.create(site, SIGNUP, { ...ORIGIN, taken_key: 'refuse' });
    await expect(made).rejects.toMatchObject(refused);
  });

  test('may share its name unless the caller wants names unique', async () => {
    const { configuration, site } = await withSite();
    await configuration.goals.create(site, SIGNUP, ORIGIN);
    const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    const strict = { ...ORIGIN, unique_name: true };
    const refused = { code: 'duplicate_name', field: 'name' };
    await expect(configuration.goals.create(site, SIGNUP, strict)).rejects.toMatchObject(refused);
    await configuration.goals.update({ site, goal: goal.id }, { name: 'Other' }, strict);
    const back = configuration.goals.update({ site, goal: goal.id }, { name: 'Signup' }, strict);
    await expect(back).rejects.toMatchObject(refused);
  });

  test('changes by patches, each a version and a revision of the site', async () => {
    const { configuration, site } = await withSite();
    const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    const address = { site, goal: goal.id };
    const changed = await configuration.goals.update(address, { description: 'x' }, { ...ORIGIN, if_match: [1] });
    expect(changed.goal).toMatchObject({ description: 'x', name: 'Signup', version: 2 });
    const stale = configuration.goals.update(address, { description: 'y' }, { ...ORIGIN, if_match: [1] });
    await expect(stale).rejects.toMatchObject({ code: 'precondition_failed' });
    expect((await configuration.sites.get(site)).revision).toBe(3);
    const versions = await configuration.goals.versions(address);
    expect(versions.map(({ version, revision, deleted, actor }) => ({ version, revision, deleted, actor }))).toEqual([
      { version: 2, revision: 3, deleted: false, actor: 'test' },
      { version: 1, revision: 2, deleted: false, actor: 'test' },
    ]);
    expect(versions[0]?.goal.description).toBe('x');
  });

  test('that does not differ makes no version', async () => {
    const { configuration, site } = await withSite();
    const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    const same = await configuration.goals.update({ site, goal: goal.id }, { name: ' Signup ' }, ORIGIN);
    expect(same.goal).toEqual(goal);
    expect((await configuration.sites.get(site)).revision).toBe(2);
  });

  test('is unknown once deleted, its key free, until it is restored', async () => {
    const { configuration, site } = await withSite();
    const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    const address = { site, goal: goal.id };
    await configuration.goals.remove(address, ORIGIN);
    for (const attempt of [
      configuration.goals.get(address),
      configuration.goals.update(address, {}, ORIGIN),
      configuration.goals.remove(address, ORIGIN),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'unknown_goal' });
    }
    expect(await configuration.goals.get(address, 'too')).toMatchObject({ version: 2 });
    const { goal: other } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    expect(other.key).toBe('signup');
    await expect(configuration.goals.restore(address, ORIGIN)).rejects.toMatchObject({ code: 'duplicate_key' });
    await configuration.goals.remove({ site, goal: other.id }, ORIGIN);
    expect((await configuration.goals.restore(address, ORIGIN)).goal).toMatchObject({ version: 3, deleted_at: null });
    expect((await configuration.goals.versions(address)).map((version) => version.deleted)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('of another site is unknown here', async () => {
    const { configuration, site } = await withSite();
    const { goal } = await configuration.goals.create(site, SIGNUP, ORIGIN);
    const other = await configuration.sites.create({ domains: ['other.example'] }, ORIGIN);
    for (const ref of [goal.id, goal.number, 'hello', 2 ** 60, -1, 0.5]) {
      const found = configuration.goals.get({ site: other.id, goal: ref });
      await expect(found).rejects.toMatchObject({ code: 'unknown_goal' });
    }
  });

  test('is copied under another name and key', async () => {
    const { configuration, site } = await withSite();
    const { goal } = await configuration.goals.create(site, { ...SIGNUP, count: 'once_per_visitor' }, ORIGIN);
    const copy = await configuration.goals.duplicate({ site, goal: goal.id }, {}, ORIGIN);
    expect(copy.goal).toMatchObject({ name: 'Signup (copy)', key: 'signup_copy', count: 'once_per_visitor' });
  });

  test('is put under its key: made, replaced whole, unchanged', async () => {
    const { configuration, site } = await withSite();
    const put = (input: Record<string, unknown>) =>
      configuration.goals.upsertByKey(site, { key: 'lead', input }, ORIGIN);
    const first = await put({ ...SIGNUP, description: 'x' });
    expect(first).toMatchObject({ created: true, goal: { key: 'lead', description: 'x' } });
    const second = await put(SIGNUP);
    expect(second).toMatchObject({ created: false, goal: { id: first.goal.id, description: '', version: 2 } });
    expect(await put(SIGNUP)).toMatchObject({ created: false, goal: { version: 2 } });
  });

  test('keeps the currency of its revenue', async () => {
    const { configuration, site } = await withSite();
    const euros = { name: 'Sale', trigger: { type: 'revenue', name: 'sale', currency: 'EUR' } };
    const dollars = { name: 'Sale', trigger: { type: 'revenue', name: 'sale', currency: 'USD' } };
    await configuration.goals.upsertByKey(site, { key: 'sale', input: euros }, ORIGIN);
    const put = configuration.goals.upsertByKey(site, { key: 'sale', input: dollars }, ORIGIN);
    await expect(put).rejects.toMatchObject({ code: 'invalid_field', field: 'trigger.currency' });
  });

  test('that needs a redacted value comes with a warning', async () => {
    const { configuration, site } = await withSite();
    const trigger = { type: 'pageview', url: { match: 'contains', value: '?token=abc' } };
    const { warnings } = await configuration.goals.create(site, { name: 'Token', trigger }, ORIGIN);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('trigger.url');
  });

  test('sees its site and nothing else when the site is unknown', async () => {
    const { configuration } = await withSite();
    await expect(configuration.goals.create('none', SIGNUP, ORIGIN)).rejects.toMatchObject({ code: 'unknown_site' });
    await expect(configuration.goals.list('none')).rejects.toMatchObject({ code: 'unknown_site' });
  });
});

describe('a list of goals', () => {
  test('is paged, newest first, and filtered by trigger and text', async () => {
    const { configuration, site } = await withSite();
    const drafts = [1, 2, 3, 4, 5].map((n) => ({ ...SIGNUP, name: `Goal ${n}` }));
    await configuration.goals.createMany(site, drafts, ORIGIN);
    await configuration.goals.create(site, { name: 'Scroll', trigger: { type: 'scroll_depth', percent: 50 } }, ORIGIN);
    const first = await configuration.goals.list(site, { limit: 4 });
    expect(first.goals.map((goal) => goal.name)).toEqual(['Scroll', 'Goal 5', 'Goal 4', 'Goal 3']);
    const second = await configuration.goals.list(site, { limit: 4, cursor: first.next ?? '' });
    expect(second.goals.map((goal) => goal.name)).toEqual(['Goal 2', 'Goal 1']);
    expect(second.next).toBeNull();
    expect((await configuration.goals.list(site, { trigger: 'scroll_depth' })).goals).toHaveLength(1);
    expect((await configuration.goals.list(site, { text: 'GOAL 3' })).goals).toHaveLength(1);
  });

  test.each([
    ['cursor', { cursor: '-1' }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 1_001 }],
    ['trigger', { trigger: 'hover' }],
  ])('refuses a wrong %s', async (field, query) => {
    const { configuration, site } = await withSite();
    const listed = configuration.goals.list(site, query);
    await expect(listed).rejects.toMatchObject({ code: 'invalid_parameter', field });
  });

  test('holds 1,000 and refuses one more', async () => {
    const { configuration, site } = await withSite();
    const drafts = Array.from({ length: GOALS_PER_SITE }, (_, n) => ({ ...SIGNUP, name: `Goal ${n}` }));
    await configuration.goals.createMany(site, drafts, ORIGIN);
    await expect(configuration.goals.create(site, SIGNUP, ORIGIN)).rejects.toMatchObject({ code: 'limit_reached' });
    expect(await configuration.goals.all(site)).toHaveLength(GOALS_PER_SITE);
  });
});
