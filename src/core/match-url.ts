/** The one decision whether a URL meets a compiled rule: the same in the browser, in the collector and for the past. */
import type { CompiledRule } from './plan.ts';

/** Makes something that searches a text for a regular expression; throws when it cannot. */
export type RegexEngine = (source: string, flags?: string) => { test(text: string): boolean };

/** The parts that the subject names, joined. */
export const subjectOf = (url: string[], subject: string): string =>
  url.slice(...(subject as unknown as [number, number])).join('');

/**
 * Whether any alternative of the rule matches a page's URL (`splitUrl`), a part of it being what `subjectOf` says. In
 * browsers the language's own engine decides, which compiles what it has compiled before in no time; the server passes
 * one that cannot backtrack. Throws what the engine throws at a pattern it refuses.
 */
export const matchesRule = (rule: CompiledRule, url: string[], regex: RegexEngine = RegExp): boolean =>
  rule.some(([subject, source, flags, cut]) =>
    regex(source, flags).test(
      url
        .slice(...(subject as unknown as [number, number]))
        .join('')
        .slice(0, cut),
    ),
  );

/** As above, for the server: a pattern that the engine refuses matches nothing, and keeps no other goal from counting. */
export function matchesIfAble(rule: CompiledRule, url: string[], regex?: RegexEngine): boolean {
  try {
    return matchesRule(rule, url, regex);
  } catch {
    return false;
  }
}
