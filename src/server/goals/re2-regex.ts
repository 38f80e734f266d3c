/** The engine the server decides regular expressions with: linear in time, whatever the pattern. */
import { RE2JS } from 're2js';
import { PATTERN_STEPS_KEPT } from '../../core/limits.ts';
import type { RegexEngine } from '../../core/match-url.ts';

/** Compiled patterns kept at most; when there are more, of them or of their steps, the oldest go. */
const PATTERNS_KEPT = 5_000;

interface Kept {
  regex: ReturnType<RegexEngine>;
  /** Of its program; a step takes about 80 bytes. */
  steps: number;
}

const compiled = new Map<string, Kept>();
let steps_kept = 0;

/** Compiles a pattern in RE2's syntax without keeping it. Throws what RE2JS throws when it is in no such syntax. */
export function compileRe2(source: string, flags: string): RE2JS {
  return RE2JS.compile(source, flags.includes('i') ? RE2JS.CASE_INSENSITIVE : 0);
}

/** How much is kept at this moment. */
export function keptPatterns(): { patterns: number; steps: number } {
  return { patterns: compiled.size, steps: steps_kept };
}

function makeRoom(steps: number): void {
  for (const [key, oldest] of compiled) {
    if (compiled.size < PATTERNS_KEPT && steps_kept + steps <= PATTERN_STEPS_KEPT) return;
    compiled.delete(key);
    steps_kept -= oldest.steps;
  }
}

function keep(key: string, kept: Kept): void {
  makeRoom(kept.steps);
  compiled.set(key, kept);
  steps_kept += kept.steps;
}

/**
 * Compiles for `matchesRule`, each pattern once. Those without flags are ours, and linear in the language's own engine.
 * Throws what RE2JS throws when the pattern is not in its syntax.
 */
export const re2Regex: RegexEngine = (source, flags) => {
  const key = `${flags}/${source}`;
  const known = compiled.get(key);
  if (known) return known.regex;
  if (flags === undefined) {
    const regex = new RegExp(source);
    keep(key, { regex, steps: source.length });
    return regex;
  }
  const regex = compileRe2(source, flags);
  keep(key, { regex, steps: regex.programSize() });
  return regex;
};
