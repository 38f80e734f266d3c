/** A map that forgets: entries that nobody touched for one to two periods, and the oldest ones when it is full. */
import { UuidTable } from './uuid-table.ts';

/** How much is remembered, and how long. */
export interface GenerationLimits {
  /** Entries at most. */
  entries: number;
  /** An untouched entry lives at least this long (unless the map is full) and less than twice as long. */
  period_ms: number;
}

/** What one generation is kept in. */
interface Generation<V> {
  readonly size: number;
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  /** As `set`, for a key that is known to be absent. */
  add(key: string, value: V): void;
  /** Removes and answers the value. */
  take(key: string): V | undefined;
}

/** Keys of any kind. */
class TextTable<V> extends Map<string, V> {
  add(key: string, value: V): void {
    super.set(key, value);
  }

  take(key: string): V | undefined {
    const value = super.get(key);
    super.delete(key);
    return value;
  }
}

/** Two generations: a touched entry moves to the young one; when that is full or old, the other is dropped whole. */
export class GenerationMap<V> {
  readonly #limits: GenerationLimits;
  readonly #uuids: boolean;
  #young: Generation<V>;
  #old: Generation<V>;
  #turned_ms: number | undefined;

  /** `uuids`: all keys are UUIDs as `eventUuid` writes them, which are kept as numbers. */
  constructor(limits: GenerationLimits, { uuids }: { uuids: boolean } = { uuids: false }) {
    this.#limits = limits;
    this.#uuids = uuids;
    this.#young = this.#make();
    this.#old = this.#make();
  }

  #make(): Generation<V> {
    return this.#uuids ? new UuidTable<V>(this.#young as UuidTable<V> | undefined) : new TextTable<V>();
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  /** Looks an entry up and keeps it alive. */
  get(key: string): V | undefined {
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    if (this.#old.size === 0) return undefined;
    const old = this.#old.take(key);
    if (old !== undefined) this.#young.add(key, old);
    return old;
  }

  set(key: string, value: V, now_ms: number): void {
    if (this.#old.size > 0) this.#old.take(key);
    this.#turnWhenDue(now_ms);
    this.#young.set(key, value);
  }

  /** As `set`, for a key that is known to be absent. */
  add(key: string, value: V, now_ms: number): void {
    this.#turnWhenDue(now_ms);
    this.#young.add(key, value);
  }

  delete(key: string): void {
    this.#young.take(key);
    this.#old.take(key);
  }

  #turnWhenDue(now_ms: number): void {
    this.#turned_ms ??= now_ms;
    if (this.#young.size * 2 < this.#limits.entries && now_ms - this.#turned_ms < this.#limits.period_ms) return;
    // Two periods without a single entry: even the young generation is out of date.
    const stale = now_ms - this.#turned_ms >= 2 * this.#limits.period_ms;
    this.#old = stale ? this.#make() : this.#young;
    this.#young = this.#make();
    this.#turned_ms = now_ms;
  }
}
