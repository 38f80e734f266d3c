/** The only writer of members: the first owner by a one-time token, others by invitation. */
import type { Selectable } from 'kysely';
import { Problem } from '../../core/problem.ts';
import { PASSWORD_COST } from '../config.ts';
import { checkEmail, checkPersonName, checkRole, plainEmail, type Role } from './account-request.ts';
import { recordAudit } from './audit-log.ts';
import type { InvitationTable, UserTable } from './config-schema.ts';
import type { ConfigStore, Write } from './config-store.ts';
import { checkPassword, costOf, hashPassword, verifyPassword } from './password.ts';
import { newId, newSecret } from './random-text.ts';
import { hashSecret } from './secret-hash.ts';
import type { Origin } from './site-service.ts';

const INVITATION_LIFE_MS = 7 * 86_400_000;

/** A person who may log in. */
export interface Member {
  /** `user_` + 21 of `[0-9a-z]`. */
  id: string;
  email: string;
  name: string;
  role: Role;
  /** ms since 1970 UTC. */
  created_at: number;
}

/** What somebody with a token brings. */
export interface Joining {
  token: string;
  /** Needed with the first owner's token; invitations have their own. */
  email?: unknown;
  name?: unknown;
  password: unknown;
}

function memberFromRow({ id, email, name, role, created_at }: Selectable<UserTable>): Member {
  return { id, email, name, role: role as Role, created_at };
}

/** Throws `conflict` when nobody would be left who may manage members; after the audit entry, which puts writers in line. */
async function checkOwnerLeft({ tx }: Write): Promise<void> {
  const owner = await tx.selectFrom('users').select('id').where('role', '=', 'owner').executeTakeFirst();
  if (owner === undefined) throw new Problem('conflict', 'The last owner stays: make somebody else an owner first.');
}

/** Throws `unauthorized` for a token that is none, was used or has expired. */
function checkInvitation(row: Selectable<InvitationTable> | undefined, now: number): Selectable<InvitationTable> {
  if (row === undefined || (row.expires_at !== null && row.expires_at <= now)) {
    throw new Problem('unauthorized', 'This link was used already or has expired.', { field: 'token' });
  }
  return row;
}

/** People and what they may do. */
export class AccountService {
  readonly #store: ConfigStore;
  readonly #cost: number;

  /** `password_cost`: see PASSWORD_COST. */
  constructor(store: ConfigStore, { password_cost = PASSWORD_COST.usual }: { password_cost?: number } = {}) {
    this.#store = store;
    this.#cost = password_cost;
  }

  /** A new token that makes the first owner, ending older ones; null once there is a member. */
  async setupToken(): Promise<string | null> {
    const token = newSecret();
    return this.#store.write(async ({ tx, at }) => {
      if (await tx.selectFrom('users').select('id').executeTakeFirst()) return null;
      await tx.deleteFrom('invitations').where('email', 'is', null).execute();
      const row = { hash: hashSecret(token), role: 'owner', email: null, created_at: at, expires_at: null };
      await tx.insertInto('invitations').values(row).execute();
      return token;
    });
  }

  /** A token that makes a member, once, within a week; an older invitation of the address ends. Throws `invalid_field`, `conflict`. */
  async invite(
    request: { email: unknown; role: unknown },
    { origin }: Origin,
  ): Promise<{ token: string; expires_at: number }> {
    const [email, role, token] = [checkEmail(request.email), checkRole(request.role), newSecret()];
    return this.#store.write(async (write) => {
      const { tx, at } = write;
      if (await tx.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()) {
        throw new Problem('conflict', `${email} is a member already.`, { field: 'email' });
      }
      const expires_at = at + INVITATION_LIFE_MS;
      await tx.deleteFrom('invitations').where('email', '=', email).execute();
      await tx
        .insertInto('invitations')
        .values({ hash: hashSecret(token), role, email, created_at: at, expires_at })
        .execute();
      await recordAudit(write, {
        actor: origin,
        action: 'member.invite',
        site_id: null,
        subject: email,
        detail: { role },
      });
      return { token, expires_at };
    });
  }

  /** Makes a member of whoever has a token, which ends. Throws `unauthorized`, `invalid_field`, `conflict`. */
  async join(joining: Joining): Promise<Member> {
    const name = checkPersonName(joining.name ?? '');
    const chosen = checkPassword(joining.password);
    const hash = hashSecret(String(joining.token));
    const invited = await this.#store.db
      .selectFrom('invitations')
      .selectAll()
      .where('hash', '=', hash)
      .executeTakeFirst();
    const email = checkInvitation(invited, this.#store.now()).email ?? checkEmail(joining.email);
    const password = await hashPassword(chosen, this.#cost);
    return this.#store.write(async (write) => {
      const taken = await write.tx.deleteFrom('invitations').where('hash', '=', hash).returningAll().executeTakeFirst();
      const invitation = checkInvitation(taken, write.at);
      const { role } = invitation;
      const row = { id: newId('user'), email, name, role, password, created_at: write.at, updated_at: write.at };
      const added = await write.tx
        .insertInto('users')
        .values(row)
        .onConflict((conflict) => conflict.column('email').doNothing())
        .executeTakeFirst();
      if (added.numInsertedOrUpdatedRows !== 1n) throw new Problem('conflict', `${email} is a member already.`);
      const actor = invitation.email === null ? 'setup' : `user:${row.id}`;
      await recordAudit(write, { actor, action: 'member.join', site_id: null, subject: row.id, detail: { role } });
      return memberFromRow(row);
    });
  }

  /** The member whose password this is, or undefined; it takes the same time for unknown addresses. */
  async authenticate(email: unknown, password: unknown): Promise<Member | undefined> {
    const address = plainEmail(email);
    const row = await this.#store.db.selectFrom('users').selectAll().where('email', '=', address).executeTakeFirst();
    const isTheirs = await verifyPassword(password, row?.password, this.#cost);
    if (!isTheirs || row === undefined) return undefined;
    if (costOf(row.password) !== this.#cost) await this.#hashAnew(row, String(password));
    return memberFromRow(row);
  }

  /** Only who logs in can have their hash made at another cost; one that was changed meanwhile stays. */
  async #hashAnew({ id, password: known }: Selectable<UserTable>, own: string): Promise<void> {
    const password = await hashPassword(own, this.#cost);
    await this.#store.write(({ tx }) =>
      tx.updateTable('users').set({ password }).where('id', '=', id).where('password', '=', known).execute(),
    );
  }

  /** Oldest first. */
  async list(): Promise<Member[]> {
    const rows = await this.#store.db.selectFrom('users').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(memberFromRow);
  }

  /** Changes a member's role. Throws `not_found`, `invalid_field`, `conflict` for the last owner. */
  async setRole(id: string, wanted: unknown, { origin }: Origin): Promise<Member> {
    const role = checkRole(wanted);
    return this.#store.write(async (write) => {
      const row = await write.tx
        .updateTable('users')
        .set({ role, updated_at: write.at })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      if (row === undefined) throw new Problem('not_found', `There is no member "${id.slice(0, 100)}".`);
      await recordAudit(write, { actor: origin, action: 'member.role', site_id: null, subject: id, detail: { role } });
      await checkOwnerLeft(write);
      return memberFromRow(row);
    });
  }

  /** Sets a new password and ends the member's logins. Throws `not_found`, `invalid_field`. */
  async setPassword(id: string, wanted: unknown, { origin }: Origin): Promise<void> {
    const password = await hashPassword(checkPassword(wanted), this.#cost);
    await this.#store.write(async (write) => {
      const changed = await write.tx
        .updateTable('users')
        .set({ password, updated_at: write.at })
        .where('id', '=', id)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) throw new Problem('not_found', `There is no member "${id.slice(0, 100)}".`);
      await write.tx.deleteFrom('web_sessions').where('user_id', '=', id).execute();
      await recordAudit(write, { actor: origin, action: 'member.password', site_id: null, subject: id });
    });
  }

  /** Removes a member with all logins. Throws `not_found`, `conflict` for the last owner. */
  async remove(id: string, { origin }: Origin): Promise<void> {
    await this.#store.write(async (write) => {
      const removed = await write.tx.deleteFrom('users').where('id', '=', id).executeTakeFirst();
      if (removed.numDeletedRows === 0n) throw new Problem('not_found', `There is no member "${id.slice(0, 100)}".`);
      await recordAudit(write, { actor: origin, action: 'member.remove', site_id: null, subject: id });
      await checkOwnerLeft(write);
    });
  }
}
