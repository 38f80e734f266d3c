/** Rows of the case tables that Node and browsers share. */
import type { TextOperator, UrlRule } from '../src/core/goal.ts';
import type { CompiledRule } from '../src/core/plan.ts';

/** A row of `url-rules.json`. */
export interface UrlRow {
  match: string;
  value: string;
  on?: string;
  url: string;
  groups?: Record<string, UrlRule[]>;
  matches: boolean;
  why: string;
}

/** A row of `text.json`. */
export interface TextRow {
  operator: TextOperator;
  pattern: string;
  text: string;
  matches: boolean;
  why: string;
}

/** A row of `redact.json`: a URL or a text. */
export interface RedactRow {
  url?: string;
  text?: string;
  extra?: string[];
  becomes: string;
  why: string;
}

/** A rule as browsers get it, and URLs made to be hard for it. */
export interface HardCase {
  rule: CompiledRule;
  urls: string[];
}
/** How long the slowest of the URLs took, at best of several tries. */
export interface Slowest {
  ms: number;
  url: string;
}
