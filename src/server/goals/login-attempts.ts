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

  /** Throws `rate_limited` when the address failed too often. */
  check(address: string): void {
    const failures = this.#failures.get(address);
    if (failures === undefined) return;
    const left_ms = failures.since_ms + WINDOW_MS - this.#now();
    if (left_ms <= 0) {
      this.#failures.delete(address);
    } else if (failures.count >= ATTEMPTS_MOST) {
      const retry_after_s = Math.ceil(left_ms / 1_000);
      throw new Problem('rate_limited', 'Too many wrong passwords; wait a quarter of an hour.', { retry_after_s });
    }
  }

  /** Notes a wrong password. */
  failed(address: string): void {
    const failures = this.#failures.get(address) ?? { count: 0, since_ms: this.#now() };
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
}
