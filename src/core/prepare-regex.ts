/** Regular expressions as owners write them, made into what every engine reads alike. */
import { encodeLiteral } from './url-literal.ts';

/** A pattern ready to be compiled. */
export interface PreparedRegex {
  source: string;
  /** `u`, or `iu` after a leading `(?i)`. */
  flags: string;
  /** Whether it is anchored at a path's `/`: then it is tried on the path, then on path and query. */
  onPath: boolean;
}

/** Classes, group openings, escapes with a name, other escapes, and raw characters that no normalised URL contains. */
const TOKEN = /\[(?:\\.|[^\]\\])*\]|\(\?P?<(?:[=!]|[^>]*>)|\\[pPuxk](?:\{[^}]*\}|<[^>]*>)|\\.|[^\x21-\x7e]|["'<>`]/gsu;

/** Punctuation that needs no backslash; the flag `u` refuses one there. */
const NEEDLESS = /\\([ !"#%&',:;<=>@_`~])/g;

/** One token as all engines read it. `next` is the character that follows. */
function respell(token: string, next: string): string {
  if (token.startsWith('[')) return token.replace(NEEDLESS, '$1');
  if (token.startsWith('(') || token.length > 3) return token;
  const plain = token === '\\-' ? '-' : token.replace(NEEDLESS, '$1');
  const character = /^\\[\^{|}]$/.test(plain) ? plain.slice(1) : plain;
  if (character.startsWith('\\')) return plain;
  const encoded = encodeLiteral(character);
  if (encoded === character) return plain;
  return /[*+?{]/.test(next) ? `(?:${encoded})` : encoded;
}

/** Drops `.*` from both ends: a search finds the same without it, and much faster. */
function dropUnanchored(source: string): string {
  const start = source.replace(/^(?:\.\*\??)+/, '');
  const end = /(?:\.\*\??)+$/.exec(start);
  if (!end) return start;
  const backslashes = /\\*$/.exec(start.slice(0, end.index))?.[0].length ?? 0;
  // After a backslash the first dot is a literal one: `\.*` stays.
  const kept = backslashes % 2 ? (/^\.\*\??/.exec(end[0])?.[0].length ?? 0) : 0;
  return start.slice(0, end.index + kept);
}

/**
 * Makes a regular expression portable. URLs are compared without `www.` and with illegal characters encoded, so a
 * `www\.` after `//` is dropped and a literal `ü`, `|` or space becomes its percent-encoding (outside classes).
 * Never throws: what is no pattern stays none.
 */
export function prepareRegex(value: string): PreparedRegex {
  const anyCase = value.startsWith('(?i)');
  const source = dropUnanchored(anyCase ? value.slice(4) : value)
    .replace(TOKEN, (token: string, at: number, whole: string) => respell(token, whole[at + token.length] ?? ''))
    .replace(/((?:\\?\/){2})www\\?\.(?![*+?{])/g, '$1');
  return { source, flags: anyCase ? 'iu' : 'u', onPath: /^\^(?:\((?:\?:)?)*\\?\//.test(source) };
}
