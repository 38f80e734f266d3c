/** The engine the server decides regular expressions with: linear in time, whatever the pattern. */
import { RE2JS } from 're2js';
import type { RegexEngine } from '../../core/match-url.ts';

/** Compiled patterns kept at most; when there are more the oldest goes. */
const PATTERNS_KEPT = 5_000;

const compiled = new Map<string, ReturnType<RegexEngine>>();

/**
 * Compiles for `matchesRule`, each pattern once. Those without flags are ours, and linear in the language's own engine.
 * Throws what RE2JS throws when the pattern is not in its syntax.
 */
export const re2Regex: RegexEngine = (source, flags) => {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) return known;
  const regex =
    flags === undefined ? new RegExp(source) : RE2JS.compile(source, flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0);
  const oldest = compiled.size >= PATTERNS_KEPT ? compiled.keys().next().value : undefined;
  if (oldest !== undefined) compiled.delete(oldest);
  compiled.set(key, regex);
  return regex;
};
