/** Characters are Unicode code points here: counting, cutting and cleaning them. */

/** What no store keeps unharmed: NUL (PostgreSQL refuses it) and lone halves of surrogate pairs (no UTF-8 has them). */
const UNSAFE = /\0|\p{Surrogate}/u;

/** Controls and line separators, which would break a line of the journal, and lone halves of surrogate pairs. */
const CONTROLS = /[\p{Cc}\u2028\u2029]/gu;
const UNPRINTABLE = /[\p{Cc}\u2028\u2029\p{Surrogate}]/u;

/** The number of code points, counted no further than `limit + 1`, so that a huge string costs nothing. */
export function characterCount(text: string, limit: number): number {
  if (text.length <= 1) return text.length;
  let count = 0;
  for (const _ of text) {
    count += 1;
    if (count > limit) break;
  }
  return count;
}

/** True when the text has more code points than the limit. */
export function isLonger(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  return text.length > 2 * limit || characterCount(text, limit) > limit;
}

/** The first `limit` code points; never half of a surrogate pair. */
export function cutCharacters(text: string, limit: number): string {
  return text.length > limit ? [...text.slice(0, 2 * limit)].slice(0, limit).join('') : text;
}

/**
 * The text as events keep it: controls become spaces and halves of surrogate pairs U+FFFD, before anything is decided,
 * so that what is decided now and what is decided later from the stored text agree.
 */
export function cleanText(text: string): string {
  return UNPRINTABLE.test(text) ? text.replace(CONTROLS, ' ').replace(/\p{Surrogate}/gu, '\ufffd') : text;
}

/** True when the text holds something that cannot be stored. */
export function isUnsafe(text: string): boolean {
  return UNSAFE.test(text);
}

/** How many bytes the text takes as UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
