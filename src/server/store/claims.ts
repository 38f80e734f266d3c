/** Keys that are unique for ever, in one place for all collectors: orders, and what an identified visitor does once. */

/** Who holds a key. */
export interface Claim {
  /** The conversion's key, a UUID in lower case. */
  key: string;
  /** Id of the event. */
  event: string;
  /** Its time, ms. */
  ts: number;
}

/** The claims of several stores into one cluster. A claim outlives what it was made for, unless that is erased. */
export interface Claims {
  /** Claims keys, each once; the earliest by `(ts, event)` holds it. Answers who held keys before, and who does now. */
  claim(claims: readonly Claim[]): Promise<{ before: Map<string, Claim>; now: Map<string, Claim> }>;
  /** Gives keys up. */
  release(keys: readonly string[]): Promise<void>;
  /** Claims after a key in the order of keys, at most so many. */
  page(after: string, limit: number): Promise<Claim[]>;
  /** Runs work while nobody else runs any, in whatever process. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}
