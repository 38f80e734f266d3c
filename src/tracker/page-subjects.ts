/** URLs of the page as they leave the browser, and as rules see them. */
import { URL_CHARACTERS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { normalizeUrl, urlSubjects } from '../core/page-url.ts';
import type { CompiledRule, PlanGoal } from '../core/plan.ts';
import { redactUrl } from '../core/redact.ts';
import { plan } from './plan-goals.ts';

/** The URL without what must not leave the browser. */
export function redacted(url: string): string {
  return redactUrl(url, plan?.x).slice(0, URL_CHARACTERS);
}

/** What rules are compared with, of a URL; rules see only what may leave the browser. */
export function subjectsOf(url: string): string[] {
  const parts = normalizeUrl(redacted(url));
  return parts ? urlSubjects(parts) : [];
}

/** Whether the goal listens on the page of this URL. */
export function listensOn({ wi: include, we: exclude }: PlanGoal, url: string): boolean {
  if (!include && !exclude) return true;
  const subjects = subjectsOf(url);
  const anyMatches = (rules: CompiledRule[] = []): boolean => rules.some((rule) => matchesRule(rule, subjects));
  return (!include || anyMatches(include)) && !anyMatches(exclude);
}
