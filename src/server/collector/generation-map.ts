/** A map that forgets: entries that nobody touched for one to two periods, and the oldest ones when it is full. */

export interface GenerationLimits {
  /** Entries at most. */
  entries: number;
  /** An untouched entry lives at least this long (unless the map is full) and less than twice as long. */
  period_ms: number;
}

/** Two generations: a touched entry moves to the young one; when that is full or old, the other is dropped whole. */
export class GenerationMap<V> {
  readonly #limits: GenerationLimits;
  #young = new Map<string, V>();
  #old = new Map<string, V>();
  #turned_ms: number | undefined;

  constructor(limits: GenerationLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Looks an entry up and keeps it alive. */
  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#old.delete(key);
    this.#young.set(key, old);
    return old;
  }

  set(key: string, value: V, now_ms: number): void {
    if (this.#old.size > 0) this.#old.delete(key);
    this.add(key, value, now_ms);
  }

  /** As `set`, for a key that is known to be absent. */
  add(key: string, value: V, now_ms: number): void {
    this.#turned_ms ??= now_ms;
    if (this.#young.size * 2 >= this.#limits.entries || now_ms - this.#turned_ms >= this.#limits.period_ms) {
      this.#turn(now_ms);
    }
    this.#young.set(key, value);
  }

  delete(key: string): void {
    this.#young.delete(key);
    this.#old.delete(key);
  }

  #turn(now_ms: number): void {
    // Two periods without a single entry: even the young generation is out of date.
    const stale = now_ms - (this.#turned_ms ?? now_ms) >= 2 * this.#limits.period_ms;
    this.#old = stale ? new Map() : this.#young;
    this.#young = new Map();
    this.#turned_ms = now_ms;
  }
}
