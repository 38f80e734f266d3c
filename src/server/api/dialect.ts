/** A dialect: one API on the goal model. Routes are data, so that tests and the OpenAPI document know every one of them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Static, TSchema } from '@sinclair/typebox';
import type { Problem } from '../../core/problem.ts';
import type { Site } from '../../core/site.ts';
import type { Scope } from '../goals/key-request.ts';
import type { Backend } from './backend.ts';
import type { Principal } from './principal.ts';

/** What of a request may be looked at before anybody is known: enough to find a key and a site in it. */
export interface Asking {
  method: string;
  /** Path without the query. */
  path: string;
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, unknown>>;
  headers: IncomingHttpHeaders;
  /** Parsed JSON, or the fields of a form; undefined when the body was empty. */
  body: unknown;
}

/** An authorised request whose parts have the shapes that the route's schemas promise. */
export interface Call<P = unknown, Q = unknown, B = unknown> {
  backend: Backend;
  principal: Principal;
  /** The site the request is about; routes with `site: false` have none. */
  site: Site | undefined;
  params: P;
  query: Q;
  body: B;
  headers: IncomingHttpHeaders;
  /** Base URL under which the client reached this server, without a trailing slash. */
  base_url: string;
  /** Path without the query. */
  path: string;
  /** The client's address after trusted proxies. */
  address: string;
}

/** What a route answers. A string is sent as it is, a stream is piped, anything else becomes JSON. */
export interface Answer {
  status: number;
  body?: unknown | Readable;
  headers?: Record<string, string | string[]>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';

/** One route of a dialect. */
export interface Route<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema> {
  method: Method;
  /** With `:name` for parameters. */
  path: string;
  /** The scope a key must have; null: no key is asked for. */
  scope: Scope | null;
  /** Whether a share link may ask this: statistics, and what is needed to name them. */
  shared: boolean;
  /** Whether the request is about one site, which the dialect's `siteRef` finds. */
  site: boolean;
  /** One sentence in the present tense for the reference. */
  summary: string;
  /** Heading in the reference. */
  tag: string;
  params: P;
  query: Q;
  /** Schema of the body; null: any body is ignored. */
  body: B | null;
  /** Whether no body at all is as good as `{}`. */
  empty_body: boolean;
  /** Most bytes of a body. */
  body_bytes: number;
  /** Whether the body may be a form too, as `curl -F` and `curl -d` send it: its fields are the members, all text. */
  forms: boolean;
  /** Schema of a successful answer by status; null has no body. */
  answers: Readonly<Record<number, TSchema | null>>;
  run(call: Call<Static<P>, Static<Q>, Static<B>>): Promise<Answer>;
}

/** A problem in the words and the shape of a dialect. */
export interface Refusal {
  status: number;
  headers: Record<string, string>;
  body: unknown;
}

/** One API. It has no state, no clock and no store of its own. */
export interface Dialect {
  name: string;
  /** Paths whose errors have this dialect's shape; the longest prefix wins. */
  prefixes: readonly string[];
  routes: readonly Route[];
  /** The key as this product's clients send it; undefined: none was sent. */
  credentials(asking: Asking): string | undefined;
  /** Id, public key or domain of the site a request is about, or the principal's own; undefined: nothing says it. */
  siteRef(asking: Asking, principal: Principal): string | undefined;
  refuse(problem: Problem): Refusal;
}
