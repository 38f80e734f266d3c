/** The dashboard's only way to data: the native API over HTTP, with the login's cookie. */

/** An error as the API tells it. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** Path of the field at fault, e.g. `trigger.url.value`; '' when no field is. */
  readonly field: string;

  constructor(status: number, problem: { code: string; message: string; field?: string }) {
    super(problem.message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = problem.code;
    this.field = problem.field ?? '';
  }
}

/** One request. */
export interface ApiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

let csrfToken = '';
let shareToken: string | null = null;
let onLoggedOut: () => void = () => {};

/** Remembers the token that every change must repeat; null forgets it. */
export function rememberCsrfToken(token: string | null): void {
  csrfToken = token ?? '';
}

/** Sends a share link's secret with every request, instead of what a login may do; null stops that. */
export function presentShareToken(token: string | null): void {
  shareToken = token;
}

/** Says what happens when the API no longer knows the login. */
export function whenLoggedOut(listener: () => void): void {
  onLoggedOut = listener;
}

/** The JSON of an answer. Throws ApiProblem; a dead network is one too, with status 0. */
export async function request<T>(path: string, asked: ApiRequest = {}): Promise<T> {
  const text = await requestText(path, asked);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** The text of an answer. Throws as `request` does. */
export async function requestText(
  path: string,
  { method = 'GET', body, headers = {}, signal }: ApiRequest = {},
): Promise<string> {
  const all: Record<string, string> = { accept: 'application/json', ...headers };
  if (shareToken !== null) all.authorization = `Bearer ${shareToken}`;
  if (method !== 'GET') all['x-csrf-token'] = csrfToken;
  if (body !== undefined) all['content-type'] = 'application/json';
  const response = await fetch(path, {
    method,
    headers: all,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem(0, {
      code: 'offline',
      message: 'The server cannot be reached. Check the connection and try again.',
    });
  });
  const text = await response.text();
  if (response.ok) return text;
  const problem = problemOf(response.status, text);
  if (problem.code === 'unauthorized' && !path.startsWith('/api/account')) onLoggedOut();
  throw problem;
}

function problemOf(status: number, text: string): ApiProblem {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; field?: string } };
    return new ApiProblem(status, error);
  } catch {
    return new ApiProblem(status, { code: 'internal', message: `The server answered ${status}.` });
  }
}

/** `/api/sites/<site>` and what follows, each part escaped. */
export function sitePath(site: string, ...parts: string[]): string {
  return ['/api/sites', ...[site, ...parts].map(encodeURIComponent)].join('/');
}
