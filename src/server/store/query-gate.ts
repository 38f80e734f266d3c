/** Lets a few run at once and a bounded number wait: statistics must never keep a beacon's fsync waiting for a thread. */
import { Problem } from '../../core/problem.ts';

/** How many may run and how many may wait. */
export interface GateLimits {
  at_once: number;
  waiting: number;
}

export class QueryGate {
  private readonly limits: GateLimits;
  private running = 0;
  private readonly queue: (() => void)[] = [];

  constructor(limits: GateLimits) {
    this.limits = limits;
  }

  /** Runs the work when there is room. Throws Problem `overloaded` when too many wait already. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limits.at_once) {
      if (this.queue.length >= this.limits.waiting) {
        throw new Problem('overloaded', 'Too many statistics are being worked out; ask again in a moment.', {
          retry_after_s: 2,
        });
      }
      await new Promise<void>((resolve) => this.queue.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      return await work();
    } finally {
      // The place is handed over, not freed: nobody who comes in between can take it.
      const next = this.queue.shift();
      if (next) next();
      else this.running -= 1;
    }
  }
}
