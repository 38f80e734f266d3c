/** Native routes of people: who is logged in, set-up, invitations, login, logout, members. */
import { Type } from '@sinclair/typebox';
import { Problem } from '../../core/problem.ts';
import { ROLES } from '../goals/account-request.ts';
import type { WebSession } from '../goals/web-sessions.ts';
import {
  checkCsrf,
  LOGOUT_COOKIE,
  loginCookie,
  refuseForeignPages,
  sessionOf,
  sessionToken,
} from './account-session.ts';
import type { Answer, Call, Route } from './dialect.ts';
import { choice } from './goal-schema.ts';
import { requireAccount } from './native-sites.ts';
import { defineRoute, GONE, ok } from './route.ts';

const tag = 'People';
/** Nobody has to be logged in yet. */
const forAnybody = { scope: null, tag } as const;
const closed = { additionalProperties: false };
const text = Type.String({ maxLength: 1_000 });

const MemberSchema = Type.Object({
  id: Type.String(),
  email: Type.String(),
  name: Type.String(),
  role: choice(ROLES),
  created_at: Type.Integer(),
});
const AccountSchema = Type.Object({
  member: Type.Union([MemberSchema, Type.Null()], { description: 'null: nobody is logged in.' }),
  csrf_token: Type.Union([Type.String(), Type.Null()], { description: 'Sent back as X-CSRF-Token with every change.' }),
  needs_setup: Type.Boolean({ description: 'true until the first owner has used the set-up link.' }),
});

function accountOf({ member, csrf_token }: WebSession) {
  return { member, csrf_token, needs_setup: false };
}

/** A login as it is answered; its secret stands in the cookie alone. */
function loggedIn(call: Call, session: WebSession & { token: string }, status = 200): Answer {
  const cookie = loginCookie(session.token, { expires_at: session.expires_at, base_url: call.base_url });
  return { status, body: accountOf(session), headers: { 'set-cookie': cookie } };
}

const ACCOUNT_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/account',
    ...forAnybody,
    summary: 'Says who is logged in.',
    answers: { 200: AccountSchema },
    async run({ backend, headers }) {
      const session = await sessionOf(backend, headers);
      if (session !== undefined) return ok(accountOf(session));
      const needs_setup = (await backend.accounts.list()).length === 0;
      return ok({ member: null, csrf_token: null, needs_setup });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/account/join',
    ...forAnybody,
    summary: 'Makes a member of whoever has a set-up or invitation token, and logs in.',
    body: Type.Object({ token: text, email: Type.Optional(text), name: Type.Optional(text), password: text }, closed),
    answers: { 201: AccountSchema },
    async run(call) {
      refuseForeignPages(call.headers);
      const member = await call.backend.accounts.join(call.body);
      return loggedIn(call, await call.backend.webSessions.open(member), 201);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/account/login',
    ...forAnybody,
    summary: 'Logs in with address and password; too many wrong passwords have to wait.',
    body: Type.Object({ email: text, password: text }, closed),
    answers: { 200: AccountSchema },
    async run(call) {
      refuseForeignPages(call.headers);
      return loggedIn(call, await call.backend.webSessions.login(call.body.email, call.body.password));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/account/password',
    ...forAnybody,
    summary: 'Changes the password of whoever is logged in; every other login of theirs ends.',
    body: Type.Object({ current: text, password: text }, closed),
    answers: { 200: AccountSchema },
    async run(call) {
      const session = await sessionOf(call.backend, call.headers);
      if (session === undefined) throw new Problem('unauthorized', 'Nobody is logged in.');
      checkCsrf(session, call.headers);
      const { current, password: wanted } = call.body;
      return loggedIn(call, await call.backend.webSessions.changePassword(session.member, { current, wanted }));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/account/logout',
    ...forAnybody,
    summary: 'Ends the login of the cookie.',
    answers: { 204: null },
    async run({ backend, headers }) {
      const session = await sessionOf(backend, headers);
      const token = sessionToken(headers);
      if (session !== undefined && token !== undefined) {
        checkCsrf(session, headers);
        await backend.webSessions.logout(token);
      }
      return { ...GONE, headers: { 'set-cookie': LOGOUT_COOKIE } };
    },
  }),
];

const MEMBER_ROUTES: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/api/members',
    scope: 'admin',
    tag,
    summary: 'Lists members, oldest first. Needs an owner or a key of the account.',
    answers: { 200: Type.Object({ members: Type.Array(MemberSchema), next: Type.Null() }) },
    async run(call) {
      requireAccount(call);
      return ok({ members: await call.backend.accounts.list(), next: null });
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/api/members/invitations',
    scope: 'admin',
    tag,
    summary: 'Invites somebody; the link works once, within a week.',
    body: Type.Object({ email: text, role: choice(ROLES) }, closed),
    answers: { 201: Type.Object({ url: Type.String(), expires_at: Type.Integer() }) },
    async run(call) {
      requireAccount(call);
      const origin = { origin: call.principal.actor };
      const { token, expires_at } = await call.backend.accounts.invite(call.body, origin);
      return { status: 201, body: { url: `${call.base_url}/join?token=${token}`, expires_at } };
    },
  }),
  defineRoute({
    method: 'PATCH',
    path: '/api/members/:member',
    scope: 'admin',
    tag,
    summary: "Changes a member's role.",
    body: Type.Object({ role: choice(ROLES) }, closed),
    answers: { 200: MemberSchema },
    async run(call) {
      requireAccount(call);
      const { member } = call.params as { member: string };
      return ok(await call.backend.accounts.setRole(member, call.body.role, { origin: call.principal.actor }));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/api/members/:member',
    scope: 'admin',
    tag,
    summary: 'Removes a member with all logins.',
    answers: { 204: null },
    async run(call) {
      requireAccount(call);
      const { member } = call.params as { member: string };
      await call.backend.accounts.remove(member, { origin: call.principal.actor });
      return GONE;
    },
  }),
];

/** Every route about people. */
export const PEOPLE_ROUTES: readonly Route[] = [...ACCOUNT_ROUTES, ...MEMBER_ROUTES];
