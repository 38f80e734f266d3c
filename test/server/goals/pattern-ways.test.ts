/** The bound of ways is never below the truth, and is 1 where patterns can be read in one way only. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PatternNode, parsePattern } from '../../../src/server/goals/pattern-tree.ts';
import { countWays } from '../../../src/server/goals/pattern-ways.ts';

/** Small patterns of finite length. */
const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom('a', 'b', '[ab]', '.', '\\w'),
    fc.tuple(tie('tree'), tie('tree')).map(([one, two]) => one + two),
    fc.tuple(tie('tree'), tie('tree')).map(([one, two]) => `(?:${one}|${two})`),
    fc.tuple(tie('tree'), fc.constantFrom('?', '{1,2}', '{2}', '{0,2}')).map(([one, sign]) => `(?:${one})${sign}`),
  ),
}));

/** Every way to read a beginning of the text, as the offsets where each ends: the naive engine. */
function readings(node: PatternNode, text: string, at: number): number[] {
  if (node.type === 'set') {
    const code = text.charCodeAt(at);
    return at < text.length && (node.characters >> BigInt(code)) & 1n ? [at + 1] : [];
  }
  if (node.type === 'choice') return node.items.flatMap((item) => readings(item, text, at));
  if (node.type === 'sequence') {
    return node.items.reduce((ends, item) => ends.flatMap((end) => readings(item, text, end)), [at]);
  }
  let ends = [at];
  const all: number[] = node.min === 0 ? [at] : [];
  for (let turn = 1; turn <= node.max; turn += 1) {
    ends = ends.flatMap((end) => readings(node.body, text, end));
    if (turn >= node.min) all.push(...ends);
  }
  return all;
}

describe('counting ways', () => {
  test.each([
    ['abc', 1],
    ['(?:ab|cd)', 1],
    ['(?:thanks|thank-you|think)', 1],
    ['(?:a|a)', 2],
    ['(?:a|a)(?:b|b)', 4],
    ['(?:a|b)(?:c|d)', 1],
    ['a{1,5}a', 5],
    ['a{1,5}b', 1],
    ['[a-z]{2,10}-x', 1],
    ['[a-z-]{2,10}-x', 9],
    ['(?:a?){3}b', 8],
    ['a?a?a?b', 4],
    ['\\d{3}', 1],
    ['(?:\\d{3}-)?\\d{4}', 1],
    ['a*b', 1],
    ['', 1],
    ['^$', 1],
    ['\\bx\\B', 1],
    ['(?<name>a|a)', 2],
    ['(a|a){0}b', 1],
    ['[(|]\\(\\|x', 1],
  ])('%s can be read in %d ways', (source, ways) => {
    expect(countWays(source, 'u')).toBe(ways);
  });

  test('case is ignored with the flag i alone', () => {
    expect(countWays('(?:a|A)', 'u')).toBe(1);
    expect(countWays('(?:a|A)', 'iu')).toBe(2);
  });

  test('no text can be read to the same end in more ways than the bound', () => {
    fc.assert(
      fc.property(tree, fc.stringMatching(/^[ab]{0,7}$/), (source, text) => {
        // What follows keeps the pattern's own end from being a success after which nothing is retried.
        const node = parsePattern(`(?:${source})[ab]?`, 'u');
        const bound = countWays(`(?:${source})[ab]?[ab]`, 'u');
        const ends = new Map<number, number>();
        for (const end of readings(node, text, 0)) ends.set(end, (ends.get(end) ?? 0) + 1);
        for (const count of ends.values()) expect(count).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 3_000 },
    );
  });
});
