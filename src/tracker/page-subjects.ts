/** URLs of the page as they leave the browser, and as rules see them. */
import { URL_CHARACTERS } from '../core/limits.ts';
import { matchesRule } from '../core/match-url.ts';
import { splitUrl } from '../core/page-url.ts';
import type { CompiledRule, PlanGoal } from '../core/plan.ts';
import { redactUrl } from '../core/redact.ts';
import { plan } from './plan-goals.ts';

/** The URL without what must not leave the browser. */
export const redacted = (url: string): string => redactUrl(url, plan?.x).slice(0, URL_CHARACTERS);

let lastUrl: string | undefined;
let lastParts: string[];

/** The parts of a URL, which may be relative; rules see only what may leave the browser. The last one is remembered. */
export function partsOf(url: string): string[] {
  if (url !== lastUrl) lastParts = splitUrl(redacted(url), document.baseURI) ?? [];
  lastUrl = url;
  return lastParts;
}

/** The plan may name more to be redacted. */
export const forgetParts = (): void => {
  lastUrl = undefined;
};

/** Whether the goal listens on the page of this URL. */
export function listensOn({ wi: include, we: exclude = [] }: PlanGoal, url: string): boolean {
  const isIn = (rules: CompiledRule[]): boolean => rules.some((rule) => matchesRule(rule, partsOf(url)));
  return (!include || isIn(include)) && !isIn(exclude);
}
