/** Parses regular expressions that JavaScript (flag `u`) and RE2 have both accepted: no look-around, no references. */

/** A part of a pattern. Anchors and word boundaries read nothing and are empty sequences. */
export type PatternNode =
  /** One character; each bit of `characters` stands for an ASCII code. */
  | { type: 'set'; characters: bigint }
  | { type: 'sequence'; items: PatternNode[] }
  /** Alternatives. */
  | { type: 'choice'; items: PatternNode[] }
  /** `max` may be Infinity. */
  | { type: 'repeat'; body: PatternNode; min: number; max: number };

const ATOM = /\[(?:\\.|[^\]\\])*\]|\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-f]{4}|x[\da-f]{2}|c[a-z]|.)|./isuy;
const OPENING = /\((?:\?(?::|P?<[^>]*>))?/y;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/y;

/** The ASCII characters an atom matches, found by asking the engine itself. */
function charactersOf(atom: string, flags: string): bigint {
  const regex = new RegExp(`^${atom}$`, flags);
  let characters = 0n;
  for (let code = 0; code < 128; code += 1) {
    if (regex.test(String.fromCharCode(code))) characters |= 1n << BigInt(code);
  }
  return characters;
}

/** Reads the pattern from left to right; `at` is where it stands. */
class PatternReader {
  readonly source: string;
  readonly flags: string;
  readonly sets = new Map<string, bigint>();
  at = 0;

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  /** Reads what the sticky regex matches here, if it does. */
  take(regex: RegExp): RegExpExecArray | null {
    regex.lastIndex = this.at;
    const found = regex.exec(this.source);
    if (found) this.at = regex.lastIndex;
    return found;
  }

  choice(): PatternNode {
    const items = [this.sequence()];
    while (this.source[this.at] === '|') {
      this.at += 1;
      items.push(this.sequence());
    }
    return items.length === 1 && items[0] ? items[0] : { type: 'choice', items };
  }

  sequence(): PatternNode {
    const items: PatternNode[] = [];
    while (this.at < this.source.length && !'|)'.includes(this.source[this.at] ?? '')) items.push(this.repeated());
    return { type: 'sequence', items };
  }

  repeated(): PatternNode {
    const body = this.term();
    const found = this.take(QUANTIFIER);
    if (!found) return body;
    const [, sign, low = '0', comma, high] = found;
    const least = sign ? Number(sign === '+') : Number(low);
    const most = sign
      ? sign === '?'
        ? 1
        : Number.POSITIVE_INFINITY
      : comma
        ? Number(high || Number.POSITIVE_INFINITY)
        : least;
    return { type: 'repeat', body, min: least, max: most };
  }

  term(): PatternNode {
    if (this.take(OPENING)) {
      const inside = this.choice();
      this.at += 1;
      return inside;
    }
    const atom = this.take(ATOM)?.[0] ?? '';
    if (/^(?:\^|\$|\\[bB])$/.test(atom)) return { type: 'sequence', items: [] };
    const characters = this.sets.get(atom) ?? charactersOf(atom, this.flags);
    this.sets.set(atom, characters);
    return { type: 'set', characters };
  }
}

/** The tree of a pattern that is known to be valid. */
export function parsePattern(source: string, flags: string): PatternNode {
  return new PatternReader(source, flags).choice();
}
