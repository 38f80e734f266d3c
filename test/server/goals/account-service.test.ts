/** Members: the first owner, invitations, logins, roles. */
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/server/config.ts';
import type { Configuration } from '../../../src/server/goals/configuration.ts';
import { ORIGIN, temporaryConfiguration } from './temporary-configuration.ts';

const ANNA = { email: ' Anna@Example.com ', name: 'Anna', password: 'correct horse battery' };

async function withOwner(
  password_cost?: number,
): Promise<Awaited<ReturnType<typeof temporaryConfiguration>> & { owner: string }> {
  const opened = await temporaryConfiguration(undefined, password_cost === undefined ? {} : { password_cost });
  const token = (await opened.configuration.accounts.setupToken()) ?? '';
  const { id } = await opened.configuration.accounts.join({ ...ANNA, token });
  return { ...opened, owner: id };
}

async function tables({ store }: Configuration): Promise<string> {
  const [users, invitations, sessions] = await Promise.all([
    store.db.selectFrom('users').selectAll().execute(),
    store.db.selectFrom('invitations').selectAll().execute(),
    store.db.selectFrom('web_sessions').selectAll().execute(),
  ]);
  return JSON.stringify([users, invitations, sessions]);
}

describe('the first owner', () => {
  test('joins with the latest set-up token, once', async () => {
    const { configuration } = await temporaryConfiguration();
    const { accounts } = configuration;
    const older = (await accounts.setupToken()) ?? '';
    const token = (await accounts.setupToken()) ?? '';
    expect(await tables(configuration)).not.toContain(token);
    await expect(accounts.join({ ...ANNA, token: older })).rejects.toMatchObject({ code: 'unauthorized' });
    const asked = await Promise.allSettled(
      [1, 2].map((n) => accounts.join({ ...ANNA, email: `a${n}@b.example`, token })),
    );
    expect(asked.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await accounts.list()).toMatchObject([{ role: 'owner', name: 'Anna' }]);
    expect(await accounts.setupToken()).toBeNull();
  });

  test.each([
    ['email', { email: 'anna' }],
    ['email', { email: undefined }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(1_001) }],
    ['name', { name: 7 }],
  ])('is refused with a wrong %s, and the token stays', async (field, wrong) => {
    const { configuration } = await temporaryConfiguration();
    const token = (await configuration.accounts.setupToken()) ?? '';
    const refused = configuration.accounts.join({ ...ANNA, ...wrong, token });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_field', field });
    expect(await configuration.accounts.list()).toEqual([]);
    expect(await configuration.accounts.join({ ...ANNA, token })).toMatchObject({ email: 'anna@example.com' });
  });

  test('stays owner while there is no other', async () => {
    const { configuration, owner } = await withOwner();
    const { accounts } = configuration;
    await expect(accounts.remove(owner, ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
    await expect(accounts.setRole(owner, 'viewer', ORIGIN)).rejects.toMatchObject({ code: 'conflict' });
    const { token } = await accounts.invite({ email: 'bob@example.com', role: 'owner' }, ORIGIN);
    await accounts.join({ token, name: 'Bob', password: 'another long one' });
    expect(await accounts.setRole(owner, 'viewer', ORIGIN)).toMatchObject({ role: 'viewer' });
    await accounts.remove(owner, ORIGIN);
    expect(await accounts.list()).toMatchObject([{ email: 'bob@example.com', role: 'owner' }]);
  });
});

describe('an invitation', () => {
  test('makes a member of its address and role within a week', async () => {
    const { configuration, clock } = await withOwner();
    const { accounts } = configuration;
    const { token, expires_at } = await accounts.invite({ email: 'Bob@example.com', role: 'editor' }, ORIGIN);
    clock.ms = expires_at;
    const late = accounts.join({ token, password: 'another long one' });
    await expect(late).rejects.toMatchObject({ code: 'unauthorized' });
    clock.ms = expires_at - 1;
    const bob = await accounts.join({ token, email: 'eve@example.com', password: 'another long one' });
    expect(bob).toMatchObject({ email: 'bob@example.com', role: 'editor' });
    const again = accounts.invite({ email: 'bob@example.com', role: 'viewer' }, ORIGIN);
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    const wrong = accounts.invite({ email: 'eve@example.com', role: 'admin' }, ORIGIN);
    await expect(wrong).rejects.toMatchObject({ code: 'invalid_field', field: 'role' });
  });
});

describe('a login', () => {
  test('is opened by the password, found by its token, ended', async () => {
    const { configuration, owner } = await withOwner();
    const { webSessions } = configuration;
    const session = await webSessions.login('ANNA@example.com', ANNA.password);
    const stored = await tables(configuration);
    expect(stored).not.toContain(session.token);
    expect(stored).not.toContain(ANNA.password);
    expect(stored).toContain('scrypt$14$8$1$');
    const found = await webSessions.find(session.token);
    expect(found).toMatchObject({ member: { id: owner, role: 'owner' }, csrf_token: session.csrf_token });
    expect(await webSessions.find(`${session.token}x`)).toBeUndefined();
    await webSessions.logout(session.token);
    expect(await webSessions.find(session.token)).toBeUndefined();
  });

  test('ends after thirty days, with a new password, and with the member', async () => {
    const { configuration, clock, owner } = await withOwner();
    const { accounts, webSessions } = configuration;
    const first = await webSessions.login(ANNA.email, ANNA.password);
    clock.ms = first.expires_at;
    expect(await webSessions.find(first.token)).toBeUndefined();
    const second = await webSessions.login(ANNA.email, ANNA.password);
    await accounts.setPassword(owner, 'entirely different', ORIGIN);
    expect(await webSessions.find(second.token)).toBeUndefined();
    const third = await webSessions.login(ANNA.email, 'entirely different');
    const { token } = await accounts.invite({ email: 'bob@example.com', role: 'owner' }, ORIGIN);
    await accounts.join({ token, password: 'another long one' });
    await accounts.remove(owner, ORIGIN);
    expect(await webSessions.find(third.token)).toBeUndefined();
  });

  test('is refused for a wrong password and an unknown address, and after ten tries for a while', async () => {
    const { configuration, clock } = await withOwner();
    const { webSessions } = configuration;
    await expect(webSessions.login('eve@example.com', ANNA.password)).rejects.toMatchObject({ code: 'unauthorized' });
    await expect(webSessions.login(7, 7)).rejects.toMatchObject({ code: 'unauthorized' });
    const wrong = Array.from({ length: 12 }, () => webSessions.login(ANNA.email, 'wrong password'));
    const refused = Array.from({ length: 10 }, () => ({ status: 'rejected', reason: { code: 'unauthorized' } }));
    const tooMany = { status: 'rejected', reason: { code: 'rate_limited' } };
    expect(await Promise.allSettled(wrong)).toMatchObject([...refused, tooMany, tooMany]);
    const right = webSessions.login(ANNA.email, ANNA.password);
    await expect(right).rejects.toMatchObject({ code: 'rate_limited', retry_after_s: 900 });
    clock.ms += 900_000;
    expect(await webSessions.login(ANNA.email, ANNA.password)).toMatchObject({ member: { name: 'Anna' } });
  });
});

describe('a password', () => {
  test('costs 128 MiB unless an owner says otherwise', async () => {
    const { configuration } = await withOwner(readConfig({}, {}).password_cost);
    expect(await tables(configuration)).toContain('scrypt$17$8$1$');
    expect(await configuration.webSessions.login(ANNA.email, ANNA.password)).toMatchObject({
      member: { name: 'Anna' },
    });
  });

  test('opens what another cost has locked, and is hashed anew at the present one', async () => {
    const { configuration, path } = await withOwner(15);
    const { configuration: cheaper } = await temporaryConfiguration(path);
    const hash = async () => (await cheaper.store.db.selectFrom('users').select('password').execute())[0]?.password;
    const dear = await hash();
    expect(dear).toMatch(/^scrypt\$15\$/);
    await expect(cheaper.webSessions.login(ANNA.email, 'wrong password')).rejects.toMatchObject({
      code: 'unauthorized',
    });
    expect(await hash()).toBe(dear);
    const first = await cheaper.webSessions.login(ANNA.email, ANNA.password);
    const cheap = await hash();
    expect(cheap).toMatch(/^scrypt\$14\$/);
    await cheaper.webSessions.login(ANNA.email, ANNA.password);
    expect(await hash()).toBe(cheap);
    expect(await cheaper.webSessions.find(first.token)).toMatchObject({ member: { name: 'Anna' } });
    expect(await configuration.webSessions.login(ANNA.email, ANNA.password)).toMatchObject({
      member: { name: 'Anna' },
    });
  });

  test.each(['13', '21', '14.5', '1e2', 'x'])('cannot cost %s', (text) => {
    expect(() => readConfig({}, { GOALPOST_PASSWORD_COST: text })).toThrow('GOALPOST_PASSWORD_COST: ');
  });

  test.each(['14', '20'])('can cost %s', (text) => {
    expect(readConfig({}, { GOALPOST_PASSWORD_COST: text }).password_cost).toBe(Number(text));
  });
});
