/**
 * A map that forgets as `GenerationMap` does, for hundreds of thousands of ids: keys are kept as plain numbers in one block
 * of memory, so they cost 16 bytes each, a look-up touches one place of it, and the garbage collector sees none of them.
 */
import { randomBytes } from 'node:crypto';
import type { GenerationLimits } from './generation-map.ts';

/** Four words hold a key: the 32 digits of a UUID or of an MD5. */
const WORDS = 4;
const DIGITS_OF_WORD = 8;
const FEWEST_SLOTS = 1_024;
/** A table grows when more than this share of it is taken. */
const FULL = 0.7;

/** The key that was read last, and its text: one event asks several maps about the same id. */
const key = new Int32Array(WORDS);
let keyText = '';
/** Drawn anew by each process: who chooses ids must not choose their places. */
const factors = new Int32Array(randomBytes(4 * WORDS).buffer.slice(0, 4 * WORDS)).map((word) => word | 1);

/** Digits as `key`, dashes left out. The length tells shorter numbers apart: 12 is not 120. */
function readKey(text: string): void {
  if (text === keyText) return;
  keyText = text;
  key.fill(0);
  let digits = 0;
  let word = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 45) continue;
    // The last four bits of '0' to '9' are their value; letters, of either case, have bit 6 set and begin at 1.
    word = (word << 4) | ((code & 15) + (code >> 6) * 9);
    digits += 1;
    if (digits % DIGITS_OF_WORD === 0) key[digits / DIGITS_OF_WORD - 1] = word;
  }
  const rest = digits % DIGITS_OF_WORD;
  if (rest > 0) key[(digits - rest) / DIGITS_OF_WORD] = word & ((1 << (4 * rest)) - 1);
  if (digits <= DIGITS_OF_WORD * (WORDS - 1)) key[WORDS - 1] = digits;
}

/** One generation: open addressing, each key in the first free slot from its home on. */
class Table<V> {
  size = 0;
  slots: number;
  #keys: Int32Array;
  #values: (V | undefined)[];
  #shift: number;

  constructor(slots: number) {
    this.slots = slots;
    this.#keys = new Int32Array(WORDS * slots);
    this.#values = new Array<V | undefined>(slots);
    this.#shift = 32 - Math.log2(slots);
  }

  /** Where the key is looked for first that begins at `at` in `keys`. */
  #home(keys: Int32Array, at: number): number {
    const mixed =
      Math.imul(keys[at]!, factors[0]!) ^
      Math.imul(keys[at + 1]!, factors[1]!) ^
      Math.imul(keys[at + 2]!, factors[2]!) ^
      Math.imul(keys[at + 3]!, factors[3]!);
    return Math.imul(mixed ^ (mixed >>> 15), factors[0]!) >>> this.#shift;
  }

  /** Slot of `key`, or the free one it would take. */
  find(): number {
    const keys = this.#keys;
    const [a, b, c, d] = [key[0]!, key[1]!, key[2]!, key[3]!];
    for (let slot = this.#home(key, 0); ; slot = (slot + 1) & (this.slots - 1)) {
      if (this.#values[slot] === undefined) return slot;
      const at = WORDS * slot;
      if (keys[at] === a && keys[at + 1] === b && keys[at + 2] === c && keys[at + 3] === d) return slot;
    }
  }

  at(slot: number): V | undefined {
    return this.#values[slot];
  }

  /** Puts a value where `find` said. */
  put(slot: number, value: V): void {
    if (this.#values[slot] === undefined) {
      this.#keys.set(key, WORDS * slot);
      this.size += 1;
    }
    this.#values[slot] = value;
    if (this.size > FULL * this.slots) this.#grow();
  }

  /** Empties the slot; those behind it that would not be found past a gap move up. */
  remove(slot: number): void {
    if (this.#values[slot] === undefined) return;
    const last = this.slots - 1;
    let gap = slot;
    for (let next = (gap + 1) & last; this.#values[next] !== undefined; next = (next + 1) & last) {
      const home = this.#home(this.#keys, WORDS * next);
      if (((next - home) & last) < ((next - gap) & last)) continue;
      this.#keys.copyWithin(WORDS * gap, WORDS * next, WORDS * (next + 1));
      this.#values[gap] = this.#values[next];
      gap = next;
    }
    this.#values[gap] = undefined;
    this.size -= 1;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.#values];
    this.slots *= 2;
    this.#shift -= 1;
    this.#keys = new Int32Array(WORDS * this.slots);
    this.#values = new Array<V | undefined>(this.slots);
    keyText = '';
    for (let slot = 0; slot < values.length; slot += 1) {
      if (values[slot] === undefined) continue;
      for (let word = 0; word < WORDS; word += 1) key[word] = keys[WORDS * slot + word]!;
      const place = this.find();
      this.#keys.set(key, WORDS * place);
      this.#values[place] = values[slot];
    }
  }
}

/**
 * Keys of one map are either all UUIDs or their 32 hexadecimal digits, in lower or upper case alike, or all numbers of at most
 * 24 digits. No value is undefined.
 */
export class KeyMap<V> {
  readonly #limits: GenerationLimits;
  #young = new Table<V>(FEWEST_SLOTS);
  #old = new Table<V>(FEWEST_SLOTS);
  /** Entries of `old` that moved to `young`. */
  #moved = 0;
  #turned_ms: number | undefined;

  constructor(limits: GenerationLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#young.size + this.#old.size - this.#moved;
  }

  /** Looks an entry up and keeps it alive. */
  get(text: string): V | undefined {
    readKey(text);
    const slot = this.#young.find();
    const young = this.#young.at(slot);
    if (young !== undefined || this.#old.size === 0) return young;
    const old = this.#old.at(this.#old.find());
    if (old === undefined) return undefined;
    this.#moved += 1;
    this.#young.put(slot, old);
    return old;
  }

  set(text: string, value: V, now_ms: number): void {
    this.#turned_ms ??= now_ms;
    if (this.#young.size * 2 >= this.#limits.entries || now_ms - this.#turned_ms >= this.#limits.period_ms) {
      this.#turn(now_ms);
    }
    readKey(text);
    const slot = this.#young.find();
    if (this.#young.at(slot) === undefined && this.#old.size > 0 && this.#old.at(this.#old.find()) !== undefined) {
      this.#moved += 1;
    }
    this.#young.put(slot, value);
  }

  delete(text: string): void {
    readKey(text);
    const old = this.#old.find();
    if (this.#old.at(old) !== undefined && this.#young.at(this.#young.find()) !== undefined) this.#moved -= 1;
    this.#young.remove(this.#young.find());
    this.#old.remove(old);
  }

  #turn(now_ms: number): void {
    // Two periods without a single entry: even the young generation is out of date.
    const stale = now_ms - (this.#turned_ms ?? now_ms) >= 2 * this.#limits.period_ms;
    this.#old = stale ? new Table(FEWEST_SLOTS) : this.#young;
    // Half of what the last one came to, so that a steady stream makes it grow once.
    this.#young = new Table(Math.max(FEWEST_SLOTS, this.#old.slots / 2));
    this.#moved = 0;
    this.#turned_ms = now_ms;
  }
}
