/** What the browser runs of `src/core`, gathered for the case tables: each row's question answered by the same functions. */
import { matchUrl } from '../src/core/compile-url.ts';
import type { UrlRule } from '../src/core/goal.ts';
import { matchesText, normalizeText, textPattern } from '../src/core/match-text.ts';
import { matchesRule } from '../src/core/match-url.ts';
import { normalizeUrl, urlSubjects } from '../src/core/page-url.ts';
import { redactText, redactUrl } from '../src/core/redact.ts';
import type { UrlGroup } from '../src/core/site.ts';
import type { HardCase, RedactRow, Slowest, TextRow, UrlRow } from './case-rows.ts';

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

/** The best of a few tries, so that only what is slow by itself is slow; one that takes long is tried once. */
function slowest({ rule, urls }: HardCase): Slowest {
  const found: Slowest = { ms: 0, url: '' };
  for (const url of urls) {
    const page = normalizeUrl(url);
    if (page === undefined) continue;
    const subjects = urlSubjects(page);
    let best = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < 5 && (tries === 0 || best < 1_000); tries += 1) {
      const begun = performance.now();
      matchesRule(rule, subjects);
      best = Math.min(best, performance.now() - begun);
    }
    if (best > found.ms) Object.assign(found, { ms: best, url });
  }
  return found;
}

Object.assign(globalThis, {
  slowest,
  urlAnswers: (rows: UrlRow[]) => rows.map(urlMatches),
  textAnswers: (rows: TextRow[]) => rows.map(textMatches),
  redactAnswers: (rows: RedactRow[]) => rows.map(redacted),
});
