/**
 * Reads single fields of a request. Each reader takes what may be anything and gives what the type says, or throws
 * `invalid_field` with the field's path and a sentence that says what to write instead. Strings are trimmed first;
 * lengths are code points. A member that is `null` counts as left out, as many clients write it.
 */
import { isLonger, isUnsafe } from './characters.ts';
import { isCurrency } from './currency.ts';
import { FREE_CURRENCY_CHARACTERS } from './limits.ts';
import { Problem } from './problem.ts';

/** The members of an object that was read; none is `null`. */
export type Fields = Readonly<Record<string, unknown>>;

/** Throws `invalid_field`. The sentence says what to do. */
export function refuse(field: string, sentence: string): never {
  throw new Problem('invalid_field', sentence, { field });
}

/** The path of a member: `trigger` and `url` are `trigger.url`. */
export function within(field: string, member: string | number): string {
  return field === '' ? String(member) : `${field}.${member}`;
}

/** An object's members, every one of them known; `what` names the thing in the sentences, e.g. `A goal`. */
export function readObject(
  input: unknown,
  field: string,
  { what, members, example }: { what: string; members: readonly string[]; example: string },
): Fields {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    if (field === '') throw new Problem('invalid_body', `${what} is an object such as ${example}.`);
    refuse(field, `${what} is an object such as ${example}.`);
  }
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of Object.entries(input)) {
    if (!members.includes(name)) refuse(within(field, name), unknownMember(name, what, members));
    if (value !== null && value !== undefined) fields[name] = value;
  }
  return fields;
}

/** `A goal has no field "trigr"; did you mean "trigger"?` */
export function unknownMember(name: string, what: string, members: readonly string[]): string {
  const shown = JSON.stringify(name.slice(0, 40));
  const nearest = members
    .map((member) => ({ member, distance: editDistance(name.toLowerCase().slice(0, 40), member) }))
    .sort((a, b) => a.distance - b.distance)[0];
  const near = nearest !== undefined && nearest.distance <= Math.max(1, Math.floor(nearest.member.length / 3));
  return near
    ? `${what} has no field ${shown}; did you mean "${nearest.member}"?`
    : `${what} has no field ${shown}; it has ${members.join(', ')}.`;
}

/** Insertions, deletions, replacements and swaps of neighbours between two short texts. */
function editDistance(a: string, b: string): number {
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (older[j - 2] ?? 0) + 1);
      row.push(best);
    }
    older = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}

/** A trimmed text of 1 to `most` characters; of 0 with `empty`. */
export function readText(
  value: unknown,
  field: string,
  { most, empty = false }: { most: number; empty?: boolean },
): string {
  if (typeof value !== 'string')
    refuse(field, value === undefined ? 'This field is required: write a text.' : 'Write a text, in quotes.');
  const text = value.trim();
  if (text === '' && !empty) refuse(field, 'Write at least one character that is not white space.');
  if (isLonger(text, most)) refuse(field, `Write at most ${most} characters.`);
  if (isUnsafe(text)) refuse(field, 'Leave out NUL characters and halves of surrogate pairs; no database keeps them.');
  return text;
}

/** One of the words. */
export function readChoice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  const text = typeof value === 'string' ? value.trim() : value;
  return choices.find((choice) => choice === text) ?? refuse(field, `Write one of ${choices.join(', ')}.`);
}

/** `true` or `false`, not in quotes. */
export function readFlag(value: unknown, field: string): boolean {
  return typeof value === 'boolean' ? value : refuse(field, 'Write true or false, without quotes.');
}

/** A number between the bounds, both included; `whole` refuses fractions. */
export function readNumber(
  value: unknown,
  field: string,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number {
  const fits = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value));
  return fits
    ? value
    : refuse(field, `Write a ${whole ? 'whole number' : 'number'} from ${least} to ${most}, without quotes.`);
}

/** A list of at most so many items. */
export function readList(value: unknown, field: string, { most }: { most: number }): readonly unknown[] {
  if (!Array.isArray(value)) refuse(field, 'Write a list, in square brackets.');
  if (value.length > most) refuse(field, `Write at most ${most} items.`);
  return value;
}

/** An ISO 4217 code, upper-cased; with `free` any text of FREE_CURRENCY_CHARACTERS, kept as it is. */
export function readCurrencyCode(value: unknown, field: string, { free }: { free: boolean }): string {
  const text = typeof value === 'string' ? value.trim() : '';
  if (isCurrency(text.toUpperCase())) return free ? text : text.toUpperCase();
  if (!free) refuse(field, 'Write an ISO 4217 code such as "EUR".');
  if (text === '' || isLonger(text, FREE_CURRENCY_CHARACTERS) || isUnsafe(text)) {
    refuse(field, `Write a code of 1 to ${FREE_CURRENCY_CHARACTERS} characters.`);
  }
  return text;
}

/** Members that may be undefined, as an object that has only those that are not. */
export type Stated<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out the members that are undefined. */
export function stated<T extends object>(members: T): Stated<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Stated<T>;
}
