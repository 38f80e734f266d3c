/** What the browser runs of `src/core`, gathered for the case tables: each row's question answered by the same functions. */
import { matchUrl } from '../src/core/compile-url.ts';
import type { UrlRule } from '../src/core/goal.ts';
import { matchesText, normalizeText, textPattern } from '../src/core/match-text.ts';
import { redactText, redactUrl } from '../src/core/redact.ts';
import type { UrlGroup } from '../src/core/site.ts';
import type { RedactRow, TextRow, UrlRow } from './case-rows.ts';

function urlMatches({ match, value, on, url, groups = {} }: UrlRow): boolean {
  const find = (key: string): UrlGroup | undefined => groups[key] && { key, name: key, rules: groups[key] };
  const rule = (on === undefined ? { match, value } : { match, value, on }) as UrlRule;
  return matchUrl(rule, url, { groups: find });
}

function textMatches({ operator, pattern, text }: TextRow): boolean {
  const [wanted, said] = [normalizeText(pattern), normalizeText(text)];
  return matchesText(operator, wanted, said) && new RegExp(textPattern(operator, wanted)).test(said);
}

function redacted({ url, text, extra }: RedactRow): string {
  return url === undefined ? redactText(text ?? '') : redactUrl(url, extra);
}

Object.assign(globalThis, {
  urlAnswers: (rows: UrlRow[]) => rows.map(urlMatches),
  textAnswers: (rows: TextRow[]) => rows.map(textMatches),
  redactAnswers: (rows: RedactRow[]) => rows.map(redacted),
});
