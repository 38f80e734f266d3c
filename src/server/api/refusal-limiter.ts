/** Slows the guessing of keys: an address with too many refused ones waits. */

const REFUSALS_PER_WINDOW = 20;
const WINDOW_MS = 60_000;
/** Beyond this many addresses the oldest are forgotten, so that a flood cannot fill the memory. */
const ADDRESSES = 10_000;

interface Count {
  refused: number;
  until_ms: number;
}

/** Counts refused keys by address. */
export class RefusalLimiter {
  readonly #counts = new Map<string, Count>();
  readonly #clock: () => number;
  readonly #enabled: boolean;

  constructor(options: { clock: () => number; enabled: boolean }) {
    this.#clock = options.clock;
    this.#enabled = options.enabled;
  }

  /** Seconds the address has to wait before another key of it is looked at; 0: it need not. */
  waitFor(address: string): number {
    const count = this.#counts.get(address);
    if (count === undefined) return 0;
    const left_ms = count.until_ms - this.#clock();
    if (left_ms <= 0) {
      this.#counts.delete(address);
      return 0;
    }
    return count.refused < REFUSALS_PER_WINDOW ? 0 : Math.ceil(left_ms / 1000);
  }

  /** Notes a refused key. */
  add(address: string): void {
    if (!this.#enabled) return;
    const count = this.#counts.get(address);
    if (count !== undefined && count.until_ms > this.#clock()) {
      count.refused += 1;
      return;
    }
    if (this.#counts.size >= ADDRESSES) {
      const oldest = this.#counts.keys().next().value;
      if (oldest !== undefined) this.#counts.delete(oldest);
    }
    this.#counts.set(address, { refused: 1, until_ms: this.#clock() + WINDOW_MS });
  }
}
