/** What several dialects read of a request in the same way: keys in headers, loose bodies, the site of a call. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../../core/problem.ts';
import type { Site } from '../../../core/site.ts';
import type { Scope } from '../../goals/key-request.ts';
import type { Answer, Asking, Call, Method, Route } from '../dialect.ts';
import { defineRoute } from '../route.ts';

/** Bodies and queries that the dialect reads itself, so that refusals are the product's own. */
export const LOOSE = Type.Object({}, { additionalProperties: true });
/** A body of any JSON kind. */
export const ANY_BODY = Type.Unknown();

/** A JSON object as a request may send it. */
export type Fields = Record<string, unknown>;
/** A call whose parts are read by the dialect itself. */
export type LooseCall = Call<Record<string, string>, Fields, unknown>;

/** What a route of a dialect must say; its requests are read by the dialect. */
export interface LooseRoute {
  method: Method;
  path: string;
  scope: Scope | null;
  tag: string;
  summary: string;
  /** Status of a successful answer; default 200, and 204 has no body. */
  status?: number;
  /** Whether a body is read; default: of every method but GET. */
  body?: 'read' | 'ignored';
  /** Whether the request is about one site; default true. */
  about?: 'site' | 'account';
  /** Most bytes of a body, where the product has its own limit. */
  body_bytes?: number;
  /** Whether the body may be a form too. */
  forms?: boolean;
  run(call: LooseCall): Promise<Answer>;
}

/** Completes a route of a dialect. */
export function looseRoute({ status = 200, body, about = 'site', run, ...rest }: LooseRoute): Route {
  const reads = (body ?? (rest.method === 'GET' ? 'ignored' : 'read')) === 'read';
  return defineRoute({
    ...rest,
    site: about === 'site',
    query: LOOSE,
    ...(reads ? { body: ANY_BODY } : {}),
    answers: { [status]: status === 204 ? null : LOOSE },
    run: (call) => run(call as LooseCall),
  });
}

/** Whether a value is a JSON object. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The body as an object. Throws `invalid_body`. */
export function fieldsOf(body: unknown): Fields {
  if (isFields(body)) return body;
  throw new Problem('invalid_body', 'The body must be a JSON object.');
}

/** The call's site; routes with `site: true` always have one. */
export function siteOfCall({ site }: LooseCall): Site {
  if (site === undefined) throw new Problem('unknown_site', 'There is no such site.');
  return site;
}

/** Who writes, for the audit log. */
export const originOf = ({ principal }: LooseCall) => ({ origin: principal.actor });

/** `Authorization: <scheme> <key>`, the scheme in any case. */
export function keyOfScheme({ headers }: Asking, scheme: string): string | undefined {
  const [given, key, ...rest] = (headers.authorization ?? '').trim().split(/ +/);
  return given?.toLowerCase() === scheme.toLowerCase() && rest.length === 0 ? key : undefined;
}

/** User and password of `Authorization: Basic`. */
export function basicOf(asking: Asking): { user: string; password: string } | undefined {
  const encoded = keyOfScheme(asking, 'Basic');
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** A header that holds the key itself. */
export function keyOfHeader({ headers }: Asking, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** The first value of a query parameter. */
export function queryText(query: Readonly<Fields>, name: string): string | undefined {
  const value = query[name];
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === 'string' ? first : undefined;
}

/** A whole number in the query, clamped; the default when it is absent or no number. */
export function queryCount(
  query: Readonly<Fields>,
  name: string,
  range: { min: number; max: number; otherwise: number },
) {
  const number = Number(queryText(query, name) ?? Number.NaN);
  return Number.isInteger(number) ? Math.min(range.max, Math.max(range.min, number)) : range.otherwise;
}
