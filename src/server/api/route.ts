/** How routes are written down, and the defaults they share. */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import type { Scope } from '../goals/key-request.ts';
import type { Answer, Call, Method, Route } from './dialect.ts';

/** Most bytes of a body where a route does not say otherwise. */
export const BODY_BYTES = 1_048_576;

/** Queries and parameters that are not named are refused, so that a typo never silently changes an answer. */
export const NOTHING = Type.Object({}, { additionalProperties: false });

/** What a route must say, and what it may. */
export interface RouteSketch<P extends TSchema, Q extends TSchema, B extends TSchema> {
  method: Method;
  path: string;
  scope: Scope | null;
  summary: string;
  tag: string;
  answers: Readonly<Record<number, TSchema | null>>;
  /** Absent: the path's `:names`, each a string. */
  params?: P;
  /** Absent: no query parameter is known. */
  query?: Q;
  /** Absent: the body is ignored. */
  body?: B;
  /** Absent: where a body is read, there must be one. */
  empty_body?: boolean;
  body_bytes?: number;
  /** Absent: bodies are JSON. */
  forms?: boolean;
  /** Absent: whether the path has `:site`. */
  site?: boolean;
  /** Absent: share links may not ask this. */
  shared?: boolean;
  run(call: Call<Static<P>, Static<Q>, Static<B>>): Promise<Answer>;
}

type NamesIn<T extends string> = T extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesIn<`/${Rest}`>
  : T extends `${string}:${infer Name}`
    ? Name
    : never;

/** Parameters of a path, each a string. */
export function pathParams<T extends string>(path: T) {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1] as NamesIn<T>);
  const members = Object.fromEntries(names.map((name) => [name, Type.String({ minLength: 1, maxLength: 500 })]));
  return Type.Object(members as Record<NamesIn<T>, ReturnType<typeof Type.String>>, { additionalProperties: false });
}

/** Completes a route. The cast forgets the types of its parts, which the schemas check at run time. */
export function defineRoute<
  P extends TSchema = ReturnType<typeof pathParams<string>>,
  Q extends TSchema = typeof NOTHING,
  B extends TSchema = TSchema,
>(sketch: RouteSketch<P, Q, B>): Route {
  const route = {
    ...sketch,
    params: sketch.params ?? pathParams(sketch.path),
    query: sketch.query ?? NOTHING,
    body: sketch.body ?? null,
    empty_body: sketch.empty_body ?? false,
    body_bytes: sketch.body_bytes ?? BODY_BYTES,
    forms: sketch.forms ?? false,
    shared: sketch.shared ?? false,
    site: sketch.site ?? sketch.path.includes('/:site'),
  };
  return route as unknown as Route;
}

/** 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** 201 with a body and where to find it. */
export function created(body: unknown, location: string): Answer {
  return { status: 201, body, headers: { location } };
}

/** 204. */
export const GONE: Answer = { status: 204 };
