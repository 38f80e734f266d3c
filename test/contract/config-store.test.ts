/** What every database of a configuration must do, tried on SQLite and, where the machine has it, on PostgreSQL. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Goal } from '../../src/core/goal.ts';
import { type ConfigPlace, nextNumber } from '../../src/server/goals/config-store.ts';
import { type Configuration, openConfiguration } from '../../src/server/goals/configuration.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from './postgres-server.ts';

const ORIGIN = { origin: 'test' };
const SIGNUP = { name: 'Signup', trigger: { type: 'event', name: 'signup' } };
const NOON = Date.UTC(2026, 0, 1, 12);
const DAY_MS = 86_400_000;

const programs = postgresPrograms();
if (programs === undefined) console.log('PostgreSQL is not installed here: its half of this contract is left out.');
const engines = programs === undefined ? ['SQLite'] : ['SQLite', 'PostgreSQL'];

let server: PostgresServer | undefined;
beforeAll(async () => {
  server = programs === undefined ? undefined : await startPostgres(programs);
});
afterAll(() => server?.remove());

/** An empty database. */
async function newPlace(engine: string): Promise<ConfigPlace> {
  if (engine === 'PostgreSQL') return { url: (await server?.createDatabase()) ?? '' };
  const folder = await mkdtemp(join(tmpdir(), 'goalpost-contract-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { path: join(folder, 'config.sqlite') };
}

const clock = { ms: NOON };

async function open(place: ConfigPlace): Promise<Configuration> {
  const configuration = await openConfiguration({ ...place, now: () => clock.ms });
  onTestFinished(() => configuration.close());
  return configuration;
}

/** Two processes on one database with one site. */
async function openTwo(engine: string): Promise<{ one: Configuration; two: Configuration; site: string }> {
  const place = await newPlace(engine);
  const [one, two] = [await open(place), await open(place)];
  const { id } = await one.sites.create({ domains: ['shop.example'] }, ORIGIN);
  return { one, two, site: id };
}

describe.each(engines)('goals in %s', (engine) => {
  test('keeps a goal through its life', async () => {
    const { one, two, site } = await openTwo(engine);
    const { goal } = await one.goals.create(site, { ...SIGNUP, description: '目標 🎯' }, ORIGIN);
    const address = { site: 'shop.example', goal: goal.number };
    expect(await two.goals.get(address)).toEqual(goal);
    const { goal: changed } = await two.goals.update(address, { name: 'Sign up' }, { ...ORIGIN, if_match: [1] });
    expect(await one.goals.remove(address, ORIGIN)).toMatchObject({ ...changed, version: 3, deleted_at: NOON });
    expect((await two.goals.restore(address, ORIGIN)).goal).toMatchObject({ version: 4, deleted_at: null });
    const versions = await one.goals.versions(address);
    expect(versions.map(({ version, revision, deleted }) => [version, revision, deleted])).toEqual([
      [4, 5, false],
      [3, 4, true],
      [2, 3, false],
      [1, 2, false],
    ]);
    const { audit } = await two.audit.list({ site_id: site });
    expect(audit.map(({ action }) => action)).toEqual([
      'goal.restore',
      'goal.remove',
      'goal.update',
      'goal.create',
      'site.create',
    ]);
  });

  test('leaves one goal when two hundred create its key at once from two processes', async () => {
    const { one, two, site } = await openTwo(engine);
    const draft = { ...SIGNUP, key: 'only' };
    const asked = Array.from({ length: 100 }, () => [one, two]).flat();
    const outcomes = await Promise.allSettled(asked.map(({ goals }) => goals.create(site, draft, ORIGIN)));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason.code] : []));
    expect(refused).toEqual(Array.from({ length: 199 }, () => 'duplicate_key'));
    expect(await one.goals.all(site)).toHaveLength(1);
  });

  test('holds names and limits that only the services know', async () => {
    const { one, two, site } = await openTwo(engine);
    const strict = { ...ORIGIN, unique_name: true };
    const named = [one, two, one, two].map(({ goals }) => goals.create(site, SIGNUP, strict));
    expect((await Promise.allSettled(named)).filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const limited = { ...ORIGIN, limit: { goals: 3, counts: () => true } };
    const more = [one, two, one, two].map(({ goals }) => goals.create(site, SIGNUP, limited));
    expect((await Promise.allSettled(more)).filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  });

  test('finds or makes the same goal for all who want it', async () => {
    const { one, two, site } = await openTwo(engine);
    const wanted = [{ find: (goals: readonly Goal[]) => goals.find(({ name }) => name === 'Signup'), draft: SIGNUP }];
    const asked = Array.from({ length: 20 }, () => [one, two]).flat();
    const answers = (await Promise.all(asked.map(({ goals }) => goals.ensureMany(site, wanted, ORIGIN)))).flat();
    expect(new Set(answers.map(({ goal }) => goal.id)).size).toBe(1);
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
  });
});

describe.each(engines)('sites and keys in %s', (engine) => {
  test('gives a domain to one site', async () => {
    const { one, two } = await openTwo(engine);
    const domains = ['a.example', 'b.example'];
    const asked = [one, two, one, two].map(({ sites }, index) =>
      sites.create({ domains: index % 2 ? domains : domains.toReversed() }, ORIGIN),
    );
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(refused?.reason).toMatchObject({ code: 'duplicate_domain' });
  });

  test('counts without gaps and repeats', async () => {
    const { one, two } = await openTwo(engine);
    const asked = Array.from({ length: 50 }, () => [one, two]).flat();
    const numbers = await Promise.all(asked.map(({ store }) => store.write(({ tx }) => nextNumber(tx, 'n'))));
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test('tells other processes what changed', async () => {
    const { one, two, site } = await openTwo(engine);
    await two.registry.refresh();
    expect(two.registry.find('www.shop.example')).toMatchObject({ revision: 1, goals: [] });
    const { goal } = await one.goals.create(site, SIGNUP, ORIGIN);
    expect(one.registry.find(site)?.goal(goal.id)).toBeDefined();
    await two.registry.refresh();
    expect(two.registry.find(site)?.plan).toMatchObject({ r: 2, g: [{ i: goal.id }] });
    await one.sites.remove(site, ORIGIN);
    await two.registry.refresh();
    expect(two.registry.find(site)).toBeUndefined();
  });

  test('tells them within five seconds, asked or not', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { one, two, site } = await openTwo(engine);
    await two.registry.refresh();
    const { goal } = await one.goals.create(site, SIGNUP, ORIGIN);
    const heard = once(two.registry, 'change');
    vi.advanceTimersByTime(5_000);
    expect(await heard).toEqual([site]);
    expect(two.registry.find(site)?.goal(goal.id)).toBeDefined();
  });

  test('verifies keys made elsewhere, until they are revoked there', async () => {
    const { one, two, site } = await openTwo(engine);
    const { key, id } = await one.keys.create({ site, scopes: ['goals:read'] }, ORIGIN);
    expect(await two.keys.verify(key)).toMatchObject({ id, site_id: site });
    await two.keys.flush();
    expect(await one.keys.list(site)).toMatchObject([{ id, last_used_at: NOON }]);
    await one.keys.revoke(id, ORIGIN);
    expect(await two.keys.verify(key)).toBeUndefined();
    const foreign = [one, two].map(({ keys }) =>
      keys.importKey('df_0123456789abcdef', { site, scopes: ['admin'] }, ORIGIN),
    );
    expect((await Promise.allSettled(foreign)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe.each(engines)('people and the rest in %s', (engine) => {
  test('makes one first owner, and keeps the last one', async () => {
    const { one, two } = await openTwo(engine);
    const token = (await one.accounts.setupToken()) ?? '';
    const joining = { token, email: 'anna@example.com', password: 'correct horse battery' };
    const joined = await Promise.allSettled([one, two].map(({ accounts }) => accounts.join(joining)));
    expect(joined.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const { token: invitation } = await one.accounts.invite({ email: 'bob@example.com', role: 'owner' }, ORIGIN);
    await two.accounts.join({ token: invitation, password: 'another long one' });
    const owners = await one.accounts.list();
    const removed = owners.map(({ id }, index) => (index ? one : two).accounts.remove(id, ORIGIN));
    expect((await Promise.allSettled(removed)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [left] = await one.accounts.list();
    const session = await one.webSessions.open(left ?? owners[0]!);
    expect(await two.webSessions.find(session.token)).toMatchObject({ member: { id: left?.id, role: 'owner' } });
  });

  test('shares a salt and destroys it', async () => {
    const { one, two } = await openTwo(engine);
    const salts = await Promise.all([one, two, one].map((configuration) => configuration.salts.saltFor('2026-01-01')));
    expect(new Set(salts).size).toBe(1);
    clock.ms = NOON + 2 * DAY_MS;
    onTestFinished(() => {
      clock.ms = NOON;
    });
    expect(await two.salts.destroyOld()).toBe(1);
    expect(await one.store.db.selectFrom('salts').selectAll().execute()).toEqual([]);
  });

  test('remembers groups, links, event names and backfills', async () => {
    const { one, two, site } = await openTwo(engine);
    const group = { key: 'thanks', name: 'Thanks', rules: [{ match: 'simple', value: '/thanks' }] };
    await one.urlGroups.put(site, group, ORIGIN);
    await two.urlGroups.put(site, { ...group, name: 'Merci' }, ORIGIN);
    expect(await one.urlGroups.list(site)).toEqual([{ ...group, name: 'Merci' }]);
    const link = await one.shareLinks.create(site, { name: 'Agency', expires_at: NOON + 1 }, ORIGIN);
    expect(await two.shareLinks.find(link.token)).toMatchObject({ id: link.id, site_id: site });
    const announced = [one, two].map(({ eventNames }) =>
      eventNames.ensure(site, { name: 'x', foreign: () => ({}) }, ORIGIN),
    );
    expect((await Promise.all(announced)).map(({ number }) => number)).toEqual([1, 1]);
    const { goal } = await one.goals.create(site, SIGNUP, ORIGIN);
    const request = { generation: 'next' as const, from_ms: NOON - DAY_MS, watermark_ms: NOON };
    const job = await one.backfills.start({ site, goal: goal.id }, request, ORIGIN);
    expect(await two.backfills.running()).toEqual([job]);
    expect(await two.backfills.finish([job], 'done')).toEqual([job]);
    expect((await one.goals.get({ site, goal: goal.id })).generation).toBe(2);
  });

  test('migrates once when two processes start at once', async () => {
    const place = await newPlace(engine);
    const [one, two] = await Promise.all([open(place), open(place)]);
    await one.sites.create({ domains: ['shop.example'] }, ORIGIN);
    expect(await two.sites.list()).toHaveLength(1);
  });
});

const [crashing] = engines.filter((engine) => engine === 'PostgreSQL');
describe.each(crashing === undefined ? [] : [crashing])('a %s that dies', () => {
  test('is overloaded while it is away, and found again without a hand', async () => {
    const errors: unknown[] = [];
    const url = (await server?.createDatabase()) ?? '';
    const configuration = await openConfiguration({ url, onError: (error) => errors.push(error) });
    onTestFinished(() => configuration.close());
    const { id: site } = await configuration.sites.create({ domains: ['shop.example'] }, ORIGIN);
    await server?.kill();
    await expect(configuration.goals.create(site, SIGNUP, ORIGIN)).rejects.toMatchObject({ code: 'overloaded' });
    await expect(configuration.keys.verify('gp_x')).rejects.toMatchObject({ code: 'overloaded' });
    expect(configuration.registry.find('shop.example')?.site.id).toBe(site);
    await server?.start();
    expect((await configuration.goals.create(site, SIGNUP, ORIGIN)).goal).toMatchObject({ key: 'signup' });
  });
});
