/** People at the API: their login's cookie, what their role permits, and the guard against forged requests. */
import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../../core/problem.ts';
import type { Role } from '../goals/account-request.ts';
import { SCOPES, type Scope } from '../goals/key-request.ts';
import type { WebSession } from '../goals/web-sessions.ts';
import type { Backend } from './backend.ts';
import type { Asking } from './dialect.ts';
import type { Principal } from './principal.ts';

const COOKIE = 'goalpost_session';
/** Header that repeats the login's token: other sites can make a browser send the cookie, but not this. */
export const CSRF_HEADER = 'x-csrf-token';

/** An owner does everything, an editor everything about goals, a viewer looks. */
const ROLE_SCOPES: Readonly<Record<Role, readonly Scope[]>> = {
  owner: SCOPES,
  editor: ['goals:read', 'goals:write', 'stats:read'],
  viewer: ['goals:read', 'stats:read'],
};

/** The value of the login's cookie. */
export function sessionToken({ cookie = '' }: IncomingHttpHeaders): string | undefined {
  return new RegExp(`(?:^|; *)${COOKIE}=([0-9a-z]{1,100})(?:;|$)`).exec(cookie)?.[1];
}

/** Sets the cookie; `Secure` where the dashboard is reached by TLS. */
export function loginCookie(token: string, { expires_at, base_url }: { expires_at: number; base_url: string }): string {
  const secure = base_url.startsWith('https:') ? '; Secure' : '';
  return `${COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax; Expires=${new Date(expires_at).toUTCString()}${secure}`;
}

/** Takes the cookie away. */
export const LOGOUT_COOKIE = `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;

/** The login of a request, if it has one that is alive. */
export async function sessionOf(backend: Backend, headers: IncomingHttpHeaders): Promise<WebSession | undefined> {
  const token = sessionToken(headers);
  return token === undefined ? undefined : backend.webSessions.find(token);
}

/** Throws `forbidden` unless the request repeats its login's token. */
export function checkCsrf(session: WebSession, headers: IncomingHttpHeaders): void {
  if (headers[CSRF_HEADER] !== session.csrf_token) {
    throw new Problem('forbidden', 'The token against forged requests is missing or old; load the page again.');
  }
}

/** Throws `forbidden` for a request that another site's page made: nobody is logged in behind their back. */
export function refuseForeignPages(headers: IncomingHttpHeaders): void {
  if (headers['sec-fetch-site'] === 'cross-site') {
    throw new Problem('forbidden', 'Logins are made from the dashboard itself, not from other sites.');
  }
}

/** Whoever is logged in. Throws `forbidden` for a change without the token. */
export async function principalOfPerson(
  backend: Backend,
  { method, headers }: Pick<Asking, 'method' | 'headers'>,
): Promise<Principal | undefined> {
  const session = await sessionOf(backend, headers);
  if (session === undefined) return undefined;
  if (method !== 'GET' && method !== 'HEAD') checkCsrf(session, headers);
  return { actor: `user:${session.member.id}`, site_id: null, scopes: ROLE_SCOPES[session.member.role] };
}
