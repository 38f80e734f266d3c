/** Logins of the dashboard: a random cookie, stored as its hash, with a token against forged requests. */
import { Problem } from '../../core/problem.ts';
import { plainEmail, type Role } from './account-request.ts';
import type { AccountService, Member } from './account-service.ts';
import type { ConfigStore } from './config-store.ts';
import { LoginAttempts } from './login-attempts.ts';
import { newSecret } from './random-text.ts';
import { hashSecret } from './secret-hash.ts';

const SESSION_LIFE_MS = 30 * 86_400_000;

/** A login as requests see it. */
export interface WebSession {
  member: Member;
  /** To be sent back in a header with every request that changes something. */
  csrf_token: string;
  /** ms since 1970 UTC. */
  expires_at: number;
}

/** Opens, finds and ends logins. */
export class WebSessions {
  readonly #store: ConfigStore;
  readonly #accounts: AccountService;
  readonly #attempts: LoginAttempts | undefined;

  /** `rate_limit` false: wrong passwords are not counted. */
  constructor(store: ConfigStore, accounts: AccountService, { rate_limit }: { rate_limit: boolean }) {
    this.#store = store;
    this.#accounts = accounts;
    this.#attempts = rate_limit ? new LoginAttempts(() => store.now()) : undefined;
  }

  /** Logs in; `token` is the cookie's value. Throws `unauthorized`, and `rate_limited` after too many wrong passwords. */
  async login(email: unknown, password: unknown): Promise<WebSession & { token: string }> {
    const address = plainEmail(email);
    const member = await this.#recognise(address, password);
    if (member === undefined) throw new Problem('unauthorized', 'The e-mail address or the password is wrong.');
    return this.open(member);
  }

  /**
   * Changes the password of whoever knows the present one; every login of theirs ends, and a new one is opened.
   * Throws `invalid_field` for a wrong or an unfit password, `rate_limited` after too many wrong ones.
   */
  async changePassword(
    { id, email }: Member,
    { current, wanted }: { current: unknown; wanted: unknown },
  ): Promise<WebSession & { token: string }> {
    const member = await this.#recognise(email, current);
    if (member === undefined) throw new Problem('invalid_field', 'This is not your password.', { field: 'current' });
    await this.#accounts.setPassword(id, wanted, { origin: `user:${id}` });
    return this.open(member);
  }

  async #recognise(address: string, password: unknown): Promise<Member | undefined> {
    this.#attempts?.begin(address);
    const member = await this.#accounts.authenticate(address, password);
    if (member !== undefined) this.#attempts?.succeeded(address);
    return member;
  }

  /** Opens a login for a member who has just joined. */
  async open(member: Member): Promise<WebSession & { token: string }> {
    const [token, csrf_token] = [newSecret(), newSecret()];
    return this.#store.write(async ({ tx, at }) => {
      const expires_at = at + SESSION_LIFE_MS;
      await tx.deleteFrom('web_sessions').where('expires_at', '<=', at).execute();
      await tx
        .insertInto('web_sessions')
        .values({ hash: hashSecret(token), user_id: member.id, csrf_token, created_at: at, expires_at })
        .execute();
      return { member, csrf_token, expires_at, token };
    });
  }

  /** The login whose cookie this is, or undefined. */
  async find(token: string): Promise<WebSession | undefined> {
    const row = await this.#store.db
      .selectFrom('web_sessions')
      .innerJoin('users', 'users.id', 'web_sessions.user_id')
      .select(['csrf_token', 'expires_at', 'users.id', 'email', 'name', 'role', 'users.created_at'])
      .where('hash', '=', hashSecret(token))
      .where('expires_at', '>', this.#store.now())
      .executeTakeFirst();
    if (row === undefined) return undefined;
    const { csrf_token, expires_at, role, ...person } = row;
    return { member: { ...person, role: role as Role }, csrf_token, expires_at };
  }

  /** Ends one login; nothing happens when it ended already. */
  async logout(token: string): Promise<void> {
    await this.#store.write(({ tx }) => tx.deleteFrom('web_sessions').where('hash', '=', hashSecret(token)).execute());
  }
}
