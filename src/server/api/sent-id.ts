/** Ids of orders, refunds and visitors in requests about them: read as events that name them are, or they would name others. */
import { Type } from '@sinclair/typebox';
import { readId } from '../../core/decode-beacon.ts';
import { Problem } from '../../core/problem.ts';

/** A text of 1 to `most` characters, or a number. */
export function sentIdSchema(most: number, description?: string) {
  const said = description === undefined ? {} : { description };
  return Type.Union([Type.String({ minLength: 1, maxLength: most }), Type.Number()], said);
}

/** The id: trimmed, a number as its text. Throws `invalid_field` when nothing is left. */
export function readSentId(raw: string | number, field: string, most: number): string {
  const id = readId(String(raw), most);
  if (id === undefined) throw new Problem('invalid_field', `${field} must not be empty.`, { field });
  return id;
}
