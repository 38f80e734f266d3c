/** The one decision whether a URL meets a compiled rule: the same in the browser, in the collector and for the past. */
import type { CompiledRule } from './plan.ts';

/** Makes something that searches a text for a regular expression; throws when it cannot. */
export type RegexEngine = (source: string, flags: string) => { test(text: string): boolean };

const compiled: Record<string, RegExp> = {};

/** The engine of the language, for browsers: each pattern is compiled once. */
function nativeRegex(source: string, flags: string): RegExp {
  compiled[flags + source] ??= new RegExp(source, flags);
  return compiled[flags + source] as RegExp;
}

/**
 * Whether the parts stand in the text one after the other, the first at its start and the last at its end.
 * Takes the leftmost place for each, which is enough and cannot backtrack.
 */
export function matchesParts(parts: string[], text: string): boolean {
  const first = parts[0] as string;
  const last = parts[parts.length - 1] as string;
  if (parts.length < 2) return text === first;
  let end = first.length;
  for (const part of parts.slice(1, -1)) {
    const start = text.indexOf(part, end);
    if (start < 0) return false;
    end = start + part.length;
  }
  return text.startsWith(first) && text.endsWith(last) && end + last.length <= text.length;
}

/**
 * Whether any alternative of the rule matches the subjects of a page (`urlSubjects`). The server passes an engine
 * that cannot backtrack. Never throws: a pattern the engine refuses matches nothing.
 */
export function matchesRule(rule: CompiledRule, subjects: string[], regex: RegexEngine = nativeRegex): boolean {
  return rule.some((pattern) => {
    const subject = subjects[pattern[0]] ?? '';
    try {
      return pattern.length === 2
        ? matchesParts(pattern[1], subject)
        : regex(pattern[1], pattern[2]).test(subject.slice(0, pattern[3]));
    } catch {
      return false;
    }
  });
}
