/**
 * The plan: the least a browser needs to run a site's goals. No names, nothing private.
 * URL rules arrive compiled (`match-url.ts` compiles and tests them), so the browser never parses one.
 */

/** Which part of a page's normalised URL a compiled rule looks at; indexes into `urlSubjects()`. */
export const URL_SUBJECTS = {
  /** host + path + query + fragment */
  whole: 0,
  /** host + path + query */
  no_fragment: 1,
  /** host + path */
  no_query: 2,
  /** path */
  path: 3,
  /** path + query */
  path_query: 4,
  /** host */
  host: 5,
  /** scheme + host + path + query + fragment */
  full: 6,
  /** host + path without trailing slash */
  simple: 7,
  /** path without trailing slash */
  simple_path: 8,
  /** path + query + fragment */
  path_whole: 9,
} as const;

/**
 * One alternative of a compiled URL rule: the subject, then either literal parts between wildcards
 * (`["a"]` equals, `["a",""]` starts with, `["","a"]` ends with, `["","a",""]` contains), or a regular
 * expression's source, with flags and, for patterns of the second degree, the number of characters it may see.
 */
export type UrlPattern =
  | [subject: number, parts: string[]]
  | [subject: number, source: string, flags: string, cut?: number];

/** A compiled rule: any alternative matching is enough. */
export type CompiledRule = UrlPattern[];

/** Numbers that stand for trigger types in a plan. */
export const PLAN_TRIGGERS = {
  pageview: 0,
  link_click: 1,
  element_click: 2,
  text_click: 3,
  form_submit: 4,
  time_spent: 5,
  scroll_depth: 6,
  element_visible: 7,
  engagement: 8,
  event: 9,
  revenue: 9,
} as const;

/** Numbers that stand for text operators: equals, contains, starts_with, ends_with. */
export const PLAN_TEXT_OPERATORS = { equals: 0, contains: 1, starts_with: 2, ends_with: 3 } as const;

/** One goal as browsers get it. Absent members mean the default. */
export interface PlanGoal {
  /** Goal id. */
  i: string;
  /** PLAN_TRIGGERS. */
  t: number;
  /** Selector (`element_click`, `form_submit`, `element_visible`, `link_click`; `within` of `text_click`). */
  s?: string;
  /** URL rule (`pageview` its url, `link_click` its href). */
  u?: CompiledRule;
  /** View kind of `pageview`: 1 load, 2 virtual. */
  k?: 1 | 2;
  /** 1: outbound links only. */
  o?: 1;
  /** Text or event name; already normalised and, unless case matters, lower-cased. */
  x?: string;
  /** PLAN_TEXT_OPERATORS of `x`. */
  m?: number;
  /** 1: case matters (text_click). Event names are always case-sensitive. */
  cs?: 1;
  /** Number: seconds (span page only), percent, or ratio. */
  n?: number;
  /** delay_ms of `element_visible`. */
  d?: number;
  /** Confirm: a selector, or a compiled rule. */
  c?: string | CompiledRule;
  /** Pages on which it listens. */
  wi?: CompiledRule[];
  we?: CompiledRule[];
  /** Property filters. */
  p?: Record<string, string>;
  /** Value read from the page: 1 element [1, selector, attribute?], 2 data layer [2, path, currency_path?], 3 JSON-LD [3, path, type?]. */
  v?: [mode: 1 | 2 | 3, source: string, detail?: string];
  /** Count rule the browser can help with: 1 once per page. The collector enforces all. */
  q?: 1;
}

/** `GET /plan/:site`. `time_spent` with span `session` and event goals with source `server` are never in it. */
export interface Plan {
  v: 1;
  /** Revision. */
  r: number;
  /** Query parameters to redact besides the built-in list. */
  x?: string[];
  g: PlanGoal[];
}
