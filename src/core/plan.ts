/**
 * The plan: the least a browser needs to run a site's goals. No names, nothing private.
 * URL rules arrive compiled (`match-url.ts` compiles and tests them), so the browser never parses one.
 */

/** Which parts of a page's URL (`splitUrl`) a compiled rule looks at, joined: two digits, the first and the one after the last. */
export const URL_SUBJECTS = {
  /** scheme + host + path + query + fragment */
  full: '06',
  /** host + path + query + fragment */
  whole: '16',
  /** host + path + query */
  no_fragment: '15',
  /** host + path */
  no_query: '14',
  /** path */
  path: '34',
  /** path + query */
  path_query: '35',
  /** path + query + fragment */
  path_whole: '36',
  /** host */
  host: '12',
} as const;

/**
 * One alternative of a compiled URL rule: URL_SUBJECTS, and the source of a regular expression. One of ours has no
 * flags and never backtracks; an owner's has flags and, if it is of the second degree, the number of characters it
 * may see.
 */
export type UrlPattern = [subject: string, source: string, flags?: string, cut?: number];

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

/** One goal as browsers get it. Absent members mean the default. */
export interface PlanGoal {
  /** Goal id. */
  i: string;
  /** PLAN_TRIGGERS; for the debugger. */
  t: number;
  /**
   * The keys under which it is filed, one of which a signal must have for the goal to be looked at: PLAN_SIGNALS, or
   * what an element of a click must be, an id, class or tag in lower case.
   */
  h: readonly string[];
  /** Selector of what is used or seen; of a text that need not be equal: the nearest of these says it. */
  s?: string;
  /** Selector of what a text is within, of what a link must match besides, or of forms, if not all that `s` says. */
  w?: string;
  /** URL rule (`pageview` its url, `link_click` its href). */
  u?: CompiledRule;
  /** View kind of `pageview`: 0 load, 1 virtual. */
  k?: 0 | 1;
  /** 1: outbound links only. */
  o?: 1;
  /** Regular expression of a clicked text, which is normalised, or of an event's name, with its flags. */
  x?: [source: string, flags?: string];
  /** Number: seconds (span page only), percent, or ratio, of which rounding may have taken a hair. */
  n?: number;
  /** delay_ms of `element_visible`. */
  d?: number;
  /** Confirm: a selector, or a compiled rule. */
  c?: string | CompiledRule;
  /** Pages on which it listens, and does not. */
  wi?: CompiledRule;
  we?: CompiledRule;
  /** Property filters. */
  p?: Record<string, string>;
  /** Value read from the page: 1 element [1, selector, attribute?], 2 data layer [2, path, currency_path?], 3 JSON-LD [3, path, currency_path, type?]. */
  v?: [mode: 1 | 2 | 3, source: string, detail?: string, type?: string];
  /** 1: once in a view, for its trigger or its count rule says so. The collector enforces all rules. */
  q?: 1;
}

/** What goals are filed under that are not filed by what an element must be. */
export const PLAN_SIGNALS = {
  view: '$pageview',
  click: '$click',
  key: '$key',
  submit: '$submit',
  time: '$time',
  scroll: '$scroll',
  visible: '$visible',
  event: '$event',
} as const;

/** `GET /plan/:site`. `time_spent` with span `session` and event goals with source `server` are never in it. */
export interface Plan {
  v: 1;
  /** Revision. */
  r: number;
  /** Query parameters to redact besides the built-in list. */
  x?: string[];
  g: PlanGoal[];
}
