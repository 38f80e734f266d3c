/** How large the program is that a linear engine makes of a pattern, before it is made: repetitions are written out. */
import { type PatternNode, parsePattern } from './pattern-tree.ts';

function sizeOf(node: PatternNode): number {
  if (node.type === 'set') return 1;
  if (node.type === 'repeat') {
    const { body, min, max } = node;
    // Without an end, the last repetition is a loop; what may be left out has a step that leaves it out.
    const turns = max === Number.POSITIVE_INFINITY ? Math.max(min, 1) : max;
    return turns * (sizeOf(body) + (min === max ? 0 : 1)) + 1;
  }
  const inside = node.items.reduce((sum, item) => sum + sizeOf(item), 0);
  return node.type === 'choice' ? inside + node.items.length : inside;
}

/** Steps, roughly; 0 for what the reader of patterns cannot read, which the linear engine cannot either. */
export function patternSize(source: string, flags: string): number {
  try {
    return sizeOf(parsePattern(source, flags));
  } catch (error) {
    if (error instanceof SyntaxError) return 0;
    throw error;
  }
}
