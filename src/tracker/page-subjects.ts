/** URLs of the page as they leave the browser, and as rules see them. */
import { URL_CHARACTERS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { normalizeUrl, urlSubjects } from '../core/page-url.ts';
import type { CompiledRule, PlanGoal } from '../core/plan.ts';
import { redactUrl } from '../core/redact.ts';
import { plan } from './plan-goals.ts';

/** The URL without what must not leave the browser. */
export const redacted = (url: string): string => redactUrl(url, plan?.x).slice(0, URL_CHARACTERS);

/** What rules are compared with, of a URL, which may be relative; rules see only what may leave the browser. */
export function subjectsOf(url: string): string[] {
  const parts = normalizeUrl(redacted(url), document.baseURI);
  return parts ? urlSubjects(parts) : [];
}

/** Whether the goal listens on the page of this URL. */
export function listensOn({ wi: include, we: exclude = [] }: PlanGoal, url: string): boolean {
  const isIn = (rules: CompiledRule[]): boolean => rules.some((rule) => matchesRule(rule, subjectsOf(url)));
  return (!include || isIn(include)) && !isIn(exclude);
}
