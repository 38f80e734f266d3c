/** Tokens of the goal picker: signed with the day's salt, for one site and one member, and over after minutes. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from '../../core/problem.ts';
import type { ConfigStore } from './config-store.ts';
import type { Salts } from './salts.ts';

const LIFE_MS = 15 * 60_000;
/** Tells these signatures from whatever else the salt is used for. */
const PURPOSE = 'goal picker';

/** What a token permits. */
export interface PickGrant {
  site_id: string;
  /** Who asked for it, as the audit log names them. */
  actor: string;
}

/** Makes and reads tokens; every process of an installation reads those of every other. */
export class PickTokens {
  readonly #store: ConfigStore;
  readonly #salts: Salts;

  constructor(store: ConfigStore, salts: Salts) {
    this.#store = store;
    this.#salts = salts;
  }

  /** A token of characters that may stand in an address. */
  async make({ site_id, actor }: PickGrant): Promise<{ token: string; expires_at: number }> {
    const at = this.#store.now();
    const said = `${at.toString(36)}.${site_id}.${Buffer.from(actor).toString('base64url')}`;
    return { token: `${said}.${await this.#sign(said, at)}`, expires_at: at + LIFE_MS };
  }

  /** Throws `unauthorized` for a token that is none, was changed or is over. */
  async read(token: string): Promise<PickGrant> {
    const [, said = '', time = '', site_id = '', actor = '', signature = ''] =
      /^(([0-9a-z]{1,9})\.(\w{1,60})\.([\w-]{1,200}))\.([0-9a-f]{64})$/.exec(token) ?? [];
    const at = Number.parseInt(time, 36);
    const age_ms = this.#store.now() - at;
    const isAlive = age_ms >= 0 && age_ms < LIFE_MS;
    if (!isAlive || !timingSafeEqual(Buffer.from(signature), Buffer.from(await this.#sign(said, at)))) {
      throw new Problem('unauthorized', 'The picker is open for too long; open it again from the dashboard.');
    }
    return { site_id, actor: Buffer.from(actor, 'base64url').toString() };
  }

  async #sign(said: string, at_ms: number): Promise<string> {
    const salt = await this.#salts.saltFor(new Date(at_ms).toISOString().slice(0, 10));
    return createHmac('sha256', Buffer.from(salt, 'hex')).update(`${PURPOSE}\n${said}`).digest('hex');
  }
}
