/** A map that forgets: entries that nobody touched for one to two periods, and the oldest ones when it is full or heavy. */
import { UuidTable } from './uuid-table.ts';

/** How much is remembered, and how long. */
export interface GenerationLimits<V = never> {
  /** Entries at most. */
  entries: number;
  /** Characters of text at most, where strangers choose how long the texts of entries are. */
  text?: {
    characters: number;
    /** What an entry's texts have. */
    of: (key: string, value: V) => number;
  };
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
  readonly #limits: GenerationLimits<V>;
  readonly #uuids: boolean;
  #young: Generation<V>;
  #old: Generation<V>;
  /** Characters of the young generation, or more: what was replaced still counts. */
  #characters = 0;
  #turned_ms: number | undefined;

  /** `uuids`: all keys are UUIDs as `eventUuid` writes them, which are kept as numbers. */
  constructor(limits: GenerationLimits<V>, { uuids }: { uuids: boolean } = { uuids: false }) {
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
    if (old !== undefined) {
      this.#young.add(key, old);
      this.#weigh(key, old);
    }
    return old;
  }

  set(key: string, value: V, now_ms: number): void {
    if (this.#old.size > 0) this.#old.take(key);
    this.#turnWhenDue(now_ms);
    this.#young.set(key, value);
    this.#weigh(key, value);
  }

  /** As `set`, for a key that is known to be absent. */
  add(key: string, value: V, now_ms: number): void {
    this.#turnWhenDue(now_ms);
    this.#young.add(key, value);
    this.#weigh(key, value);
  }

  /** An entry that stays where it is has so many characters more. */
  grow(characters: number): void {
    this.#characters += characters;
  }

  delete(key: string): void {
    this.#young.take(key);
    this.#old.take(key);
  }

  #turnWhenDue(now_ms: number): void {
    this.#turned_ms ??= now_ms;
    const { entries, text, period_ms } = this.#limits;
    const isFull = this.#young.size * 2 >= entries || (text !== undefined && this.#characters * 2 >= text.characters);
    if (!isFull && now_ms - this.#turned_ms < period_ms) return;
    // Two periods without a single entry: even the young generation is out of date.
    const stale = now_ms - this.#turned_ms >= 2 * period_ms;
    this.#old = stale ? this.#make() : this.#young;
    this.#young = this.#make();
    this.#characters = 0;
    this.#turned_ms = now_ms;
  }

  #weigh(key: string, value: V): void {
    if (this.#limits.text) this.#characters += this.#limits.text.of(key, value);
  }
}
