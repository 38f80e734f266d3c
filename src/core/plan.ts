/**
 * The plan: the least a browser needs to run a site's goals. No names, nothing private.
 * URL rules arrive compiled (`match-url.ts` compiles and tests them), so the browser never parses one.
 */

/**
 * Which parts of a page's URL a compiled rule looks at, joined: a bit for each part of `splitUrl`, from scheme to
 * fragment, and one that takes away the path's trailing slash, where the path comes last.
 */
export const URL_SUBJECTS = {
  /** scheme + host + path + query + fragment */
  full: 0b111111,
  /** host + path + query + fragment */
  whole: 0b111110,
  /** host + path + query */
  no_fragment: 0b011110,
  /** host + path */
  no_query: 0b001110,
  /** path */
  path: 0b001000,
  /** path + query */
  path_query: 0b011000,
  /** path + query + fragment */
  path_whole: 0b111000,
  /** host */
  host: 0b000010,
  /** host + path without trailing slash */
  simple: 0b1001110,
  /** path without trailing slash */
  simple_path: 0b1001000,
} as const;

/**
 * One alternative of a compiled URL rule: URL_SUBJECTS, and the source of a regular expression. One of ours has no
 * flags and never backtracks; an owner's has flags and, if it is of the second degree, the number of characters it
 * may see.
 */
export type UrlPattern = [subject: number, source: string, flags?: string, cut?: number];

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
  /**
   * What an element must have for the selector of `element_click` to match it: an id, class or tag, in lower case, by
   * which goals are filed; absent where it may be any element.
   */
  h?: string;
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
