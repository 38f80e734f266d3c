/** Cursors of lists that are ordered by number: the last number that was given out. */
import { Problem } from '../../core/problem.ts';

/** The number to go on below; Infinity from the beginning. Throws `invalid_parameter` for what no list gave out. */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.POSITIVE_INFINITY;
  if (/^[1-9]\d{0,14}$/.test(cursor)) return Number(cursor);
  throw new Problem('invalid_parameter', 'The cursor is not one that this list gave out.', { field: 'cursor' });
}
