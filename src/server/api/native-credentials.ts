/** How the native API finds a key and a site in a request, and what its refusals look like. */
import { PROBLEMS, type Problem } from '../../core/problem.ts';
import type { Asking, Refusal } from './dialect.ts';

/** `Authorization: Bearer gp_…`; the scheme in any case. */
export function bearerKey({ headers }: Asking): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}

/** The path's `:site`. */
export function siteInPath({ params }: Asking): string | undefined {
  return params.site;
}

/** `{"error":{"code","message","field"?,"docs"}}`. */
export function refuseNatively(problem: Problem): Refusal {
  const { code, message, field } = problem;
  const docs = `/api/docs#${code}`;
  const headers: Record<string, string> = code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {};
  return {
    status: PROBLEMS[code].status,
    headers,
    body: { error: field === undefined ? { code, message, docs } : { code, message, field, docs } },
  };
}
