/** Salts of the default identity: one a day, the same for every collector, gone for good after two days. */
import { randomBytes } from 'node:crypto';
import { SALT_LIFE_MS } from '../../core/limits.ts';
import { Problem } from '../../core/problem.ts';
import type { ConfigStore } from './config-store.ts';

const DAY_MS = 86_400_000;
const SWEEP_INTERVAL_MS = 600_000;

/** `YYYY-MM-DD` of a time, UTC. */
function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Gives out salts and destroys them. */
export class Salts {
  readonly #store: ConfigStore;
  readonly #timer: NodeJS.Timeout;

  /** `onError` hears of sweeps that failed; the next one does their work. */
  constructor(store: ConfigStore, onError: (error: unknown) => void) {
    this.#store = store;
    this.#timer = setInterval(() => {
      this.destroyOld().catch(onError);
    }, SWEEP_INTERVAL_MS);
    this.#timer.unref();
  }

  /**
   * 64 hexadecimal characters for a day (`YYYY-MM-DD` UTC): whoever asks first makes them. Only yesterday, today and
   * tomorrow have one; an older salt is never made again. Throws `internal` for other days.
   */
  async saltFor(day: string): Promise<string> {
    const now = this.#store.now();
    if (![now - DAY_MS, now, now + DAY_MS].map(dayOf).includes(day)) {
      throw new Problem('internal', `There is no salt for ${day.slice(0, 10)}.`);
    }
    const stored = await this.#read(day);
    if (stored !== undefined) return stored;
    const salt = randomBytes(32).toString('hex');
    await this.#store.write(({ tx }) =>
      tx
        .insertInto('salts')
        .values({ day, salt })
        .onConflict((conflict) => conflict.column('day').doNothing())
        .execute(),
    );
    return (await this.#read(day)) ?? salt;
  }

  /** Destroys the salts whose day began SALT_LIFE_MS ago or earlier. Answers how many. */
  async destroyOld(): Promise<number> {
    const latest = dayOf(this.#store.now() - SALT_LIFE_MS);
    const { db } = this.#store;
    const old = await db.selectFrom('salts').select('day').where('day', '<=', latest).execute();
    if (old.length === 0) return 0;
    await this.#store.write(({ tx }) => tx.deleteFrom('salts').where('day', '<=', latest).execute());
    await this.#store.forgetSalts();
    return old.length;
  }

  /** Ends the sweeping. */
  stop(): void {
    clearInterval(this.#timer);
  }

  async #read(day: string): Promise<string | undefined> {
    const row = await this.#store.db.selectFrom('salts').select('salt').where('day', '=', day).executeTakeFirst();
    return row?.salt;
  }
}
