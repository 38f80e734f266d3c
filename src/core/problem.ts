/** Problems: every error of the APIs, one catalogue; thrown deep, answered at one edge (`server/api/handle`). */

/** Code → HTTP status and what the reader should do. Documented and tested line by line. */
export const PROBLEMS = {
  invalid_body: { status: 400, cure: 'Send one JSON object as the documentation of this route shows.' },
  invalid_field: { status: 422, cure: 'Correct the field that is named and send the request again.' },
  invalid_parameter: { status: 400, cure: 'Correct the query parameter that is named.' },
  unauthorized: {
    status: 401,
    cure: 'Send a valid key as "Authorization: Bearer gp_…"; `goalpost key create` makes one.',
  },
  forbidden: { status: 403, cure: 'Use a key that has the scope named in the message.' },
  plan_limit: { status: 402, cure: "The site's plan_limits refuse this; change them in the site's settings." },
  suspended: { status: 403, cure: "The site is suspended; lift it in the site's settings." },
  unknown_site: { status: 404, cure: 'Check the id, key or domain; `goalpost site list` shows them.' },
  unknown_goal: { status: 404, cure: "Check the goal's id; deleted goals are unknown unless restored." },
  unknown_order: { status: 404, cure: 'Check the order id; only orders that were counted can be refunded.' },
  not_found: { status: 404, cure: 'Check the path and the method; /api/docs lists every route.' },
  method_not_allowed: { status: 405, cure: 'Use a method that /api/docs lists for this path.' },
  duplicate_key: { status: 409, cure: 'Choose another key, or leave it out to have one made.' },
  duplicate_name: { status: 409, cure: 'Choose another name.' },
  duplicate_domain: { status: 409, cure: 'The domain belongs to another site; use that site or another domain.' },
  conflict: { status: 409, cure: 'Read the resource again and repeat the change.' },
  precondition_failed: {
    status: 412,
    cure: 'Somebody changed it meanwhile; read it again and send its new version in If-Match.',
  },
  too_large: { status: 413, cure: 'Send less in one request.' },
  limit_reached: { status: 422, cure: 'Delete what is not needed any more; the limit is named in the message.' },
  refund_exceeds: { status: 422, cure: 'Refund no more than was paid.' },
  rate_limited: { status: 429, cure: 'Wait as long as Retry-After says.' },
  internal: { status: 500, cure: "A fault of ours: the server's log has it under the request's id." },
  overloaded: { status: 503, cure: 'Send it again after Retry-After.' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** What is known of an error besides its code. */
export interface ProblemDetail {
  /** Path of the field at fault, e.g. `trigger.url.value`. */
  field?: string;
  retry_after_s?: number;
  cause?: unknown;
}

/** The only error the APIs show. Anything else thrown is answered as `internal`. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;
  readonly retry_after_s: number | undefined;

  constructor(code: ProblemCode, message: string, detail: ProblemDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = 'Problem';
    this.code = code;
    this.field = detail.field;
    this.retry_after_s = detail.retry_after_s;
  }

  get status(): number {
    return PROBLEMS[this.code].status;
  }
}
