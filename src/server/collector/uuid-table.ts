/** A hash table of UUIDs whose bits lie in flat memory, which the garbage collector neither walks nor moves. */
import { randomFillSync } from 'node:crypto';

const FIRST_SLOTS = 1_024;
const WORDS = 4;
/** An entry is no farther from its place than this, so that nobody can make look-ups slow by choosing ids; by chance none would. */
const PROBES = 256;
const GONE = Symbol('gone');

/** Makes places unpredictable. */
const SEEDS = randomFillSync(new Int32Array(WORDS));
/** The bits of the UUID that was read last: most are looked for and then kept. */
const words = new Int32Array(WORDS);
let wordsOf = '';

/** The 16 bits of four hexadecimal digits in lower case. */
function quarter(text: string, at: number): number {
  let bits = 0;
  for (let index = at; index < at + 4; index += 1) {
    const code = text.charCodeAt(index);
    bits = (bits << 4) | ((code & 15) + (code >>> 6) * 9);
  }
  return bits;
}

/** Reads a UUID as `eventUuid` writes it. */
function readWords(id: string): void {
  if (id === wordsOf) return;
  words[0] = (quarter(id, 0) << 16) | quarter(id, 4);
  words[1] = (quarter(id, 9) << 16) | quarter(id, 14);
  words[2] = (quarter(id, 19) << 16) | quarter(id, 24);
  words[3] = (quarter(id, 28) << 16) | quarter(id, 32);
  wordsOf = id;
}

/** Where the UUID whose bits lie at `from` belongs, before it is cut to the number of slots. */
function placeOf(bits: Int32Array, from: number): number {
  let place = SEEDS[0]!;
  for (let index = 0; index < WORDS; index += 1) {
    place = Math.imul(place ^ bits[from + index]! ^ SEEDS[index]!, 0x9e3779b1);
    place ^= place >>> 15;
  }
  return place;
}

/** Open addressing, at most half full. Where ids crowd, which only chosen ones do, one makes room for another. */
export class UuidTable<V> {
  #mask: number;
  #bits: Int32Array;
  #values: (V | typeof GONE | undefined)[];
  /** Slots that are taken, those of entries that are gone included. */
  #taken = 0;
  #size = 0;

  /** As large as another, which this one is to follow: growing again would look at every entry again. */
  constructor(like?: UuidTable<V>) {
    const slots = like ? like.#values.length : FIRST_SLOTS;
    this.#mask = slots - 1;
    this.#bits = new Int32Array(slots * WORDS);
    this.#values = new Array(slots);
  }

  /** Entries. */
  get size(): number {
    return this.#size;
  }

  /** `id` as `eventUuid` writes it, here and below. */
  get(id: string): V | undefined {
    const slot = this.#find(id);
    return slot < 0 ? undefined : (this.#values[slot] as V);
  }

  set(id: string, value: V): void {
    const slot = this.#find(id);
    if (slot >= 0) this.#values[slot] = value;
    else this.add(id, value);
  }

  /** As `set`, for an id that is known to be absent. */
  add(id: string, value: V): void {
    if (this.#taken * 2 > this.#mask) this.#grow();
    readWords(id);
    this.#put(words, 0, value);
  }

  /** Removes and answers the value. */
  take(id: string): V | undefined {
    const slot = this.#find(id);
    if (slot < 0) return undefined;
    const value = this.#values[slot] as V;
    this.#values[slot] = GONE;
    this.#size -= 1;
    return value;
  }

  /** The slot of the id; -1 when it is absent. */
  #find(id: string): number {
    readWords(id);
    const bits = this.#bits;
    let slot = placeOf(words, 0) & this.#mask;
    for (let probe = 0; probe < PROBES; probe += 1, slot = (slot + 1) & this.#mask) {
      const value = this.#values[slot];
      if (value === undefined) return -1;
      const at = slot * WORDS;
      if (bits[at + 3] !== words[3] || bits[at + 2] !== words[2]) continue;
      if (bits[at + 1] === words[1] && bits[at] === words[0] && value !== GONE) return slot;
    }
    return -1;
  }

  #put(bits: Int32Array, from: number, value: V | typeof GONE): void {
    let slot = placeOf(bits, from) & this.#mask;
    let probe = 0;
    for (; probe < PROBES && this.#values[slot] !== undefined; probe += 1) slot = (slot + 1) & this.#mask;
    if (this.#values[slot] === undefined) this.#taken += 1;
    if (this.#values[slot] === undefined || this.#values[slot] === GONE) this.#size += 1;
    this.#values[slot] = value as V;
    for (let index = 0; index < WORDS; index += 1) this.#bits[slot * WORDS + index] = bits[from + index]!;
  }

  #grow(): void {
    const bits = this.#bits;
    const values = this.#values;
    const slots = this.#size * 4 > values.length ? values.length * 2 : values.length;
    this.#mask = slots - 1;
    this.#bits = new Int32Array(slots * WORDS);
    this.#values = new Array(slots);
    this.#taken = 0;
    this.#size = 0;
    for (let slot = 0; slot < values.length; slot += 1) {
      const value = values[slot];
      if (value !== undefined && value !== GONE) this.#put(bits, slot * WORDS, value);
    }
  }
}
