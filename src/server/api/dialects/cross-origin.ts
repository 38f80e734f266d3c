/** What lets pages of any origin send events to a route and read its answer. */
import { Type } from '@sinclair/typebox';
import type { Dialect, Route } from '../dialect.ts';
import { defineRoute } from '../route.ts';
import { LOOSE } from './dialect-request.ts';

const ANYONE = { 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' };
const READABLE = 'x-plausible-dropped, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset, retry-after';

/** Headers of every answer of such a route, refusals too. */
export const CROSS_ORIGIN = { ...ANYONE, 'access-control-expose-headers': READABLE };

/** Answers a browser's question before it sends what is no simple request. */
export function preflightRoute(path: string, tag: string): Route {
  return defineRoute({
    method: 'OPTIONS',
    path,
    scope: null,
    site: false,
    tag,
    summary: 'Lets pages of any origin send events.',
    query: LOOSE,
    params: Type.Object({}),
    answers: { 204: null },
    run: async () => ({
      status: 204,
      headers: {
        ...ANYONE,
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': 'content-type, authorization',
        'access-control-max-age': '86400',
      },
    }),
  });
}

/** The same refusals, readable by pages of any origin. */
export const refuseAnyone =
  (refuse: Dialect['refuse']): Dialect['refuse'] =>
  (problem) => {
    const refusal = refuse(problem);
    return { ...refusal, headers: { ...refusal.headers, ...CROSS_ORIGIN } };
  };
