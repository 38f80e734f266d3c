/**
 * In how many ways a regular expression can read one text: what a backtracking engine may have to try one by one.
 * Judges by growth miss this, because `(?:a|a)(?:a|a)…` is of a constant, yet astronomical, number of ways.
 */
import { type PatternNode, parsePattern } from './pattern-tree.ts';

/** How many characters ahead two choices are told apart by. */
const LOOK_AHEAD = 16;

/**
 * What can come next: at each offset the set of ASCII characters (a bit each) that may stand there. It ends where
 * offsets are no longer certain. Empty at the end of a pattern, where a search has succeeded and nothing is retried.
 */
type Ahead = bigint[];

function isNullable(node: PatternNode): boolean {
  if (node.type === 'set') return false;
  if (node.type === 'repeat') return node.min === 0 || isNullable(node.body);
  if (node.type === 'sequence') return node.items.every(isNullable);
  return node.items.some(isNullable);
}

/** Every character the node may begin with. */
function firstOf(node: PatternNode): bigint {
  if (node.type === 'set') return node.characters;
  if (node.type === 'repeat') return firstOf(node.body);
  let first = 0n;
  for (const item of node.items) {
    first |= firstOf(item);
    if (node.type === 'sequence' && !isNullable(item)) break;
  }
  return first;
}

/** What can come when the node is read and `after` follows it. */
function aheadOf(node: PatternNode, after: Ahead): Ahead {
  if (node.type === 'set') return [node.characters, ...after.slice(0, LOOK_AHEAD - 1)];
  if (node.type === 'sequence') return node.items.reduceRight((rest, item) => aheadOf(item, rest), after);
  if (node.type === 'repeat' && node.min === node.max && node.max <= LOOK_AHEAD) {
    let ahead = after;
    for (let turn = 0; turn < node.max; turn += 1) ahead = aheadOf(node.body, ahead);
    return ahead;
  }
  if (node.type === 'repeat' && node.min > 0) {
    const sure = { ...node, max: Math.min(node.min, LOOK_AHEAD), min: Math.min(node.min, LOOK_AHEAD) };
    return aheadOf(sure, [firstOf(node.body) | (after[0] ?? 0n)]);
  }
  return [firstOf(node) | (isNullable(node) ? (after[0] ?? 0n) : 0n)];
}

/** Whether some text could be the beginning of both. */
function overlap(one: Ahead, other: Ahead): boolean {
  const length = Math.min(one.length, other.length);
  for (let offset = 0; offset < length; offset += 1) {
    if (((one[offset] ?? 0n) & (other[offset] ?? 0n)) === 0n) return false;
  }
  return length > 0;
}

function waysOfChoice(items: PatternNode[], after: Ahead): number {
  const aheads = items.map((item) => aheadOf(item, after));
  const ways = items.map((item) => waysOf(item, after));
  // The most that one text can take at once, starting from each alternative in turn.
  const together = items.map((_, index) =>
    ways.reduce(
      (sum, more, other) => sum + (other === index || overlap(aheads[index] ?? [], aheads[other] ?? []) ? more : 0),
      0,
    ),
  );
  return Math.max(1, ...together);
}

function waysOfRepeat(node: Extract<PatternNode, { type: 'repeat' }>, after: Ahead): number {
  const { body, min, max } = node;
  if (max === 0) return 1;
  const first = firstOf(body) | (after[0] ?? 0n);
  const inner = waysOf(body, max > 1 ? [first] : after);
  // Whether repetitions without end multiply is for the judge of growth to say.
  if (max === Number.POSITIVE_INFINITY) return inner;
  const again = aheadOf(body, max > 1 ? [first] : after);
  if (min === max || !(isNullable(body) || overlap(again, after))) return inner ** max;
  let ways = 0;
  for (let turns = min; turns <= max; turns += 1) ways += inner ** turns;
  return ways;
}

function waysOf(node: PatternNode, after: Ahead): number {
  if (node.type === 'set') return 1;
  if (node.type === 'choice') return waysOfChoice(node.items, after);
  if (node.type === 'repeat') return waysOfRepeat(node, after);
  let ways = 1;
  let rest = after;
  for (const item of node.items.toReversed()) {
    ways *= waysOf(item, rest);
    rest = aheadOf(item, rest);
  }
  return ways;
}

/**
 * An upper bound of the ways in which a valid pattern can read the beginning of one ASCII text (URLs are ASCII once
 * normalised), repetitions without end counted once. May be Infinity.
 */
export function countWays(source: string, flags: string): number {
  return waysOf(parsePattern(source, flags), []);
}
