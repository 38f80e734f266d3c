/** Refusals in Sparklytics' shape: `{"error":{"code","message","field"}}`, with `field` always present. */
import { ADDRESS_EVENTS_AT_ONCE } from '../../../core/limits.ts';
import { PROBLEMS, type Problem, type ProblemCode } from '../../../core/problem.ts';
import type { Refusal } from '../dialect.ts';

/** Its names for problems, whatever code they have here. */
const CODES: Partial<Record<ProblemCode, { status: number; code: string; message?: string; field?: string }>> = {
  invalid_field: { status: 422, code: 'validation_error' },
  invalid_parameter: { status: 400, code: 'validation_error' },
  invalid_body: { status: 400, code: 'validation_error' },
  duplicate_name: {
    status: 422,
    code: 'duplicate_name',
    message: 'goal name already exists for this website',
    field: 'name',
  },
  limit_reached: {
    status: 422,
    code: 'limit_exceeded',
    message: 'maximum of 50 goals per website reached',
    field: 'goals',
  },
  unknown_goal: { status: 404, code: 'not_found', message: 'Goal not found' },
  unknown_site: { status: 404, code: 'not_found', message: 'Website not found' },
  too_large: { status: 400, code: 'payload_too_large' },
};

/** What a client that sends too fast is told of the limit. */
function limitHeaders({ code, retry_after_s = 1 }: Problem): Record<string, string> {
  if (code !== 'rate_limited') return {};
  return {
    'x-ratelimit-limit': String(ADDRESS_EVENTS_AT_ONCE),
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(retry_after_s),
  };
}

/** A problem as Sparklytics says it. Too many events at once are a problem of the field `events`. */
export function refuseAsSparklytics(problem: Problem): Refusal {
  const known = CODES[problem.code];
  const batch = problem.code === 'too_large' && problem.field === 'events';
  return {
    status: known?.status ?? PROBLEMS[problem.code].status,
    headers: limitHeaders(problem),
    body: {
      error: {
        code: batch ? 'batch_too_large' : (known?.code ?? problem.code),
        message: known?.message ?? problem.message,
        field: known?.field ?? problem.field ?? null,
      },
    },
  };
}
