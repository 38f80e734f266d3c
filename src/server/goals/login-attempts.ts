/** Wrong passwords by address: after a few, the address has to wait, whoever asks and from wherever. */
import { Problem } from '../../core/problem.ts';

const ATTEMPTS_MOST = 10;
const WINDOW_MS = 15 * 60_000;
const ADDRESSES_MOST = 10_000;

interface Failures {
  count: number;
  since_ms: number;
}

/** Counts in memory: a restart forgives. */
export class LoginAttempts {
  readonly #now: () => number;
  readonly #failures = new Map<string, Failures>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Notes a try as a failure until it has succeeded, so that those made at once are counted before any is answered.
   * Throws `rate_limited` when the address failed too often.
   */
  begin(address: string): void {
    const failures = this.#current(address);
    if (failures.count >= ATTEMPTS_MOST) {
      const retry_after_s = Math.ceil((failures.since_ms + WINDOW_MS - this.#now()) / 1_000);
      throw new Problem('rate_limited', 'Too many wrong passwords; wait a quarter of an hour.', { retry_after_s });
    }
    failures.count += 1;
    this.#failures.delete(address);
    this.#failures.set(address, failures);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > ADDRESSES_MOST && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** The right password forgives the wrong ones. */
  succeeded(address: string): void {
    this.#failures.delete(address);
  }

  #current(address: string): Failures {
    const now = this.#now();
    const failures = this.#failures.get(address);
    return failures !== undefined && failures.since_ms + WINDOW_MS > now ? failures : { count: 0, since_ms: now };
  }
}
